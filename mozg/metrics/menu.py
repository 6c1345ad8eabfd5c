"""What is known of each dish, week by week: sales, and the days on which it could be had at all.

A dish is *on the menu* of a venue on a trading day if it was sold that day, or was sold before and again within
``quiet`` days (at the end of the data: if that may still come). So a dish that came on the 20th was on the menu since
the 20th, and one that left on the 5th until the 5th. From such days the share of the venue's open time is taken off
during which the dish was on the stop list.

Dishes are told apart by name and category: one dish has a product in each till of a chain.
"""

from collections.abc import Mapping

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.narrowing import DURING, Part, days, of_dishes, of_venues
from mozg.metrics.periods import Period

#: Days without a sale after which a dish is no longer on the menu.
QUIET_DAYS = 28

#: What is summed up: the frame's column → the roll-up's expression.
SUMS: Mapping[str, str] = {
    "units": "sum(d.units)",
    "gross": "sum(d.gross)",
    "revenue": "sum(d.revenue)",
    "costed_units": "sum(d.costed_units)",
    "costed_gross": "sum(d.costed_gross)",
    "costed_revenue": "sum(d.costed_revenue)",
    "costed_net": "sum(d.costed_revenue - coalesce(d.costed_vat, 0))",
    "untaxed": "sum(d.untaxed_revenue)",
    "cost": "sum(d.costed_cost)",
}
KEY = "p.dish, coalesce(p.category, '') AS category"

_SUMMED = ", ".join(f"{expression} AS {name}" for name, expression in SUMS.items())
#: Weeks of seven days, counted back from the last day of ``quiet`` weeks after the period; each is called by its first
#: day.
_WEEK = """(
    getvariable('last')::DATE + 7 * getvariable('quiet')::INTEGER - 6
    - (7 * ((getvariable('last')::DATE + 7 * getvariable('quiet')::INTEGER - {day}) // 7))::INTEGER
)"""

#: Which part of a venue's open time (``calendar``) a dish (``named``) was on the stop list.
STOPPED = """
stopped AS (
    SELECT c.venue_id, n.dish, n.category, c.business_date, least(1, sum(greatest(0, epoch(
        least(coalesce(s.ended_local, c.closed), c.closed) - greatest(s.started_local, c.opened)
    ))) / epoch(max(c.closed) - min(c.opened))) AS share
    FROM stop_list s JOIN named n USING (product_id)
    JOIN calendar c ON c.venue_id = s.venue_id AND s.started_local < c.closed
        AND coalesce(s.ended_local, c.closed) > c.opened AND c.closed > c.opened
    GROUP BY ALL
)
"""
#: What `dish_weeks` asks. Dishes are numbered, and the days of a week put together at once: what keeps a dish off the
#: menu is a gap between weeks. A dish that was sold in each of its weeks has none, so that windows (`fragments`) go
#: over few rows; the days on the menu are then counted week by week (`touched`), by day where a week was not whole.
_WEEKS = f"""
WITH venue_days AS (
    SELECT venue_id, business_date, checks, first_opened AS opened, greatest(last_closed, last_opened) AS closed
    FROM daily_sales WHERE {{venues}} AND business_date >= getvariable('first')::DATE - getvariable('quiet')::INTEGER
),
calendar AS (SELECT *, {_WEEK.format(day="business_date")} AS week FROM venue_days WHERE {DURING} AND checks > 0),
traded AS (
    SELECT venue_id, week, count(*) AS open_days, min(business_date) AS since, max(business_date) AS until
    FROM calendar GROUP BY ALL
),
known AS (SELECT venue_id, max(business_date) AS until FROM venue_days GROUP BY ALL),
named AS (
    SELECT product_id, dish, category, dense_rank() OVER (ORDER BY dish, category) AS number
    FROM (SELECT product_id, {KEY} FROM products p WHERE {{dishes}})
),
sold AS (
    SELECT venue_id, number, {_WEEK.format(day="business_date")} AS week, min(business_date) AS first_sold,
           max(business_date) AS last_sold
    FROM dish_days d JOIN named USING (product_id)
    WHERE business_date BETWEEN getvariable('first')::DATE - getvariable('quiet')::INTEGER
        AND getvariable('last')::DATE + getvariable('quiet')::INTEGER AND {{venues}} AND d.lines > 0
    GROUP BY ALL
),
dish_here AS (
    SELECT venue_id, number, min(first_sold) AS first_sold, max(last_sold) AS last_sold,
           7 * (count(*) - 1) = max(week) - min(week) AND getvariable('quiet')::INTEGER > 12 AS weekly
    FROM sold GROUP BY ALL
),
fragments AS (
    SELECT venue_id, number, first_sold, last_sold, NULL::DATE AS next, NULL::DATE AS before FROM dish_here WHERE weekly
    UNION ALL
    SELECT venue_id, number, s.first_sold, s.last_sold, lead(s.first_sold) OVER weeks, lag(s.last_sold) OVER weeks
    FROM sold s JOIN dish_here h USING (venue_id, number) WHERE NOT h.weekly
    WINDOW weeks AS (PARTITION BY venue_id, number ORDER BY s.first_sold)
),
islands AS (
    SELECT venue_id, number, min(first_sold) AS since, max(reach) AS reach
    FROM (
        SELECT venue_id, number, first_sold,
               CASE WHEN next - last_sold <= getvariable('quiet')::INTEGER THEN next - 1
                    WHEN next IS NULL AND k.until - last_sold < getvariable('quiet')::INTEGER THEN k.until
                    ELSE last_sold END AS reach,
               sum(coalesce(first_sold - before > getvariable('quiet')::INTEGER, true)::INTEGER)
                   OVER (PARTITION BY venue_id, number ORDER BY first_sold) AS island
        FROM fragments JOIN known k USING (venue_id)
    ) GROUP BY venue_id, number, island
),
names AS (SELECT DISTINCT number, dish, category FROM named),
{STOPPED},
touched AS (
    SELECT i.venue_id, i.number, i.since, i.reach, t.week, t.open_days,
           i.since <= t.since AND i.reach >= t.until AS whole
    FROM islands i JOIN traded t ON t.venue_id = i.venue_id AND i.since <= t.until AND i.reach >= t.since
),
listed AS (
    SELECT venue_id, number, week, sum(days)::DECIMAL(12, 3) AS days
    FROM (
        SELECT venue_id, number, week, open_days AS days FROM touched WHERE whole
        UNION ALL
        SELECT venue_id, number, week, count(*) FROM touched JOIN calendar USING (venue_id, week)
        WHERE NOT whole AND business_date BETWEEN since AND reach GROUP BY ALL
        UNION ALL
        SELECT venue_id, number, {_WEEK.format(day="business_date")} AS week, -sum(share)
        FROM stopped JOIN names USING (dish, category) JOIN islands USING (venue_id, number)
        WHERE business_date BETWEEN since AND reach GROUP BY ALL
    ) GROUP BY ALL
),
present AS (
    SELECT number, week, sum(days) AS days, sum(open_days) AS open_days
    FROM listed JOIN traded USING (venue_id, week) GROUP BY ALL
),
amounts AS (
    SELECT number, week, {", ".join(f"sum({name}) AS {name}" for name in SUMS)}
    FROM (
        SELECT product_id, {_WEEK.format(day="business_date")} AS week, {_SUMMED}
        FROM dish_days d WHERE {DURING} AND {{venues}} AND d.lines > 0 GROUP BY ALL
    ) JOIN named USING (product_id) GROUP BY ALL
)
SELECT category, dish, week, {", ".join(SUMS)},
       coalesce(days, 0) AS days, coalesce(open_days, 0) AS open_days
FROM present FULL JOIN amounts USING (number, week) JOIN names USING (number)
ORDER BY category, dish, week
"""
#: What `lives` asks: all history for the days, and only the period, and four weeks before it, for the amounts.
_LIVES = f"""
WITH named AS (SELECT product_id, {KEY} FROM products p WHERE {{dishes}}),
known AS (
    SELECT venue_id, min(business_date) AS since, max(business_date) AS until
    FROM daily_sales WHERE {{venues}} AND business_date <= getvariable('last')::DATE GROUP BY ALL
),
spans AS (
    SELECT venue_id, product_id, min(business_date) AS earliest, max(business_date) AS latest
    FROM dish_days WHERE {{venues}} AND lines > 0 AND business_date <= getvariable('last')::DATE GROUP BY ALL
),
dated AS (
    SELECT category, dish, min(earliest) AS first_sold, max(latest) AS last_sold, min(since) AS venue_since,
           max(until) AS known_until, count(DISTINCT venue_id) AS venues
    FROM spans JOIN named USING (product_id) JOIN known USING (venue_id) GROUP BY ALL
),
amounts AS (
    SELECT category, dish, sum(units) FILTER (business_date < first_sold + 28) AS first_units,
           sum(revenue) FILTER (business_date < first_sold + 28) AS first_revenue,
           sum(units) FILTER (business_date > last_sold - 28) AS last_units,
           sum(revenue) FILTER (business_date > last_sold - 28) AS last_revenue
    FROM dish_days JOIN named USING (product_id) JOIN dated USING (category, dish)
    WHERE {{venues}} AND lines > 0
        AND business_date BETWEEN getvariable('first')::DATE - 28 AND getvariable('last')::DATE GROUP BY ALL
)
SELECT category, dish, first_sold, last_sold, venue_since, known_until, venues,
       CASE WHEN first_sold >= getvariable('first')::DATE THEN first_units END AS first_units,
       CASE WHEN first_sold >= getvariable('first')::DATE THEN first_revenue END AS first_revenue,
       CASE WHEN last_sold >= getvariable('first')::DATE THEN last_units END AS last_units,
       CASE WHEN last_sold >= getvariable('first')::DATE THEN last_revenue END AS last_revenue
FROM dated LEFT JOIN amounts USING (category, dish) ORDER BY category, dish
"""


def dish_weeks(lake: Lake, during: Period, part: Part, quiet: int = QUIET_DAYS) -> pd.DataFrame:
    """Return one row per dish and week: ``category``, ``dish``, ``week`` (its first day), `SUMS`, ``days``,
    ``open_days``.

    Weeks are whole ones counted back from the last day; the first may be cut by the period. ``days`` are those on which
    the dish was on the menu, less what it was on the stop list, summed over venues; ``open_days`` those on which the
    venues that had it that week traded. Weeks in which a dish was on the menu and nobody bought it have a row with
    missing sums. Money of ``costed_net`` and ``cost`` is without VAT (``untaxed`` is the part of it whose VAT no till
    tells), the rest with.

    Raises:
        LakeError: the lake cannot be read.
        QueryError: the part is narrowed by something that a dish does not have.
    """
    return lake.frame(
        _WEEKS.format(venues=of_venues(lake, part), dishes=of_dishes(part, "p")), days(during, quiet=quiet)
    )


def dish_sums(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row per dish: ``category``, ``dish``, ``section``, ``top_group`` and `SUMS` over the period.

    Where tills put a dish under different roots of their menus, ``top_group`` is the first by name.

    Raises:
        LakeError, QueryError: see `dish_weeks`.
    """
    statement = f"""
        SELECT {KEY}, min(p.section) AS section, min(p.top_group) AS top_group, {_SUMMED}
        FROM dish_days d JOIN products p USING (product_id)
        WHERE {DURING} AND {of_venues(lake, part)} AND {of_dishes(part, "p")} AND d.lines > 0
        GROUP BY ALL ORDER BY category, dish
    """
    return lake.frame(statement, days(during))


def lives(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return when each dish was first and last sold in all history up to the period's end.

    One row per dish that was sold by then: ``category``, ``dish``, ``first_sold``, ``last_sold``, ``venue_since`` (the
    first day of the oldest venue that sells it), ``known_until`` (the last day with data), ``venues`` (how many ever
    sold it), and units and revenue of its first and its last four weeks (``first_units``, …, ``last_revenue``), missing
    where it was first, or last, sold before the period.

    Raises:
        LakeError, QueryError: see `dish_weeks`.
    """
    return lake.frame(_LIVES.format(venues=of_venues(lake, part), dishes=of_dishes(part, "p")), days(during))


def without_product(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row: ``revenue`` and ``lines`` of sold lines that no product of the menu stands behind."""
    statement = f"""
        SELECT sum(revenue) AS revenue, coalesce(sum(lines), 0)::BIGINT AS lines FROM dish_days
        WHERE product_id IS NULL AND {DURING} AND {of_venues(lake, part)}
    """
    return lake.frame(statement, days(during))
