"""Why the food cost of a menu changed: purchase prices, menu prices, discounts, or what guests chose.

Food cost F = Σc·U ÷ Σp·U over dishes, with c the recipe cost of a unit and p what a guest paid for it. Between two
periods, with w a dish's share of revenue and f = c ÷ p its own food cost:

    ΔF = Σ Δw·(f̄ − F̄)  +  Σ w̄·Δf          (bars are means of the two periods)
         demand              each dish

and within a dish f = c · (1 ÷ g) · (1 ÷ a), where g is the menu price before discounts and a the part of it that
discounts leave; Δf falls into the effects of c (purchase), g (menu prices) and a (discounts) by Shapley's formula,
which knows no order. Everything is a fraction, so the parts sum to the whole to the last digit.

A dish that sold in one period only has no Δf of its own: it is new demand or demand that went away.

Source: Shapley, L. S. (1953), A value for n-person games; the split into structure and rate is the midpoint form of
index numbers. The three reasons are those of MOZG's rating of categories: incoming prices, guests' demand, loyalty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from mozg.analysis.menu.exact import ZERO, exacts, known_sum

PARTS = ("purchase", "menu_price", "discount", "demand", "other")
_COLUMNS = ("costed_units", "costed_gross", "costed_net", "cost")


@dataclass(frozen=True)
class Lines:
    """What was sold of one dish in one period, of lines whose cost is known: units, and money before and after
    discounts.
    """  # fmt: skip

    units: Fraction
    gross: Fraction
    net: Fraction
    cost: Fraction

    @property
    def whole(self) -> bool:
        """Whether a price and a cost of a unit can be told."""
        return self.units > 0 and self.gross > 0 and self.net > 0


@dataclass(frozen=True)
class Split:
    """A change of food cost and its parts, as ratios: 0.01 is one point."""

    before: Fraction | None
    now: Fraction | None
    purchase: Fraction = ZERO
    menu_price: Fraction = ZERO
    discount: Fraction = ZERO
    demand: Fraction = ZERO
    other: Fraction = ZERO

    @property
    def change(self) -> Fraction | None:
        """Now − before; the parts sum to it exactly."""
        return None if self.now is None or self.before is None else self.now - self.before


def split(dishes: pd.DataFrame) -> Split:
    """Return the split of the food cost of all ``dishes`` together.

    One row per dish; the columns ``costed_units``, ``costed_gross``, ``costed_net`` and ``cost`` and the same with
    ``_before``. ``other`` is the part of what has a cost and no price: given away, or sold without units.
    """
    before, now, parts = _told(dishes)
    return Split(before, now, *(known_sum(part[at] for part in parts) for at in range(len(PARTS))))


def by_dish(dishes: pd.DataFrame) -> pd.DataFrame:
    """Return `PARTS` of each dish in the change of the food cost of all ``dishes`` together, and their sum, ``effect``.

    Floats, one row per row of ``dishes`` and beside it; missing where the change is. Over dishes they sum to `split`.
    """
    *_, parts = _told(dishes)
    rows = [[float(cell) for cell in (*part, sum(part, ZERO))] for part in parts]
    return pd.DataFrame(rows or None, dishes.index, [*PARTS, "effect"], dtype=float)


def by_group(dishes: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return one row per ``group`` with ``food_cost``, ``food_cost_before``, ``change`` and `PARTS`, as floats."""
    rows = [(name, *as_row(split(part))) for name, part in dishes.groupby(group, sort=False)]
    columns = [group, "food_cost_before", "food_cost", "change", *PARTS]
    return pd.DataFrame(rows, columns=columns)


def as_row(found: Split) -> list[float | None]:
    """Return before, now, the change and its parts as floats."""
    parts = (getattr(found, name) if found.change is not None else None for name in PARTS)
    cells = [found.before, found.now, found.change, *parts]
    return [None if cell is None else float(cell) for cell in cells]


def food_cost(lines: Iterable[Lines]) -> Fraction | None:
    """Return Σcost ÷ Σrevenue, missing without revenue."""
    listed = list(lines)
    net = known_sum(one.net for one in listed)
    return known_sum(one.cost for one in listed) / net if net > 0 else None


def _told(dishes: pd.DataFrame) -> tuple[Fraction | None, Fraction | None, list[tuple[Fraction, ...]]]:
    """Return the food cost before and now, and each dish's parts of the change; none where it is not known."""
    pairs = list(zip(_lines(dishes, "_before"), _lines(dishes, ""), strict=True))
    old, new = [one for one, _ in pairs], [other for _, other in pairs]
    before, now = food_cost(old), food_cost(new)
    if before is None or now is None:
        return before, now, []
    sums = known_sum(one.net for one in old), known_sum(one.net for one in new)
    return before, now, [_of_dish(one, other, sums, (before + now) / 2) for one, other in pairs]


def _lines(dishes: pd.DataFrame, suffix: str) -> list[Lines]:
    columns = [exacts(dishes[name + suffix]) for name in _COLUMNS]
    return [Lines(*(cell or ZERO for cell in cells)) for cells in zip(*columns, strict=True)]


def _of_dish(old: Lines, new: Lines, sums: tuple[Fraction, Fraction], mean: Fraction) -> tuple[Fraction, ...]:
    """Return the dish's parts in the order of `PARTS`."""
    shares = old.net / sums[0], new.net / sums[1]
    of_old, of_new = _own(old, new), _own(new, old)
    demand = (shares[1] - shares[0]) * ((of_old + of_new) / 2 - mean)
    weight = (shares[0] + shares[1]) / 2
    effects = _shapley(_factors(old), _factors(new)) if old.whole and new.whole else [ZERO] * 3
    told = [weight * effect for effect in effects]
    whole = new.cost / sums[1] - old.cost / sums[0]
    return (*told, demand, whole - sum(told) - (shares[1] - shares[0]) * (of_old + of_new) / 2)


def _own(lines: Lines, other: Lines) -> Fraction:
    """Return a dish's food cost, of its other period where it has none in this."""
    for one in (lines, other):
        if one.net:
            return one.cost / one.net
    return ZERO


def _factors(lines: Lines) -> tuple[Fraction, Fraction, Fraction]:
    return lines.cost / lines.units, lines.units / lines.gross, lines.gross / lines.net


def _shapley(old: tuple[Fraction, ...], new: tuple[Fraction, ...]) -> list[Fraction]:
    """Return the effect of each of three factors on their product; the three sum to its change."""
    effects = []
    for at in range(3):
        (b0, b1), (c0, c1) = [(old[other], new[other]) for other in range(3) if other != at]
        effects.append((new[at] - old[at]) * (2 * b0 * c0 + b0 * c1 + b1 * c0 + 2 * b1 * c1) / 6)
    return effects
