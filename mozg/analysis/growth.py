"""The growth of a chain: what comparable venues grew, and what opening and closing venues added."""

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from mozg.analysis.change import number

Kind = str
COMPARABLE, OPENED, CLOSED = "comparable", "opened", "closed"


@dataclass(frozen=True)
class Growth:
    """The change of a metric of the whole chain, exactly divided: ``comparable + opened + closed = whole``.

    ``base`` is what comparable venues had before, ``all_before`` what all had.
    """

    comparable: Decimal
    opened: Decimal
    closed: Decimal
    base: Decimal
    all_before: Decimal

    @property
    def whole(self) -> Decimal:
        """The change of all venues together."""
        return self.comparable + self.opened + self.closed

    @property
    def like_for_like(self) -> float | None:
        """The relative growth of comparable venues, missing where they had nothing before."""
        return float(self.comparable / self.base) if self.base > 0 else None

    @property
    def total(self) -> float | None:
        """The relative growth of all venues, missing where they had nothing before."""
        return float(self.whole / self.all_before) if self.all_before > 0 else None


def with_kinds(venues: pd.DataFrame, comparable: set[str], metric: str = "revenue") -> pd.DataFrame:
    """Return ``venues`` (columns ``venue``, ``<metric>`` and ``<metric>_before``) with ``kind`` and ``difference``.

    A venue that is not comparable is *closed* if it has nothing now, else *opened*: it was not open all the time that
    is compared with.
    """
    now = [number(value) for value in venues[metric]]
    before = [number(value) for value in venues[metric + "_before"]]
    kinds = [
        COMPARABLE if name in comparable else CLOSED if not value else OPENED
        for name, value in zip(venues["venue"], now, strict=True)
    ]
    differences = [_exact(a) - _exact(b) for a, b in zip(now, before, strict=True)]
    return venues.assign(kind=kinds, difference=pd.Series(differences, dtype=object, index=venues.index))


def growth(venues: pd.DataFrame, metric: str = "revenue") -> Growth:
    """Return how the change of all venues divides; ``venues`` is what `with_kinds` returns."""
    parts = {kind: venues.loc[venues["kind"] == kind, "difference"] for kind in (COMPARABLE, OPENED, CLOSED)}
    sums = {kind: sum(map(_exact, values), Decimal(0)) for kind, values in parts.items()}
    before = {
        kind: sum(map(_exact, venues.loc[venues["kind"] == kind, metric + "_before"]), Decimal(0)) for kind in parts
    }
    return Growth(**sums, base=before[COMPARABLE], all_before=sum(before.values(), Decimal(0)))


def _exact(value: object) -> Decimal:
    known = number(value)
    return Decimal(0) if known is None else Decimal(str(known))
