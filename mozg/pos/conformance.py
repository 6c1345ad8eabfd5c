"""What every till adapter must keep to, as one check for the tests of whoever writes an adapter.

from mozg.pos.conformance import broken_promises

def test_it_is_a_till(venue):
    assert broken_promises(lambda: connect(venue), date(2026, 11, 1), date(2026, 11, 7)) == []
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from mozg.model import STREAMS, Catalogue, Payment, Receipt, ReceiptItem, Sales
from mozg.pos.till import About, Reader, Till

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
#: Money in every record; quantities have three decimals, unit costs four.
_MONEY = ("gross", "discount", "revenue", "vat", "cost", "amount", "price", "pay", "cash", "card", "non_cash")


def broken_promises(connect: Callable[[], Till], first: date, last: date) -> list[str]:
    """Return a sentence for each promise of `mozg.pos.till.Till` that an adapter breaks, none for a good one.

    ``connect`` returns the till anew; it is asked for the business dates ``first`` … ``last``, both inclusive, on which
    something was sold. It must tell the same whether it is asked for them at once, day by day or once more.
    """
    with connect() as till:
        sales, catalogue = till.sales(first, last), till.catalogue()
        found = [
            *_introduction(till.about()),
            *_menu(catalogue),
            *_receipts(sales, first, last),
            *_lines(sales),
            *_sums(sales),
            *_known(sales, catalogue),
            *_windows(till, first),
            *(sentence for name, read in till.streams.items() for sentence in _stream(name, read, first, last)),
        ]
        found += _same(
            "day by day", sales, [till.sales(first + n * _DAY, first + n * _DAY) for n in range(_days(first, last))]
        )
    with connect() as till:
        return [*found, *_same("once more", sales, [till.sales(first, last)])]


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def _introduction(about: About) -> Iterator[str]:
    if not about.restaurant or not about.system:
        yield "about() names no restaurant or no system."


def _menu(catalogue: Catalogue) -> Iterator[str]:
    for name in ("categories", "products", "employees"):
        yield from _unique(name, [one.external_id for one in getattr(catalogue, name)])
        yield from _exact(name, getattr(catalogue, name))
    known = {one.external_id: one.parent for one in catalogue.categories}
    for one in catalogue.categories:
        if one.parent is not None and one.parent not in known:
            yield f"Category {one.name!r} stands in {one.parent!r}, which is no category."
    for product in catalogue.products:
        if product.category is not None and product.category not in known:
            yield f"Product {product.name!r} stands in {product.category!r}, which is no category."


def _receipts(sales: Sales, first: date, last: date) -> Iterator[str]:
    if not sales.receipts:
        yield f"Nothing was sold from {first} to {last}: there is nothing to check."
    if sales.window != (first, last):
        yield f"The window of sales is {sales.window}, not {first} … {last}."
    yield from _unique("receipts", [one.external_id for one in sales.receipts])
    yield from _unique("lines", [(one.receipt, one.line) for one in sales.items])
    yield from _unique("payments", [(one.receipt, one.line) for one in sales.payments])
    for rows in (sales.receipts, sales.items, sales.payments):
        yield from _exact("sales", rows)
        yield from (f"{one} is not of {first} … {last}." for one in rows if not first <= one.business_date <= last)
    yield from (sentence for receipt in sales.receipts for sentence in _moments(receipt))


def _moments(receipt: Receipt) -> Iterator[str]:
    if receipt.opened_at and receipt.closed_at and receipt.opened_at > receipt.closed_at:
        yield f"Receipt {receipt.external_id} was closed before it was opened."
    if receipt.status == "refund" and (receipt.revenue or 0) > 0:
        yield f"Receipt {receipt.external_id} is a refund with revenue above zero."
    if receipt.status == "void" and receipt.revenue:
        yield f"Receipt {receipt.external_id} is void and has revenue."


def _lines(sales: Sales) -> Iterator[str]:
    days = {one.external_id: one.business_date for one in sales.receipts}
    parts: list[ReceiptItem | Payment] = [*sales.items, *sales.payments]
    for one in parts:
        if days.get(one.receipt) != one.business_date:
            yield f"{one} belongs to no receipt of its day."
    for item in sales.items:
        if item.voided and item.revenue:
            yield f"Line {item.line} of receipt {item.receipt} is voided and has revenue."
        whole = None not in {item.gross, item.discount, item.revenue}
        if whole and not item.voided and item.revenue and item.gross - item.discount != item.revenue:  # type: ignore[operator]
            yield f"Line {item.line} of receipt {item.receipt}: gross less discount is not revenue."


def _sums(sales: Sales) -> Iterator[str]:
    lines: dict[str, list[ReceiptItem]] = defaultdict(list)
    paid: dict[str, list[Any]] = defaultdict(list)
    for item in sales.items:
        lines[item.receipt] += [] if item.voided else [item]
    for payment in sales.payments:
        paid[payment.receipt].append(payment.amount)
    for one in (one for one in sales.receipts if one.status != "void"):
        yield from _sums_of(one, lines[one.external_id])
        amounts = paid.get(one.external_id)
        if amounts and None not in amounts and one.revenue is not None and sum(amounts) != one.revenue:
            yield f"Receipt {one.external_id}: its payments do not add up to its revenue."


def _sums_of(receipt: Receipt, lines: Sequence[ReceiptItem]) -> Iterator[str]:
    for name in ("gross", "discount", "revenue", "vat"):
        parts, whole = [getattr(line, name) for line in lines], getattr(receipt, name)
        if parts and None not in parts and whole is not None and sum(parts) != whole:
            yield f"Receipt {receipt.external_id}: the {name} of its lines does not add up to its own."


def _known(sales: Sales, catalogue: Catalogue) -> Iterator[str]:
    products = {one.external_id for one in catalogue.products}
    people = {one.external_id for one in catalogue.employees}
    yield from (f"Product {one!r} was sold and is not in the catalogue."
                for one in {item.product for item in sales.items} - products - {None})  # fmt: skip
    waiters = {one.waiter for one in sales.receipts} | {one.waiter for one in sales.items}
    yield from (f"Waiter {one!r} sold and is not in the catalogue." for one in waiters - people - {None})


def _windows(till: Till, first: date) -> Iterator[str]:
    for days in (0, till.longest_window + 1):
        try:
            till.sales(first, first + (days - 1) * _DAY)
        except ValueError:
            continue
        yield f"A window of {days} days is not refused with ValueError."


def _stream(name: str, read: Reader, first: date, last: date) -> Iterator[str]:
    if name not in STREAMS:
        yield f"{name} is no stream; those are {', '.join(STREAMS)}."
        return
    stream, rows = STREAMS[name], read(first, last)
    yield from (f"{name} told {one}, not a {stream.record.__name__}." for one in rows if type(one) is not stream.record)
    yield from _exact(name, rows)
    if "external_id" in stream.record._fields:
        yield from _unique(name, [one.external_id for one in rows])
    if stream.reach == "days" and "business_date" in stream.record._fields:
        yield from (f"{name}: {one} is not of {first} … {last}." for one in rows
                    if not first <= one.business_date <= last)  # fmt: skip


def _unique(name: str, keys: Iterable[Any]) -> Iterator[str]:
    yield from (f"{name}: {key!r} comes {times} times." for key, times in Counter(keys).items() if times > 1)


def _exact(name: str, rows: Iterable[Any]) -> Iterator[str]:
    """Yield what is no exact number, has more decimals than money has, or no zone."""
    for row in rows:
        for field, value in row._asdict().items():
            if isinstance(value, float):
                yield f"{name}: {field} of {row} is a float."
            elif isinstance(value, datetime) and value.tzinfo is None:
                yield f"{name}: {field} of {row} has no time zone."
            elif field in _MONEY and value is not None and name != "product_costs" and value != value.quantize(_CENT):
                yield f"{name}: {field} of {row} is not in whole hundredths."


def _same(how: str, sales: Sales, parts: list[Sales]) -> Iterator[str]:
    for name in ("receipts", "items", "payments"):
        told = Counter(row for part in parts for row in getattr(part, name))
        if told != Counter(getattr(sales, name)):
            yield f"Asked {how}, it tells other {name}."
