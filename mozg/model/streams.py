"""The streams that a till may have besides its catalogue and its sales, each by one name everywhere.

A stream's name is that of its table in Postgres, of its cursor, and of what reports say is missing.
"""

from dataclasses import dataclass
from typing import Any, Literal

from mozg.model.books import (
    CashShift,
    DiningTable,
    LedgerEntry,
    PaymentType,
    ProductCost,
    Purchase,
    Shift,
    StockCount,
    StopListEntry,
    WriteOff,
)


@dataclass(frozen=True)
class Stream:
    """One kind of record that a till may tell.

    ``days``: asked for business dates, the answer is everything that the till has for them, so what is missing from
    it was deleted. ``whole``: whatever days are asked, the answer is everything that there is now.
    """

    name: str
    record: Any
    reach: Literal["days", "whole"] = "days"


STREAMS = {
    stream.name: stream
    for stream in (
        Stream("cash_shifts", CashShift),
        Stream("shifts", Shift),
        Stream("write_offs", WriteOff),
        Stream("purchases", Purchase),
        Stream("stock_counts", StockCount),
        Stream("ledger_entries", LedgerEntry),
        Stream("product_costs", ProductCost),
        Stream("stop_list", StopListEntry, "whole"),
        Stream("dining_tables", DiningTable, "whole"),
        Stream("payment_types", PaymentType, "whole"),
    )
}
