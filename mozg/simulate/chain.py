"""A chain of restaurants that does not exist, with a history that is the same for everybody who knows its seed."""

import functools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from mozg.simulate import books, rooms
from mozg.simulate.identity import guid
from mozg.simulate.lines import KEPT, PAY_CASH
from mozg.simulate.menu import MENU, SECTIONS, on_menu, withdrawn
from mozg.simulate.months import month_of
from mozg.simulate.odds import prices
from mozg.simulate.people import ROLES, Person, crew
from mozg.simulate.places import Place, places
from mozg.simulate.weather import EPOCH, Days, days

#: How guests pay, in the order that the ``payment`` column of items numbers them; ``None`` is *not paid*.
METHODS = (("Наличные", "cash"), ("Банковская карта", "card"), ("СБП", "non_cash"), ("За счёт заведения", "write_off"))
REASONS = (None, "Брак кухни", "Гость отказался", "Ошибка официанта", "Гость передумал")
STATES = ("NOT_DELETED", "DELETED_WITH_WRITEOFF", "DELETED_WITHOUT_WRITEOFF")


@dataclass(frozen=True)
class Chain:
    """The whole truth about the chain from ``first`` to ``last``, for tests and every simulated till to read.

    The interface is kept stable: frames and columns may be added, and none changes its meaning.

    Money is in whole kopecks (int), VAT included unless said otherwise; ``business_date`` is a midnight, other times
    are the restaurant's local clock without a zone. ``items.receipt``, ``*.venue``, ``*.waiter``, ``items.product``
    and ``items.payment`` are row numbers of the frames ``receipts``, ``venues``, ``employees``, ``products`` and
    `METHODS`; ``items.state`` numbers `STATES`, ``items.reason`` `REASONS`. ``payments`` has one row per receipt and
    method. ``items.surcharge``, where the column is there, is the part of ``gross`` that is no price but was added,
    such as for service. ``products.active`` is whether the dish has not been withdrawn by ``last``, ``listed`` whether
    it is on the menu then: a seasonal dish out of season is active and not listed.

    What more the restaurants keep books of is worked out when it is first asked for, from the seed and, for the
    storerooms, from ``items``: ``tables``, ``stops``, ``attendances``, ``cash_shifts``, ``goods``, ``purchases``,
    ``write_offs``, ``stock_counts``, ``balances`` and ``expenses``. `mozg.simulate.edits` returns changed copies.
    """

    seed: int
    first: date
    last: date
    venues: pd.DataFrame
    categories: pd.DataFrame
    products: pd.DataFrame
    employees: pd.DataFrame
    receipts: pd.DataFrame
    items: pd.DataFrame
    payments: pd.DataFrame

    @functools.cached_property
    def tables(self) -> pd.DataFrame:
        """Every table: venue, number, hall, seats."""
        return rooms.tables(len(self.venues))

    @functools.cached_property
    def stops(self) -> pd.DataFrame:
        """Every span in which a dish could not be had: venue, product, started_at, ended_at, business_date."""
        return books.stops(self)

    @functools.cached_property
    def attendances(self) -> pd.DataFrame:
        """Who was at work when: external_id, venue, employee, business_date, started_at, ended_at, pay (kopecks).

        ``ended_at`` is missing where somebody forgot to clock out, ``pay`` then and for salaries.
        """
        return books.attendances(self)

    @functools.cached_property
    def cash_shifts(self) -> pd.DataFrame:
        """One cash shift per venue and business date: number, opened_at, closed_at, and the sums of money taken.

        ``cash``, ``card``, ``non_cash`` and ``write_off`` are sums of payments by kind in kopecks.
        """
        return books.cash_shifts(self)

    @functools.cached_property
    def goods(self) -> pd.DataFrame:
        """What is bought: external_id, name, unit, supplier; other frames' ``good`` is a row number of it."""
        return books.goods(self)

    @property
    def purchases(self) -> pd.DataFrame:
        """Lines of suppliers' invoices: venue, business_date, invoice, supplier, good, quantity, cost before VAT."""
        return self._storerooms["purchases"]

    @property
    def write_offs(self) -> pd.DataFrame:
        """Goods thrown away: venue, business_date, document, good, quantity, cost before VAT, reason."""
        return self._storerooms["write_offs"]

    @property
    def stock_counts(self) -> pd.DataFrame:
        """What was counted on each month's last day: venue, business_date, document, good, quantity, cost, book.

        ``book`` is the quantity that should have been there.
        """
        return self._storerooms["stock_counts"]

    @property
    def balances(self) -> pd.DataFrame:
        """What lay in the storeroom at the end of each day: venue, business_date, good, quantity, cost."""
        return self._storerooms["balances"]

    @functools.cached_property
    def expenses(self) -> pd.DataFrame:
        """What running the restaurants costs besides goods: venue, business_date, account, counterparty, amount.

        ``amount`` is in kopecks without VAT.
        """
        return books.expenses(self)

    @functools.cached_property
    def _storerooms(self) -> dict[str, pd.DataFrame]:
        return books.storerooms(self)

    @classmethod
    def generate(cls, seed: int, first: date, last: date, venues: int = 4) -> "Chain":
        """Return the chain's history on the business dates ``first`` … ``last``, both inclusive.

        A longer range contains a shorter one unchanged.

        Raises:
            ValueError: ``last`` is before ``first``, or ``first`` before 2015.
        """
        if not EPOCH <= first <= last:
            raise ValueError(f"A chain's history runs forward and starts no earlier than {EPOCH}: {first} … {last}.")
        houses = places(venues)
        crews = [crew(seed, number, place) for number, place in enumerate(houses)]
        receipts, items = _history(seed, houses, crews, first, last)
        categories, products = _menu(seed, last)
        return cls(
            seed, first, last, _venues(seed, houses), categories, products,
            _employees(seed, [person for people in crews for person in people], last),
            receipts, items, payments_of(receipts, items),
        )  # fmt: skip


def rows(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples."""
    return list(frame.itertuples(index=False))


def _history(
    seed: int, houses: list[Place], crews: list[list[Person]], first: date, last: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    receipts, items, crew_at, receipt_at = [], [], 0, 0
    for venue, (place, people) in enumerate(zip(houses, crews, strict=True)):
        for month in _months(days(seed, venue, place, _month_end(last)), first):
            some, lines = _between(*month_of(seed, venue, place, people, month), first, last)
            receipts.append(some.assign(venue=venue, waiter=some["waiter"] + crew_at))
            items.append(
                lines.assign(venue=venue, waiter=lines["waiter"] + crew_at, receipt=lines["receipt"] + receipt_at)
            )
            receipt_at += len(some)
        crew_at += len(people)
    return pd.concat(receipts, ignore_index=True), pd.concat(items, ignore_index=True)


def _months(days: Days, first: date) -> list[Days]:
    months = days.dates.astype("datetime64[M]")
    wanted = np.unique(months[months >= np.datetime64(first, "M")])
    return [_slice(days, np.flatnonzero(months == month)) for month in wanted]


def _slice(days: Days, at: np.ndarray) -> Days:
    return Days(days.dates[at], days.temperature[at], days.rain[at], days.mood[at])


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def _between(receipts: pd.DataFrame, items: pd.DataFrame, first: date, last: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut a month to the wanted days and number its receipts again from zero."""
    wanted = receipts["business_date"].between(pd.Timestamp(first), pd.Timestamp(last)).to_numpy()
    position = np.cumsum(wanted) - 1
    items = items[wanted[items["receipt"]]]
    return receipts[wanted].reset_index(drop=True), items.assign(receipt=position[items["receipt"]])


def _venues(seed: int, houses: list[Place]) -> pd.DataFrame:
    rows = [
        (guid(seed, "venue", i), str(i + 1), place.name, place.city, place.timezone, place.country, place.opened_on)
        for i, place in enumerate(houses)
    ]
    columns = ["external_id", "code", "name", "city", "timezone", "country", "opened_on"]
    return pd.DataFrame(rows, columns=columns).assign(vat=[place.vat for place in houses])


def _menu(seed: int, last: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    tops: list[tuple[Any, ...]] = [
        (guid(seed, "section", section), name, None, section) for section, name in SECTIONS.items()
    ]
    groups: list[tuple[Any, ...]] = [
        (guid(seed, "group", g.name), g.name, guid(seed, "section", g.section), g.section) for g in MENU
    ]
    categories = pd.DataFrame(tops + groups, columns=["external_id", "name", "parent", "section"])
    dishes = [(g, name) for g in MENU for name, _ in g.dishes]
    products = pd.DataFrame(
        [(guid(seed, "dish", name), name, guid(seed, "group", g.name), g.name, g.section) for g, name in dishes],
        columns=["external_id", "name", "category", "group", "section"],
    )
    price = prices(places(1)[0], last)
    return categories, products.assign(
        number=range(1, len(products) + 1), price=price, unit="порц", active=~withdrawn(last), listed=on_menu(last)
    )


def _employees(seed: int, people: list[Person], last: date) -> pd.DataFrame:
    rows = [
        (guid(seed, "person", i), f"{100 + i}", person.name, person.role, ROLES[person.role], person.venue,
         person.hired_on, person.left_on if person.left_on and person.left_on <= last else None)
        for i, person in enumerate(people)
    ]  # fmt: skip
    columns = ["external_id", "code", "name", "role_code", "role", "venue", "hired_on", "left_on"]
    return pd.DataFrame(rows, columns=columns)


def payments_of(receipts: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return what was paid by each means for each receipt, from its lines."""
    paid = items[(items["state"] == KEPT) & (items["payment"] >= PAY_CASH)]
    sums = paid.groupby(["receipt", "payment"], as_index=False)["revenue"].sum()
    names, kinds = zip(*METHODS, strict=True)
    return pd.DataFrame(
        {
            "receipt": sums["receipt"],
            "method": np.array(names, dtype=object)[sums["payment"]],
            "kind": np.array(kinds, dtype=object)[sums["payment"]],
            "amount": sums["revenue"],
            "venue": receipts["venue"].to_numpy()[sums["receipt"]],
            "business_date": receipts["business_date"].to_numpy()[sums["receipt"]],
        }
    )
