"""Why the revenue of a dish changed: its price, its volume, or because it is new or gone.

Source: the two-factor split of a value index with the volume weighted by old prices (Laspeyres) and the price by new
volumes (Paasche), as in any textbook of index numbers; it leaves no remainder.
"""

from decimal import Decimal
from typing import Any

import pandas as pd

from mozg.analysis.change import number

CENT = Decimal("0.01")


def movements(dishes: pd.DataFrame, name: str = "dish") -> pd.DataFrame:
    """Return each dish's change of revenue and its parts, the largest rise first.

    ``dishes`` has one row per ``name`` with ``revenue``, ``units`` and both ``_before``. Columns added, all money:
    ``delta`` = revenue − revenue before; ``volume`` = (units − units before) × old average price, to the cent;
    ``price`` = delta − volume, so that the parts sum up exactly. ``kind`` is ``new`` or ``gone`` for a dish sold in
    one period only, ``unknown`` where units are missing, else ``both``; the parts are missing for all but ``both``.
    A dish whose revenue is known in neither period is left out.
    """
    rows = [_movement(row) for row in dishes.to_dict("records")]
    found = [row | parts for row, parts in zip(dishes.to_dict("records"), rows, strict=True) if parts]
    columns = [*dishes.columns, "kind", "delta", "volume", "price"]
    frame = pd.DataFrame(found, columns=columns, dtype=object)
    return frame.sort_values("delta", ascending=False, kind="stable", ignore_index=True)


def _movement(row: dict[Any, Any]) -> dict[str, Any] | None:
    now, before = _money(row["revenue"]), _money(row["revenue_before"])
    units, units_before = _money(row["units"]), _money(row["units_before"])
    if now is None and before is None:
        return None
    delta = (now or Decimal(0)) - (before or Decimal(0))
    kind = _kind(now, before, units, units_before)
    if kind != "both" or before is None or units is None or not units_before:
        return {"kind": kind, "delta": delta, "volume": None, "price": None}
    volume = ((units - units_before) * before / units_before).quantize(CENT)
    return {"kind": kind, "delta": delta, "volume": volume, "price": delta - volume}


def _kind(now: Decimal | None, before: Decimal | None, units: Decimal | None, units_before: Decimal | None) -> str:
    if not before and not units_before:
        return "new"
    if not now and not units:
        return "gone"
    return "both" if units is not None and units_before and before is not None and now is not None else "unknown"


def _money(value: Any) -> Decimal | None:
    known = number(value)
    return None if known is None else Decimal(str(known))
