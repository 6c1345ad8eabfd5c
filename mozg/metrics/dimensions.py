"""By what a metric can be split or filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import ibis
from ibis.expr.types import Table, Value

from mozg.lake.tables import EMPLOYEES, PRODUCTS, VENUES, LakeTable


@dataclass(frozen=True)
class Dimension:
    """A column, or something worked out from it. ``needs`` is the column a table must have to be split by this."""

    name: str
    title: str
    needs: str
    value: Callable[[Table], Value]
    lookup: tuple[LakeTable, str] | None = None


def _column(name: str, title: str) -> Dimension:
    return Dimension(name, title, name, lambda table: table[name])


def _looked_up(name: str, title: str, needs: str, table: LakeTable, key: str, column: str = "") -> Dimension:
    return Dimension(name, title, needs, lambda joined: joined[column or name], (table, key))


def _day(name: str, title: str, value: Callable[[Value], Value]) -> Dimension:
    return Dimension(name, title, "business_date", lambda table: value(table.business_date))


# DuckDB makes a timestamp of a date that is moved or truncated, where Ibis believes that it stays a date.
def _as_time(day: Value) -> Value:
    return day.cast("timestamp")


def _as_date(moment: Value) -> Value:
    return moment.cast("date")


def _daypart(hour: Value) -> Value:
    return ibis.cases(
        (hour.isnull(), ibis.null(str)),
        (hour.between(5, 10), "1 breakfast"),
        (hour.between(11, 15), "2 lunch"),
        (hour.between(16, 17), "3 afternoon"),
        (hour.between(18, 22), "4 dinner"),
        else_="5 night",
    )


DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        _looked_up("venue", "Venue", "venue_id", VENUES, "venue_id"),
        _looked_up("city", "City", "venue_id", VENUES, "venue_id"),
        _column("business_date", "Business date"),
        _day("week", "Week", lambda day: _as_date(_as_time(day).truncate("W"))),
        _day("month", "Month", lambda day: _as_date(_as_time(day).truncate("M"))),
        _day("weekday", "Weekday", lambda day: day.day_of_week.index() + 1),
        _column("hour", "Hour"),
        Dimension("daypart", "Daypart", "hour", lambda table: _daypart(table.hour)),
        _column("channel", "Channel"),
        _column("hall", "Hall"),
        Dimension("table", "Table", "table_name", lambda table: table.table_name),
        _looked_up("waiter", "Waiter", "waiter_id", EMPLOYEES, "employee_id", "employee"),
        _looked_up("dish", "Dish", "product_id", PRODUCTS, "product_id"),
        _looked_up("category", "Category", "product_id", PRODUCTS, "product_id"),
        _looked_up("section", "Kitchen or bar", "product_id", PRODUCTS, "product_id"),
        _column("payment_method", "Payment method"),
        _column("payment_kind", "Kind of payment"),
        _column("status", "Status"),
    )
}


def with_dimensions(table: Table, names: list[str], shift: timedelta = timedelta()) -> Table:
    """Return ``table`` with the dimensions as columns, its dates moved ``shift`` later to meet another period."""
    if shift:
        table = table.mutate(business_date=_as_date(_as_time(table.business_date) + ibis.interval(days=shift.days)))
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
