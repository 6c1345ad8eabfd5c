"""ABC: which dishes bring most of the quantity, of the revenue and of the gross margin.

Dishes are taken from the largest value down. A dish is A as long as what came *before* it is less than the first
border, B up to the second, else C; so the dish that crosses a border keeps the better letter, and one dish that brings
85 % of everything is an A. Dishes with equal values have the same letter, whatever the order of rows.

Source: Dickie, H. F. (1951), ABC inventory analysis shoots for dollars, not pennies; three letters per dish as
restaurants use them (quantity, revenue, margin: Syrve, iiko). Borders differ between houses (80/95 in textbooks,
50/80 in some restaurants), so they are settings.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from mozg.analysis.menu.exact import ZERO, exacts, known_sum

#: Per cent of the whole that A brings, and that A and B bring together.
BORDERS = (80, 95)
#: What a dish is judged by: the letter's name → the frame's column.
CRITERIA = {"quantity": "units", "revenue": "revenue", "margin": "margin"}
UNKNOWN = "–"


def letters(values: Iterable[Any], borders: Sequence[int] = BORDERS) -> list[str | None]:
    """Return the letter of each value; missing has none, and what is not above zero is C."""
    known = exacts(values)
    whole = known_sum(value for value in known if value is not None and value > 0)
    before = _before(Counter(value for value in known if value is not None))
    return [None if value is None else _letter(value, before[value], whole, borders) for value in known]


def abc(
    dishes: pd.DataFrame, borders: Sequence[int] = BORDERS, *, within: str | None = None,
    criteria: Mapping[str, str] = CRITERIA,
) -> pd.DataFrame:  # fmt: skip
    """Return ``dishes`` with a column ``<name>_letter`` for each of ``criteria`` and all of them as ``letters``.

    Letters are given among all dishes, or among those that have the same value in the column ``within``. A letter
    that cannot be known (no cost, so no margin) is missing, and stands in ``letters`` as a dash.
    """
    parts = [part for _, part in dishes.groupby(within, sort=False, dropna=False)] if within else [dishes]
    none = pd.Series(dtype=object)
    judged = {
        f"{name}_letter": pd.concat([none, *(_column(part, column, borders) for part in parts)])
        for name, column in criteria.items()
    }
    result = dishes.assign(**judged)
    spelled = ["".join(UNKNOWN if pd.isna(one) else one for one in row) for row in result[list(judged)].to_numpy()]
    return result.assign(letters=pd.Series(spelled, index=result.index, dtype=object))


def classes(dishes: pd.DataFrame, letter: str, amount: str) -> pd.DataFrame:
    """Return one row per value of the column ``letter``: ``dishes`` (how many), ``amount`` (their sum), ``share``.

    Dishes without a letter are left out; ``share`` is the sum ÷ the sum of all that have one.
    """
    known = dishes.dropna(subset=[letter])
    rows = [(name, len(part), part[amount].sum()) for name, part in known.groupby(letter)]
    whole = sum(amount_ for *_, amount_ in rows)
    shares = [float(amount_) / float(whole) if whole else None for *_, amount_ in rows]
    return pd.DataFrame(rows, columns=[letter, "dishes", amount]).assign(share=pd.Series(shares, dtype=object))


def _column(part: pd.DataFrame, column: str, borders: Sequence[int]) -> pd.Series:
    return pd.Series(letters(part[column], borders), index=part.index, dtype=object)


def _before(counted: Counter[Fraction]) -> dict[Fraction, Fraction]:
    """Return for each value the sum of all that are larger."""
    sums, so_far = {}, ZERO
    for value in sorted(counted, reverse=True):
        sums[value] = so_far
        so_far += max(value, ZERO) * counted[value]
    return sums


def _letter(value: Fraction, before: Fraction, whole: Fraction, borders: Sequence[int]) -> str:
    first, second = borders
    if value <= 0 or before * 100 >= whole * second:
        return "C"
    return "A" if before * 100 < whole * first else "B"
