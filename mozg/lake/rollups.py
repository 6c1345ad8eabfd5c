"""Roll-ups: the measures, stored per venue, day and one more thing, so that daily pages read kilobytes.

They are built from the facts by the same expressions that `mozg.metrics` would use on the facts themselves;
a test holds the two equal.
"""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from mozg.lake.measures import MEASURES, Measure, aggregated
from mozg.lake.tables import ITEMS, MONEY, PAYMENTS, PRODUCTS, QUANTITY, RECEIPTS, LakeTable

KEY = ("venue_id", "business_date")


@dataclass(frozen=True, eq=False)
class Rollup:
    """A stored grouping of the facts by ``KEY`` and ``extra`` columns; ``sources`` are the facts it is built from."""

    name: str
    extra: dict[str, str]
    sources: tuple[str, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that this roll-up holds, in the order of their definition."""
        return tuple(measure for measure in MEASURES.values() if self.source_of(measure))

    def source_of(self, measure: Measure) -> str | None:
        """Return the fact table that gives ``measure`` here, or None where it is not held."""
        if measure.of_days and self.extra:
            return None
        known = (source for source in self.sources if measure.from_fact(source) is not None)
        return next((source for source in known if source not in measure.distinct), None)

    @property
    def table(self) -> LakeTable:
        """The roll-up as a table of the lake."""
        keys = {"venue_id": "int64", "business_date": "date", **self.extra}
        return LakeTable(self.name, keys | {m.name: _type(m) for m in self.measures}, by_month=True)

    def expression(self, facts: dict[str, Table]) -> Table:
        """Return the roll-up's rows as computed from ``facts``."""
        by = [*KEY, *self.extra]
        parts = []
        for source in self.sources:
            names = [m.name for m in self.measures if self.source_of(m) == source]
            parts.append(aggregated(facts[source], by, names, source))
        return joined(parts, by).select(*self.table.columns)


def joined(parts: list[Table], by: list[str]) -> Table:
    """Return groupings of several facts side by side; a group that one of them lacks is kept."""
    result, *others = parts
    for other in others:
        both = result.outer_join(other, [result[name].identical_to(other[name]) for name in by], rname="{name}_right")
        keys = {name: ibis.coalesce(both[name], both[f"{name}_right"]) for name in by}
        values = [name for name in both.columns if name not in by and not name.endswith("_right")]
        # A view, because Ibis cannot join a third table to the keys that this join has made.
        result = both.select(**keys, **{name: _zero_if_count(both[name], name) for name in values}).view()
    return result


def _zero_if_count(value: ibis.Value, name: str) -> ibis.Value:
    return value.fill_null(0) if name in MEASURES and MEASURES[name].counts else value


def _type(measure: Measure) -> str:
    if measure.counts or measure.whole:
        return "int64"
    if measure.name.endswith(("_opened", "_closed")):
        return "timestamp"
    if measure.name.endswith("_date"):
        return "date"
    return QUANTITY.replace("12", "18") if "units" in measure.name else MONEY.replace("14", "18")


DAILY_SALES = Rollup("daily_sales", {}, ("receipts", "items"))
HOURLY_SALES = Rollup("hourly_sales", {"hour": "int16"}, ("receipts", "items"))
DISH_DAYS = Rollup("dish_days", {"product_id": "int64"}, ("items",))
WAITER_DAYS = Rollup("waiter_days", {"waiter_id": "int64"}, ("receipts", "items"))
CHANNEL_DAYS = Rollup("channel_days", {"channel": "string"}, ("receipts", "items"))
PAYMENT_DAYS = Rollup("payment_days", {"payment_method": "string", "payment_kind": "string"}, ("payments",))

#: From the smallest to the largest: the planner takes the first that can answer.
ROLLUPS = (DAILY_SALES, PAYMENT_DAYS, CHANNEL_DAYS, HOURLY_SALES, WAITER_DAYS, DISH_DAYS)


def fact_tables(prefix: str = "") -> dict[str, Table]:
    """Return the facts as expressions; lines carry the section of their product. ``prefix`` is of the tables' names."""
    sections = PRODUCTS.expression.select("product_id", "section")
    facts = {table.name: ibis.table(table.columns, name=prefix + table.name) for table in (RECEIPTS, ITEMS, PAYMENTS)}
    facts["items"] = facts["items"].left_join(sections, "product_id").drop("product_id_right")
    return facts
