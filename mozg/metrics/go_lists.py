"""What was sold of go-lists: the dishes that waiters are to offer, where and while the list is valid.

Beside what a list's dishes brought stands all that the same people sold on the same days. A line belongs to who rang it
up, a check's guests to who served it.
"""

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.narrowing import DURING, Part, days, of_venues
from mozg.metrics.periods import Period

By = Literal["waiter", "business_date"]
_COLUMNS: Mapping[By, str] = {"waiter": "employee", "business_date": "business_date"}

#: Each dish of each list with the days of the period on which it is valid, venue by venue.
_LISTED = """
listed AS (
    SELECT g.go_list, v.venue_id, g.product_id, g.starts_on, g.ends_on, g.target,
           greatest(g.starts_on, getvariable('first')::DATE) AS since,
           least(coalesce(g.ends_on, getvariable('last')::DATE), getvariable('last')::DATE) AS until
    FROM go_lists g JOIN venues v ON v.venue_id = coalesce(g.venue_id, v.venue_id)
    WHERE since <= until AND {here}
),
valid AS (SELECT DISTINCT go_list, venue_id, since, until FROM listed)
"""
_OFFERS = f"""
WITH {_LISTED}
SELECT go_list, any_value(starts_on) AS starts_on, any_value(ends_on) AS ends_on, any_value(target) AS target,
       count(DISTINCT dish) AS dishes, count(DISTINCT venue_id) AS venues
FROM listed JOIN products USING (product_id) GROUP BY go_list ORDER BY starts_on DESC, go_list
"""
_SALES = f"""
WITH {_LISTED},
worked AS (
    SELECT go_list, waiter_id, business_date, sum(checks) AS checks, sum(line_revenue) AS revenue, sum(guests) AS guests
    FROM waiter_days w JOIN valid l ON l.venue_id = w.venue_id AND business_date BETWEEN since AND until
    WHERE {DURING} AND {{there}} GROUP BY ALL
),
sold AS (
    SELECT go_list, waiter_id, business_date, sum(revenue) AS go_revenue, sum(quantity) AS go_units
    FROM items i JOIN listed l ON l.venue_id = i.venue_id AND l.product_id = i.product_id
        AND business_date BETWEEN since AND until
    WHERE {DURING} AND {{there}} AND status <> 'void' AND NOT voided GROUP BY ALL
),
told AS (
    SELECT coalesce(w.go_list, s.go_list) AS go_list, coalesce(w.waiter_id, s.waiter_id) AS employee_id,
           coalesce(w.business_date, s.business_date) AS business_date, checks, revenue, guests, go_revenue, go_units
    FROM worked w FULL JOIN sold s ON s.go_list = w.go_list AND s.business_date = w.business_date
        AND s.waiter_id IS NOT DISTINCT FROM w.waiter_id
)
SELECT go_list, {{by}} coalesce(sum(checks), 0) AS checks, sum(revenue) AS revenue, sum(guests) AS guests,
       sum(go_revenue) AS go_revenue, coalesce(sum(go_units), 0) AS go_units
FROM told LEFT JOIN employees USING (employee_id) GROUP BY ALL ORDER BY ALL
"""
_DISHES = f"""
WITH {_LISTED}
SELECT go_list, dish, any_value(category) AS category, coalesce(sum(units), 0) AS units, sum(revenue) AS revenue
FROM listed l JOIN products USING (product_id)
LEFT JOIN dish_days d ON d.venue_id = l.venue_id AND d.product_id = l.product_id
    AND d.business_date BETWEEN l.since AND l.until AND d.lines > 0
GROUP BY go_list, dish ORDER BY ALL
"""


def offers(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return the go-lists that are valid on some day of the period: ``go_list``, ``starts_on``, ``ends_on`` (missing:
    until further notice), ``target`` (a share of revenue, missing where none is set), how many ``dishes`` and
    ``venues``. The newest comes first.

    Raises:
        LakeError: the lake cannot be read.
    """  # fmt: skip
    return lake.frame(_OFFERS.format(here=of_venues(lake, part, "v.venue_id")), days(during))


def go_list_sales(lake: Lake, during: Period, part: Part, by: tuple[By, ...] = ()) -> pd.DataFrame:
    """Return what was sold while each list was valid: a row per ``go_list``, and per waiter and day where asked for.

    ``checks``, ``guests`` and ``revenue`` (of lines, VAT included) are of all that was sold on those days where the
    list is valid, ``go_revenue`` and ``go_units`` of the list's dishes; ``waiter`` is missing where the till names
    nobody. Refunds are taken off, voided lines do not count.

    Raises:
        LakeError: the lake cannot be read.
    """
    named = "".join(f"{_COLUMNS[name]} AS {name}, " for name in by)
    venues = {"here": of_venues(lake, part, "v.venue_id"), "there": of_venues(lake, part, "l.venue_id")}
    return lake.frame(_SALES.format(by=named, **venues), days(during))


def go_list_dishes(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return what each dish of each list sold: ``go_list``, ``dish``, ``category``, ``units``, ``revenue``.

    A dish that nobody bought has a row, with missing revenue.

    Raises:
        LakeError: the lake cannot be read.
    """
    return lake.frame(_DISHES.format(here=of_venues(lake, part, "v.venue_id")), days(during))
