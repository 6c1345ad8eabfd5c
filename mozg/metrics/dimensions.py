"""By what a metric can be split or filtered.

Brackets (party size, visit length, check size) are told by their lower bound, a whole number, so that they sort and
need no words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import ibis
from ibis.expr.types import IntegerValue, Table, Value

from mozg.lake.tables import EMPLOYEES, PRODUCTS, VENUES, LakeTable


@dataclass(frozen=True)
class Dimension:
    """A column, or something worked out from it. ``needs`` is the column a table must have to be split by this."""

    name: str
    title: str
    definition: str
    needs: str
    value: Callable[[Table], Value]
    lookup: tuple[LakeTable, str] | None = None


def _column(name: str, title: str, definition: str, column: str = "") -> Dimension:
    return Dimension(name, title, definition, column or name, lambda table: table[column or name])


def _of_venue(name: str, title: str, definition: str) -> Dimension:
    return Dimension(name, title, definition, "venue_id", lambda joined: joined[name], (VENUES, "venue_id"))


def _of_dish(name: str, title: str, definition: str) -> Dimension:
    return Dimension(name, title, definition, "product_id", lambda joined: joined[name], (PRODUCTS, "product_id"))


def _day(name: str, title: str, definition: str, value: Callable[[Value], Value]) -> Dimension:
    return Dimension(name, title, definition, "business_date", lambda table: value(table.business_date))


def _bracket(name: str, title: str, definition: str, column: str, bounds: Sequence[int]) -> Dimension:
    return Dimension(name, title, definition, column, lambda table: _lower_bound(table[column], bounds))


def _lower_bound(value: Value, bounds: Sequence[int]) -> Value:
    """Return the largest of ``bounds`` (ascending) that is not above ``value``; missing below the first."""
    return ibis.cases(*((value >= bound, bound) for bound in reversed(bounds)), else_=ibis.null("int64"))


# DuckDB makes a timestamp of a date that is moved or truncated, where Ibis believes that it stays a date.
def _as_time(day: Value) -> Value:
    return day.cast("timestamp")


def _as_date(moment: Value) -> Value:
    return moment.cast("date")


def _truncated(day: Value, unit: Literal["W", "M"]) -> Value:
    return _as_date(_as_time(day).truncate(unit))


def _daypart(hour: Value) -> Value:
    return ibis.cases(
        (hour.isnull(), ibis.null(str)),
        (hour.between(5, 10), "1 breakfast"),
        (hour.between(11, 15), "2 lunch"),
        (hour.between(16, 17), "3 afternoon"),
        (hour.between(18, 22), "4 dinner"),
        else_="5 night",
    )


#: Singles, pairs, small groups, companies (MOZG: одиночки, двойки, небольшие группы, компании).
PARTIES = (1, 2, 3, 5)
#: Minutes at which a visit is no longer a quick one, …; MOZG's own limits are not published.
VISITS = (0, 15, 30, 45, 60, 90, 120, 180)

DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        _of_venue("venue", "Venue", "The restaurant."),
        _of_venue("city", "City", "The restaurant's city."),
        _column("business_date", "Business date", "The till's accounting day: 01:30 is of the evening before."),
        _day(
            "week", "Week", "The Monday of the business date's week.", lambda day: _as_date(_as_time(day).truncate("W"))
        ),
        _day("month", "Month", "The first day of its month.", lambda day: _as_date(_as_time(day).truncate("M"))),
        _day(
            "weekday", "Weekday", "Monday 1 … Sunday 7, of the business date.", lambda day: day.day_of_week.index() + 1
        ),
        _column("hour", "Hour", "The local hour in which the check was opened."),
        Dimension(
            "daypart",
            "Daypart",
            "Breakfast from 5 h, lunch from 11 h, afternoon from 16 h, dinner from 18 h, night from 23 h, when opened.",
            "hour",
            lambda table: _daypart(table.hour),
        ),
        _column("channel", "Channel", "How it was sold, as the till says: in the hall, to take away, by delivery."),
        _column("hall", "Hall", "The part of the restaurant, as the till calls it."),
        _column("table", "Table", "The table's number or name; two halls may have a table 1 each.", "table_name"),
        Dimension(
            "waiter",
            "Waiter",
            "Whose check it is; of lines, who rang them up.",
            "waiter_id",
            lambda joined: joined["employee"],
            (EMPLOYEES, "employee_id"),
        ),
        _of_dish("dish", "Dish", "What was sold, by its name on the menu."),
        _of_dish("category", "Category", "The menu group that holds the dish."),
        _of_dish("top_group", "Top group", "The root of the menu's tree above the dish."),
        _of_dish("category_path", "Category path", "All menu groups from the root down to the dish's own."),
        _of_dish("section", "Kitchen or bar", "Who makes it: kitchen, bar or other."),
        _column("payment_method", "Payment method", "How it was paid, as the till calls it."),
        _column("payment_kind", "Kind of payment", "Cash, card, non_cash, write_off (on the house) or unknown."),
        _column(
            "discount_type", "Discount", "What the till calls the discounts on the check, all of them in one name."
        ),
        _column("void_reason", "Reason of a void", "Why a line was struck out, as the till calls it."),
        _column("check_size", "Check size, from", "The check's amount: from 0, 1, 2, 5, 10, 20, 50, 100, … upwards."),
        _bracket("party_size", "Party size, from", "Guests of the check: 1, 2, 3–4, 5 and more.", "guests", PARTIES),
        _bracket(
            "visit_length",
            "Visit length, from minutes",
            "Minutes from opening to closing the check: from 0, 15, 30, 45, 60, 90, 120, 180.",
            "minutes",
            VISITS,
        ),
        _column("status", "Status", "Sale, refund (a return check) or void (deleted at the till)."),
    )
}


def with_dimensions(table: Table, names: list[str], shift: IntegerValue | None = None) -> Table:
    """Return ``table`` with the dimensions as columns, its dates moved ``shift`` days later to meet another period."""
    if shift is not None:
        table = table.mutate(business_date=_as_date(_as_time(table.business_date) + shift.as_interval("D")))
    joined: set[str] = set()
    for name in names:
        lookup = DIMENSIONS[name].lookup
        if lookup and lookup[0].name not in joined:
            table = _join(table, DIMENSIONS[name].needs, *lookup)
            joined.add(lookup[0].name)
    return table.mutate(**{name: DIMENSIONS[name].value(table) for name in names})


def _join(table: Table, column: str, names: LakeTable, key: str) -> Table:
    fresh = [name for name in names.columns if name not in (key, *table.columns)]
    other = names.expression.select(key, *fresh).rename(lookup_key=key)
    return table.left_join(other, table[column] == other.lookup_key).drop("lookup_key")
