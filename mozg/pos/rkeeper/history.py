"""Rows of the report database → orders. Money is in whole units there, quantities in portions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from mozg.pos.rkeeper.answers import Row, amount, ident, number
from mozg.pos.rkeeper.kinds import FICTITIOUS, is_on_the_house
from mozg.pos.rkeeper.orders import Check, Line, Order, Void
from mozg.pos.rkeeper.references import References

#: What is asked for the receipts of some days, each a stored procedure.
PROCEDURES = ("MOZGCHECKS", "MOZGDISHES", "MOZGVOIDS", "MOZGPAYMENTS")
_PAID, _RETURN = 6, 6

Key = tuple[int, int, int]


def order_key(row: Row) -> Key:
    """Return what an order is known by: cash server, visit and its number in the visit."""
    return int(row["MIDSERVER"]), int(row["VISIT"]), int(row["IDENTINVISIT"])


def external_id(key: Key) -> str:
    """Return the identifier of an order on our side."""
    return ".".join(map(str, key))


def orders(
    checks: Iterable[Row], dishes: Iterable[Row], voids: Iterable[Row], payments: Iterable[Row], references: References
) -> list[Order]:
    """Join the rows of `PROCEDURES`; rows of orders that are not among ``checks`` are left out."""
    grouped: dict[Key, list[Row]] = defaultdict(list)
    for row in checks:
        grouped[order_key(row)].append(row)
    found: dict[Key, Order] = {}
    paid: dict[tuple[Key, int], Check] = {}
    for key, rows in grouped.items():
        found[key] = order = _order(key, rows)
        for row in sorted((row for row in rows if number(row, "STATE") == _PAID), key=lambda row: ident(row, "UNI")):
            paid[key, ident(row, "UNI")] = check = _check(row)
            order.checks.append(check)
    for row in dishes:
        _add_dish(paid.get((order_key(row), ident(row, "CHECKUNI"))), row, references)
    for row in payments:
        _add_payment(paid.get((order_key(row), ident(row, "CHECKUNI"))), row)
    for row in voids:
        if order_key(row) in found:
            found[order_key(row)].voids.append(_void(row, references))
    return list(found.values())


def _order(key: Key, rows: list[Row]) -> Order:
    row = rows[0]
    deleted = [one for one in rows if number(one, "STATE") not in {None, _PAID}]
    return Order(
        external_id=external_id(key), business_date=day(row),
        opened_at=row["OPENTIME"], closed_at=row.get("ENDSERVICE"),
        guests=None if number(row, "GUESTSCOUNT") is None else ident(row, "GUESTSCOUNT"),
        waiter=ident(row, "MAINWAITER"), table=ident(row, "TABLEID"), table_name=row.get("TABLENAME"),
        order_type=ident(row, "COT"), category=ident(row, "UOT"), is_return=number(row, "SESSIONTYPE") == _RETURN,
        is_left=ident(row, "DISHESLEFT") > 0, deleted=_text(deleted[-1].get("CHECKNUM")) if deleted else None,
        discounts=tuple(one for name in ("DISCOUNT", "OTHERDISCOUNT") if (one := ident(row, name))),
    )  # fmt: skip


def _check(row: Row) -> Check:
    return Check(_text(row["CHECKNUM"]), row["CLOSEDATETIME"], cash_shift(row, "ICLOSESTATION", "ISHIFT"))


def day(row: Row) -> date:
    """Return the logical date of the common shift that a row belongs to."""
    return datetime.fromisoformat(row["SHIFTDATE"]).date()


def cash_shift(row: Row, station: str, shift: str) -> str:
    """Return the identifier of the cash shift that a row speaks of: cash server, station, number."""
    return f"{ident(row, 'MIDSERVER')}.{ident(row, station)}.{ident(row, shift)}"


def _add_dish(check: Check | None, row: Row, references: References) -> None:
    """Add what one means of payment paid of one dish; charges that are no earnings (tips) are left out."""
    if check is None or amount(row, "EXCLUDEFROMEARNINGS"):
        return
    key = str(ident(row, "DISHUNI")) if ident(row, "DISHUNI") else f"charge {ident(row, 'CHARGEUNI')}"
    line = check.lines.setdefault(key, Line(key, ident(row, "SIFR"), ident(row, "ICREATOR")))
    line.quantity += amount(row, "QUANTITY")
    line.gross += amount(row, "PRICESUM") + amount(row, "TAXESADDED")
    if is_on_the_house(references, ident(row, "CURRENCY")):
        line.house += _required(row, "PAYSUM")
    else:
        line.paid += _required(row, "PAYSUM")
        line.vat += amount(row, "TAX")
    cost = number(row, "COSTSUM")
    line.cost = line.cost if cost is None else cost + (line.cost or 0)


def _add_payment(check: Check | None, row: Row) -> None:
    line_type = number(row, "PAYLINETYPE")
    if check is None or line_type == FICTITIOUS:
        return
    currency = ident(row, "CURRENCY")
    before, _ = check.payments.get(currency, (Decimal(0), None))
    check.payments[currency] = before + _required(row, "BINDEDSUM"), None if line_type is None else int(line_type)


def _void(row: Row, references: References) -> Void:
    reason = row.get("OPENNAME") or references.name("ORDERVOIDS", ident(row, "REASON"))
    return Void(
        f"{ident(row, 'DISHUNI')}/{ident(row, 'UNI')}", ident(row, "SIFR"), ident(row, "ICREATOR"),
        _required(row, "QUANTITY"), _required(row, "PRLISTSUM"), reason,
    )  # fmt: skip


def _required(row: Row, name: str) -> Decimal:
    """Return a number that money hangs on: a row without it is not understood, never zero."""
    if name not in row:
        raise KeyError(name)
    return amount(row, name)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
