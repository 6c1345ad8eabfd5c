"""What the facts add up to. Each measure is defined here once; roll-ups store it and metrics are made of it.

A measure has one expression per fact table that can give it. Rows are counted by status: ``sale`` and ``refund``
make revenue, ``sale`` alone makes checks and guests, ``void`` makes neither. Lines that were voided before payment
count for the void measures only. Sums of nothing known are missing (NULL), counts of nothing are zero.
"""

from dataclasses import dataclass
from typing import Any, Literal

from ibis import _
from ibis.expr.types import Table, Value


@dataclass(frozen=True)
class Measure:
    """A number that the facts give. ``combine`` says how stored values of it become one.

    ``whole`` numbers may be missing, ``counts`` are whole and never missing. In the facts named by ``distinct`` it
    counts different things, which no roll-up can add up. A measure ``of_days`` counts a venue's days: only the
    roll-up that has one row for each of them can hold it.
    """

    name: str
    receipts: Value | None = None
    items: Value | None = None
    payments: Value | None = None
    combine: Literal["sum", "min", "max"] = "sum"
    counts: bool = False
    whole: bool = False
    distinct: tuple[str, ...] = ()
    of_days: bool = False

    def from_fact(self, fact: str) -> Value | None:
        """Return the expression over the fact table of that name, or None where it cannot be had."""
        value: Value | None = getattr(self, fact, None)
        return None if value is None else self._told(value)

    def from_rollup(self) -> Value:
        """Return the expression over a roll-up that stores this measure."""
        return self._told(getattr(_[self.name], self.combine)())

    def _told(self, value: Value) -> Value:
        return value.fill_null(0) if self.counts else value


sold = _.status != "void"
sale = _.status == "sale"
refund = _.status == "refund"
void = _.status == "void"
line_sold = sold & ~_.voided
line_sale = sale & ~_.voided
venue_day = _.venue_id.cast("string").concat(":", _.business_date.cast("string"))
with_guests = _.guests > 0
costed = line_sold & (_.cost != 0)
comped = (_.gross > 0) & (_.discount >= _.gross)
kitchen = _.section == "kitchen"
bar = _.section == "bar"

MEASURES = {
    measure.name: measure
    for measure in (
        Measure("revenue", receipts=_.revenue.sum(where=sold), items=_.revenue.sum(where=line_sold)),
        Measure("gross", receipts=_.gross.sum(where=sold), items=_.gross.sum(where=line_sold)),
        Measure("discount", receipts=_.discount.sum(where=sold), items=_.discount.sum(where=line_sold)),
        Measure("vat", receipts=_.vat.sum(where=sold), items=_.vat.sum(where=line_sold)),
        Measure("cost", receipts=_.cost.sum(where=sold), items=_.cost.sum(where=line_sold)),
        Measure("refunded", receipts=-_.revenue.sum(where=refund), items=-_.revenue.sum(where=refund & ~_.voided)),
        Measure(
            "checks",
            receipts=_.count(where=sale),
            items=_.check_key.nunique(where=line_sale),
            payments=_.check_key.nunique(where=sale),
            counts=True,
            distinct=("items", "payments"),
        ),
        Measure("days", receipts=venue_day.nunique(where=sold), counts=True, of_days=True),
        Measure("guests", receipts=_.guests.sum(where=sale), whole=True),
        Measure("checks_with_guests", receipts=_.count(where=sale & with_guests), counts=True),
        Measure("revenue_with_guests", receipts=_.revenue.sum(where=sale & with_guests)),
        Measure("timed_checks", receipts=_.count(where=sale & _.minutes.notnull()), counts=True),
        Measure("minutes", receipts=_.minutes.sum(where=sale), whole=True),
        Measure("discounted_checks", receipts=_.count(where=sale & (_.discount > 0)), counts=True),
        Measure("comped_checks", receipts=_.count(where=sale & comped), counts=True),
        Measure("comped", receipts=_.discount.sum(where=sale & comped)),
        Measure("checks_with_voids", receipts=_.count(where=sale & (_.void_lines > 0)), counts=True),
        Measure("refunds", receipts=_.count(where=refund), counts=True),
        Measure("void_checks", receipts=_.count(where=void), counts=True),
        Measure("void_checks_amount", receipts=_.gross.sum(where=void)),
        Measure("void_lines", items=_.count(where=sold & _.voided), counts=True),
        Measure("void_lines_amount", items=_.gross.sum(where=sold & _.voided)),
        Measure("lines", items=_.count(where=line_sold), counts=True),
        Measure("units", items=_.quantity.sum(where=line_sold)),
        Measure("units_on_checks", items=_.quantity.sum(where=line_sale)),
        Measure("units_with_guests", items=_.quantity.sum(where=line_sale & with_guests)),
        Measure("kitchen_revenue", items=_.revenue.sum(where=line_sold & kitchen)),
        Measure("bar_revenue", items=_.revenue.sum(where=line_sold & bar)),
        Measure("kitchen_units", items=_.quantity.sum(where=line_sale & kitchen)),
        Measure("bar_units", items=_.quantity.sum(where=line_sale & bar)),
        Measure("kitchen_units_with_guests", items=_.quantity.sum(where=line_sale & kitchen & with_guests)),
        Measure("bar_units_with_guests", items=_.quantity.sum(where=line_sale & bar & with_guests)),
        Measure("costed_units", items=_.quantity.sum(where=costed)),
        Measure("costed_gross", items=_.gross.sum(where=costed)),
        Measure("costed_revenue", items=_.revenue.sum(where=costed)),
        Measure("costed_vat", items=_.vat.sum(where=costed)),
        Measure("costed_cost", items=_.cost.sum(where=costed)),
        Measure("line_revenue", items=_.revenue.sum(where=line_sold)),
        Measure("line_vat", items=_.vat.sum(where=line_sold)),
        Measure("untaxed_revenue", items=_.revenue.sum(where=costed & _.vat.isnull())),
        Measure("paid", payments=_.amount.sum(where=sold)),
        Measure("payments", payments=_.count(where=sold), counts=True),
        Measure("paid_cash", payments=_.amount.sum(where=sold & (_.payment_kind == "cash"))),
        Measure("on_the_house", payments=_.amount.sum(where=sold & (_.payment_kind == "write_off"))),
        Measure("first_opened", receipts=_.opened_local.min(where=sold), combine="min"),
        Measure("last_opened", receipts=_.opened_local.max(where=sold), combine="max"),
        Measure("last_closed", receipts=_.closed_local.max(where=sold), combine="max"),
        Measure("first_date", receipts=_.business_date.min(where=sold), combine="min"),
        Measure("last_date", receipts=_.business_date.max(where=sold), combine="max"),
    )
}


def aggregated(fact: Table, by: list[str], names: list[str], source: str) -> Table:
    """Return ``fact`` grouped ``by`` columns with the measures ``names``, as ``source`` defines them."""
    values: dict[str, Any] = {name: MEASURES[name].from_fact(source) for name in names}
    return fact.aggregate(by=by, **values) if by else fact.aggregate(**values)


def stored(rollup: Table, by: list[str], names: list[str]) -> Table:
    """Return a roll-up grouped further ``by`` columns, its measures ``names`` combined."""
    values: dict[str, Any] = {name: MEASURES[name].from_rollup() for name in names}
    return rollup.aggregate(by=by, **values) if by else rollup.aggregate(**values)
