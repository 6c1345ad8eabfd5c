"""What an owner plans."""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

PlannedMetric = Literal["revenue", "checks", "guests"]
#: What can be planned: numbers that add up over days and venues.
PLANNED: tuple[PlannedMetric, ...] = get_args(PlannedMetric)


class Target(NamedTuple):
    """What one venue shall bring from one business date to another, both inclusive: a day, a month, any span.

    ``venue`` is its name; ``where`` says where the target was read, for whoever has to correct it.
    """

    venue: str
    first: date
    last: date
    metric: PlannedMetric
    amount: Decimal
    where: str = ""


class Budget(NamedTuple):
    """The plan of one metric for one venue and business date; a row of the table ``budgets``."""

    venue_id: int
    business_date: date
    metric: PlannedMetric
    amount: Decimal
