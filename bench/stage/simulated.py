"""The simulated chain as the records that its till would have given, without the till."""

import functools
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import pandas as pd

from mozg.model import Catalogue, Category, Employee, Payment, Product, Receipt, ReceiptItem, Sales
from mozg.simulate import Chain
from mozg.simulate.chain import REASONS, STATES

MONEY = ("gross", "discount", "revenue", "vat", "cost")
LAST_DAY = date(2026, 10, 31)


def chain_of(venues: int, days: int, last: date = LAST_DAY) -> Chain:
    """Return ``venues`` restaurants with a history of ``days`` days up to ``last``, by default a fixed day."""
    return Chain.generate(seed=7, first=last - timedelta(days=days - 1), last=last, venues=venues)


def catalogue_of(chain: Chain) -> Catalogue:
    """Return the menu and the people of the chain."""
    groups, dishes, people = chain.categories, chain.products, chain.employees
    return Catalogue(
        _records(Category, groups[["external_id", "name", "parent", "section"]]),
        _records(Product, dishes[["external_id", "name", "category", "section"]]),
        _records(Employee, people[["external_id", "name", "role", "hired_on", "left_on"]]),
    )


def sales_of(chain: Chain, venue: int) -> Sales:
    """Return everything that the venue with this row number sold, in the order in which it was sold."""
    receipts = chain.receipts[chain.receipts["venue"] == venue]
    receipts = receipts.assign(opened_at=_utc(chain, venue, receipts["opened_at"]))
    receipts = receipts.assign(closed_at=_utc(chain, venue, receipts["closed_at"]))
    window = (chain.first, chain.last)
    items = chain.items[chain.items["venue"] == venue]
    payments = chain.payments[chain.payments["venue"] == venue]
    return Sales(_receipts(chain, receipts), _items(chain, items), _payments(chain, payments), window)


def _utc(chain: Chain, venue: int, local: pd.Series) -> pd.Series:
    zone = chain.venues["timezone"][venue]
    return local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")


def _receipts(chain: Chain, rows: pd.DataFrame) -> list[Receipt]:
    people = chain.employees["external_id"]
    columns = rows.assign(
        business_date=rows["business_date"].dt.date,
        number=rows["number"].astype(str),
        waiter=rows["waiter"].map(people),
        table_name=rows["table"].astype(object).map(lambda number: None if pd.isna(number) else str(number)),
        **_money(rows),
    )
    return _records(Receipt, columns)


def _items(chain: Chain, rows: pd.DataFrame) -> list[ReceiptItem]:
    receipt = rows["receipt"].map(chain.receipts["external_id"])
    product, waiter = (
        rows["product"].map(chain.products["external_id"]),
        rows["waiter"].map(chain.employees["external_id"]),
    )
    state, reason = (rows[name].map(dict(enumerate(words))) for name, words in (("state", STATES), ("reason", REASONS)))
    kept = rows["state"] == 0
    # As the iiko adapter names lines: by dish and waiter, and by what became of them.
    line = (product + "/" + waiter).where(kept, product + "/" + waiter + "/" + state).map(_short)
    columns = rows.assign(
        receipt=receipt, line=line, product=product, waiter=waiter, voided=~kept, void_reason=reason.astype(object),
        business_date=rows["business_date"].dt.date, **_money(rows),
        quantity=rows["quantity"].map({n: Decimal(n) for n in set(rows["quantity"].tolist())}),
    )  # fmt: skip
    return _records(ReceiptItem, columns)


def _payments(chain: Chain, rows: pd.DataFrame) -> list[Payment]:
    columns = rows.assign(
        receipt=rows["receipt"].map(chain.receipts["external_id"]), line=rows["method"],
        business_date=rows["business_date"].dt.date, amount=rows["amount"].map(_roubles),
    )  # fmt: skip
    return _records(Payment, columns)


def _money(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: rows[name].map(_roubles) for name in MONEY}


def _roubles(kopecks: int) -> Decimal:
    return Decimal(int(kopecks)).scaleb(-2)


@functools.cache
def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _records(kind: Any, frame: pd.DataFrame) -> list[Any]:
    names = [name for name in kind._fields if name in frame]  # what the simulated till does not tell keeps its default
    columns = [_values(frame[name]) for name in names]
    return [kind(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def _values(column: pd.Series) -> Iterable[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.to_pydatetime()
    return [None if value is None or value is pd.NaT or value != value else value for value in column.tolist()]
