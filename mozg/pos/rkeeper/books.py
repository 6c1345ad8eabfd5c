"""What r_keeper keeps books of besides its orders: cash shifts, attendances, tables, currencies and the stop list.

Goods, purchases, write-offs and costs are StoreHouse's, another product with a database of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from mozg.model import CashShift, DiningTable, PaymentType, Shift, StopListEntry
from mozg.pos import menu
from mozg.pos.clock import Clock
from mozg.pos.rkeeper import commands
from mozg.pos.rkeeper.answers import Row, amount, ident
from mozg.pos.rkeeper.doors import Door
from mozg.pos.rkeeper.history import cash_shift, day
from mozg.pos.rkeeper.kinds import payment_kind
from mozg.pos.rkeeper.live import thousandths
from mozg.pos.rkeeper.references import References


def cash_shifts(rows: Iterable[Row], references: References, clock: Clock) -> list[CashShift]:
    """Join the rows of ``MOZGSHIFTS``, one for each means of payment, into cash shifts."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[cash_shift(row, "ISTATION", "SHIFTNUM")].append(row)
    return [_cash_shift(key, parts, references, clock) for key, parts in grouped.items()]


def _cash_shift(key: str, rows: list[Row], references: References, clock: Clock) -> CashShift:
    row, sums = rows[0], dict.fromkeys(("cash", "card", "non_cash", "unknown", "write_off"), Decimal(0))
    for one in rows:
        sums[payment_kind(references, ident(one, "CURRENCY"), None)] += amount(one, "TOTAL")
    sums.pop("write_off")
    opened_at = clock.moment(row["STARTTIME"])
    return CashShift(
        external_id=key, business_date=day(row), opened_at=opened_at,
        closed_at=clock.moment(row.get("CLOSETIME"), opened_at) if amount(row, "CLOSED") else None,
        number=str(ident(row, "PRINTSHIFTNUM") or ident(row, "SHIFTNUM")),
        register=references.name("CASHES", ident(row, "ISTATION")),
        responsible=references.external_id("EMPLOYEES", ident(row, "IMANAGER")),
        revenue=menu.money(sum(sums.values(), Decimal(0))), cash=menu.money(sums["cash"]),
        card=menu.money(sums["card"]), non_cash=menu.money(sums["non_cash"]),
    )  # fmt: skip


def attendances(rows: Iterable[Row], references: References, clock: Clock, window: tuple[date, date]) -> list[Shift]:
    """Return the stays on the clock that began on the business dates of ``window``; no shift dates them."""
    stays = (_stay(row, references, clock) for row in rows)
    return [stay for stay in stays if stay is not None and window[0] <= stay.business_date <= window[1]]


def _stay(row: Row, references: References, clock: Clock) -> Shift | None:
    started_at, employee = clock.moment(row["STARTTIME"]), references.external_id("EMPLOYEES", ident(row, "EMPID"))
    if started_at is None or employee is None:
        return None
    return Shift(
        external_id=f"{ident(row, 'MIDSERVER')}.{ident(row, 'UNI')}", employee=employee,
        business_date=clock.business_date(started_at), started_at=started_at,
        ended_at=clock.moment(row.get("ENDTIME"), started_at), role=references.name("ROLES", ident(row, "ROLEID")),
    )  # fmt: skip


def dining_tables(references: References, restaurant: int) -> list[DiningTable]:
    """Return the tables that stand in the halls of one restaurant."""
    halls = {number: hall for number, hall in references.items("HALLPLANS").items() if hall.parent == restaurant}
    tables = ((table, halls.get(table.number("Hall"))) for table in references.items("TABLES").values())
    return [
        DiningTable(table.external_id, table.name, hall.name, table.number("MaxGuests") or None, table.active)
        for table, hall in tables
        if hall is not None
    ]


def payment_types(references: References) -> list[PaymentType]:
    """Return the currencies, as r_keeper calls means of payment."""
    return [
        PaymentType(item.external_id, item.name, payment_kind(references, number, None), item.active)
        for number, item in references.items("CURRENCIES").items()
    ]


def stop_list(door: Door, references: References) -> list[StopListEntry]:
    """Return the dishes that the cash server forbids, and those of which it counts down what is left."""
    found = []
    for rest in door.cash(commands.command("GetDishRests")).iter("DishRest"):
        product = references.external_id("MENUITEMS", int(rest.attrib["id"]))
        forbidden = rest.get("prohibited") in {"1", "true"}
        if product is not None:
            found.append(StopListEntry(product, remaining=None if forbidden else thousandths(rest, "quantity")))
    return found
