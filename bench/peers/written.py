"""The statements that MOZG has written out, as somebody would write them who knows the tables and the question only.

They are plain SQL over the roll-ups, day by day and without tricks, and must give the same answer. ``{first}`` and
``{last}`` are the period's days.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics import Period
from mozg.metrics.go_lists import go_list_dishes, offers
from mozg.metrics.menu import QUIET_DAYS, dish_sums, dish_weeks, lives, without_product
from mozg.metrics.narrowing import Part
from mozg.metrics.table_load import dining_rooms, table_days, table_hours

_DURING = "business_date BETWEEN DATE '{first}' AND DATE '{last}'"
_NAMES = "p.dish, coalesce(p.category, '') AS category"
_SUMS = """
sum(units) AS units, sum(gross) AS gross, sum(revenue) AS revenue, sum(costed_units) AS costed_units,
sum(costed_gross) AS costed_gross, sum(costed_revenue) AS costed_revenue,
sum(costed_revenue - coalesce(costed_vat, 0)) AS costed_net, sum(untaxed_revenue) AS untaxed, sum(costed_cost) AS cost
"""
DISH_SUMS = f"""
SELECT {_NAMES}, min(section) AS section, min(top_group) AS top_group, {_SUMS}
FROM dish_days JOIN products p USING (product_id) WHERE {_DURING} AND lines > 0 GROUP BY ALL ORDER BY category, dish
"""
WITHOUT_PRODUCT = f"""
SELECT sum(revenue) AS revenue, coalesce(sum(lines), 0)::BIGINT AS lines
FROM dish_days WHERE product_id IS NULL AND {_DURING}
"""
LIVES = f"""
WITH sold AS (SELECT d.*, {_NAMES} FROM dish_days d JOIN products p USING (product_id)
              WHERE lines > 0 AND business_date <= DATE '{{last}}'),
known AS (SELECT venue_id, min(business_date) AS since, max(business_date) AS until
          FROM daily_sales WHERE business_date <= DATE '{{last}}' GROUP BY ALL),
spans AS (SELECT venue_id, category, dish, min(business_date) AS earliest, max(business_date) AS latest
          FROM sold GROUP BY ALL),
dated AS (SELECT category, dish, min(earliest) AS first_sold, max(latest) AS last_sold, min(since) AS venue_since,
                 max(until) AS known_until, count(*) AS venues
          FROM spans JOIN known USING (venue_id) GROUP BY ALL)
SELECT category, dish, first_sold, last_sold, venue_since, known_until, venues,
       sum(units) FILTER (first_sold >= DATE '{{first}}' AND business_date < first_sold + 28) AS first_units,
       sum(revenue) FILTER (first_sold >= DATE '{{first}}' AND business_date < first_sold + 28) AS first_revenue,
       sum(units) FILTER (last_sold >= DATE '{{first}}' AND business_date > last_sold - 28) AS last_units,
       sum(revenue) FILTER (last_sold >= DATE '{{first}}' AND business_date > last_sold - 28) AS last_revenue
FROM sold JOIN dated USING (category, dish) GROUP BY ALL ORDER BY category, dish
"""
DISH_WEEKS = f"""
WITH open_days AS (
    SELECT venue_id, business_date, first_opened AS opened, greatest(last_closed, last_opened) AS closed
    FROM daily_sales WHERE {_DURING} AND checks > 0
),
known AS (SELECT venue_id, max(business_date) AS until FROM daily_sales GROUP BY ALL),
sold AS (
    SELECT DISTINCT venue_id, {_NAMES}, business_date FROM dish_days JOIN products p USING (product_id)
    WHERE business_date BETWEEN DATE '{{first}}' - {QUIET_DAYS} AND DATE '{{last}}' + {QUIET_DAYS} AND lines > 0
),
spans AS (
    SELECT *, lead(business_date) OVER (PARTITION BY venue_id, dish, category ORDER BY business_date) AS next FROM sold
),
on_menu AS (
    SELECT venue_id, dish, category, business_date + n::INTEGER AS business_date
    FROM spans JOIN known USING (venue_id), range(
        CASE WHEN next - business_date <= {QUIET_DAYS} THEN next - business_date
             WHEN next IS NULL AND until - business_date < {QUIET_DAYS} THEN until - business_date + 1 ELSE 1 END
    ) AS numbers (n)
),
stopped AS (
    SELECT venue_id, dish, category, business_date, least(1, sum(greatest(0, epoch(
        least(coalesce(ended_local, closed), closed) - greatest(started_local, opened)))) / epoch(max(closed - opened))
    ) AS share
    FROM (SELECT venue_id, {_NAMES}, started_local, ended_local FROM stop_list JOIN products p USING (product_id))
    JOIN open_days USING (venue_id)
    WHERE started_local < closed AND coalesce(ended_local, closed) > opened AND closed > opened GROUP BY ALL
),
by_venue AS (
    SELECT venue_id, dish, category, (DATE '{{last}}' - business_date) // 7 AS back,
           (count(*) - coalesce(sum(share), 0))::DECIMAL(12, 3) AS days
    FROM on_menu JOIN open_days USING (venue_id, business_date)
    LEFT JOIN stopped USING (venue_id, dish, category, business_date) GROUP BY ALL
),
traded AS (
    SELECT venue_id, (DATE '{{last}}' - business_date) // 7 AS back, count(*) AS open_days FROM open_days GROUP BY ALL
),
present AS (
    SELECT dish, category, back, sum(days) AS days, sum(open_days) AS open_days
    FROM by_venue JOIN traded USING (venue_id, back) GROUP BY ALL
),
amounts AS (
    SELECT {_NAMES}, (DATE '{{last}}' - business_date) // 7 AS back, {_SUMS}
    FROM dish_days JOIN products p USING (product_id) WHERE {_DURING} AND lines > 0 GROUP BY ALL
)
SELECT category, dish, (DATE '{{last}}' - 6 - 7 * back::INTEGER) AS week,
       * EXCLUDE (category, dish, back, days, open_days),
       coalesce(days, 0) AS days, coalesce(open_days, 0) AS open_days
FROM present FULL JOIN amounts USING (dish, category, back) ORDER BY category, dish, week
"""
_SPANNED = """
    SELECT go_list, v.venue_id, product_id, starts_on, ends_on, target, greatest(starts_on, DATE '{first}') AS since,
           least(coalesce(ends_on, DATE '{last}'), DATE '{last}') AS until
    FROM go_lists g JOIN venues v ON g.venue_id IS NULL OR g.venue_id = v.venue_id
    WHERE starts_on <= DATE '{last}' AND coalesce(ends_on, DATE '{last}') >= DATE '{first}'
"""
OFFERS = f"""
SELECT go_list, min(starts_on) AS starts_on, min(ends_on) AS ends_on, min(target) AS target,
       count(DISTINCT dish) AS dishes, count(DISTINCT venue_id) AS venues
FROM ({_SPANNED}) JOIN products USING (product_id) GROUP BY go_list ORDER BY starts_on DESC, go_list
"""
GO_LIST_DISHES = f"""
SELECT go_list, dish, min(category) AS category, coalesce(sum(units), 0) AS units, sum(revenue) AS revenue
FROM ({_SPANNED}) l JOIN products USING (product_id) LEFT JOIN dish_days d
    ON d.venue_id = l.venue_id AND d.product_id = l.product_id AND business_date BETWEEN since AND until AND lines > 0
GROUP BY go_list, dish ORDER BY ALL
"""
DINING_ROOMS = """
SELECT venue, nullif(v.seats, 0) AS seats, d.tables AS tables_known,
       CASE WHEN v.seats = d.seats THEN seatless ELSE 0 END AS seatless
FROM venues v LEFT JOIN (
    SELECT venue_id, count(*) AS tables, sum(seats) AS seats, count(*) FILTER (coalesce(seats, 0) = 0) AS seatless
    FROM dining_tables GROUP BY venue_id
) d USING (venue_id) ORDER BY venue
"""
TABLE_DAYS = f"""
SELECT business_date, venue, max(tables) AS tables, arg_max(hour, tables * 24 - (hour + 18) % 24) AS hour
FROM table_hours JOIN venues USING (venue_id) WHERE {_DURING} GROUP BY ALL ORDER BY business_date, venue
"""
TABLE_HOURS = f"""
SELECT business_date, venue, hour, tables FROM table_hours JOIN venues USING (venue_id)
WHERE {_DURING} ORDER BY business_date, venue, (hour + 18) % 24
"""
Ours = Callable[[Lake, Period, Part], pd.DataFrame]
PAIRS: tuple[tuple[Ours, str], ...] = (
    (dish_sums, DISH_SUMS),
    (without_product, WITHOUT_PRODUCT),
    (lives, LIVES),
    (dish_weeks, DISH_WEEKS),
    (offers, OFFERS),
    (go_list_dishes, GO_LIST_DISHES),
    (lambda lake, _, part: dining_rooms(lake, part), DINING_ROOMS),
    (table_days, TABLE_DAYS),
    (table_hours, TABLE_HOURS),
)


class Twins:
    """The twins of MOZG's statements about all venues of a lake."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._part = Part(tuple(id_ for (id_,) in lake.rows("SELECT venue_id FROM venues ORDER BY venue")))
        self._known = {self._told(ours): (ours, text) for ours, text in PAIRS}

    def of(self, statement: str, during: Period) -> str | None:
        """Return the twin of ``statement`` in the period, None where it has none.

        Raises:
            AssertionError: they do not give the same.
        """
        if statement not in self._known:
            return None
        ours, text = self._known[statement]
        twin = text.format(first=during.first, last=during.last)
        pd.testing.assert_frame_equal(
            ours(self._lake, during, self._part), self._lake.frame(twin), check_dtype=False, rtol=1e-9
        )
        return twin

    def _told(self, ours: Ours) -> str:
        """The text of the statement that a function asks."""
        listener = _Listener(self._lake)
        day = date(2000, 1, 1)
        ours(listener, Period(day, day), self._part)  # type: ignore[arg-type]
        return listener.text


class _Listener:
    """A lake that notes what it is asked."""

    def __init__(self, lake: Lake) -> None:
        self.scope, self.text = lake.scope, ""

    def frame(self, text: str, variables: Any = None) -> pd.DataFrame:
        """Note the statement; there is no answer."""
        self.text = text
        return pd.DataFrame()
