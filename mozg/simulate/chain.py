"""A chain of restaurants that does not exist, with a history that is the same for everybody who knows its seed."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from mozg.simulate.lines import KEPT, PAY_CASH
from mozg.simulate.menu import MENU, SECTIONS
from mozg.simulate.months import month_of
from mozg.simulate.people import ROLES, Person, crew
from mozg.simulate.places import Place, places
from mozg.simulate.tables import prices
from mozg.simulate.weather import EPOCH, Days, days

#: How guests pay, in the order that the ``payment`` column of items numbers them; ``None`` is *not paid*.
METHODS = (("Наличные", "cash"), ("Банковская карта", "card"), ("СБП", "non_cash"), ("За счёт заведения", "write_off"))
REASONS = (None, "Брак кухни", "Гость отказался", "Ошибка официанта", "Гость передумал")
STATES = ("NOT_DELETED", "DELETED_WITH_WRITEOFF", "DELETED_WITHOUT_WRITEOFF")


@dataclass(frozen=True)
class Chain:
    """The whole truth about the chain from ``first`` to ``last``, for tests to compare with.

    Money is in whole kopecks (int), VAT included; ``business_date`` is a midnight, other times are the restaurant's
    local clock without a zone. ``items.receipt``, ``*.venue``, ``*.waiter``, ``items.product`` and ``items.payment``
    are row numbers of the frames ``receipts``, ``venues``, ``employees``, ``products`` and `METHODS`; ``items.state``
    numbers `STATES`, ``items.reason`` `REASONS`. ``payments`` has one row per receipt and method.
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
            receipts, items, _payments(receipts, items),
        )  # fmt: skip


def guid(seed: int, *words: object) -> str:
    """Return the identifier of a thing of the chain: the same for the same seed and words."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, (seed, *words)))))


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
    return categories, products.assign(number=range(1, len(products) + 1), price=price, unit="порц")


def _employees(seed: int, people: list[Person], last: date) -> pd.DataFrame:
    rows = [
        (guid(seed, "person", i), f"{100 + i}", person.name, person.role, ROLES[person.role], person.venue,
         person.hired_on, person.left_on if person.left_on and person.left_on <= last else None)
        for i, person in enumerate(people)
    ]  # fmt: skip
    columns = ["external_id", "code", "name", "role_code", "role", "venue", "hired_on", "left_on"]
    return pd.DataFrame(rows, columns=columns)


def _payments(receipts: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
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
