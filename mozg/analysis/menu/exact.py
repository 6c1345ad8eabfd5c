"""Cells of a frame as exact numbers. A comparison with a border must not hang on the last bit of a float."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from mozg.analysis.change import number

ZERO = Fraction(0)


def exact(value: Any) -> Fraction | None:
    """Return a cell as a fraction, missing as None; a float means the shortest decimal that is written like it."""
    known = number(value)
    if known is None:
        return None
    return Fraction(Decimal(str(known))) if isinstance(known, float) else Fraction(known)


def exacts(column: Iterable[Any]) -> list[Fraction | None]:
    """Return a column's cells as `exact` gives them."""
    return [exact(value) for value in column]


def ratio(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    """Return ``part ÷ whole``, missing where either is missing or the whole is zero."""
    return None if part is None or not whole else part / whole


def known_sum(values: Iterable[Fraction | None]) -> Fraction:
    """Return the sum of what is known."""
    return sum((value for value in values if value is not None), ZERO)


def floats(values: Iterable[Fraction | float | None], frame: pd.DataFrame) -> pd.Series:
    """Return numbers as a column of floats beside those of ``frame``, missing as NaN."""
    return pd.Series([None if value is None else float(value) for value in values], frame.index, dtype=float)
