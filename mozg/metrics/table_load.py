"""Tables through the week: what the sweep over opening and closing of checks found (`mozg.lake.sweeps`), summed up.

A venue's dining room is open on a business date from the opening of the first check at a table to the closing of the
last one; checks that were forgotten open are at no table. Times are the venue's wall clock, money with VAT.
"""

import pandas as pd

from mozg.lake.reader import Lake
from mozg.lake.sweeps import AT_TABLES
from mozg.metrics.narrowing import DURING, Part, days, of_venues
from mozg.metrics.periods import Period

#: Hours of a business day in their order: it begins at six.
_SINCE_SIX = "(hour + 18) % 24"
_WEEK = f"""
WITH days AS (
    SELECT venue_id, business_date, isodow(business_date) AS weekday, min(opened) AS opened, max(closed) AS closed
    FROM ({AT_TABLES.format(receipts="receipts")} AND {DURING} AND {{venues}}) GROUP BY ALL
),
traded AS (SELECT venue_id, weekday, count(*) AS days FROM days GROUP BY ALL),
offered AS (
    SELECT venue_id, weekday, hour(full_hour) AS hour,
           sum(epoch(least(closed, full_hour + INTERVAL 1 HOUR) - greatest(opened, full_hour))::BIGINT) AS open_seconds
    FROM (
        SELECT *, unnest(generate_series(date_trunc('hour', opened), closed - INTERVAL 1 SECOND, INTERVAL 1 HOUR))
            AS full_hour
        FROM days
    ) GROUP BY ALL
),
taken AS (
    SELECT venue_id, isodow(business_date) AS weekday, hour, sum(tables) AS tables, max(tables) AS most,
           sum(table_seconds) AS table_seconds, sum(guest_seconds) AS guest_seconds, sum(revenue) AS revenue,
           sum(seatings) AS seatings, sum(seating_seconds) AS seating_seconds
    FROM table_hours WHERE {DURING} AND {{venues}} GROUP BY ALL
)
SELECT v.venue, weekday, hour, days, open_seconds, coalesce(tables, 0) AS tables, coalesce(most, 0) AS most,
       coalesce(table_seconds, 0) AS table_seconds, coalesce(guest_seconds, 0) AS guest_seconds,
       coalesce(revenue, 0) AS revenue, coalesce(seatings, 0) AS seatings,
       coalesce(seating_seconds, 0) AS seating_seconds
FROM offered JOIN traded USING (venue_id, weekday) LEFT JOIN taken USING (venue_id, weekday, hour)
JOIN venues v USING (venue_id) ORDER BY venue, weekday, {_SINCE_SIX}
"""
_ROOMS = """
SELECT v.venue, nullif(v.seats, 0) AS seats, d.tables AS tables_known,
       CASE WHEN v.seats = d.seats THEN d.seatless ELSE 0 END AS seatless
FROM venues v LEFT JOIN (
    SELECT venue_id, count(*) AS tables, sum(seats) AS seats, count(*) FILTER (coalesce(seats, 0) = 0) AS seatless
    FROM dining_tables GROUP BY venue_id
) d USING (venue_id)
WHERE {venues} ORDER BY venue
"""


def table_week(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row per ``venue``, ``weekday`` (Monday 1 …) and ``hour`` (0–23) in which its dining room was open.

    Over all such days: ``days``, on how many such weekdays the room was open at all, ``open_seconds`` of this hour,
    ``tables`` (the most taken at once in the hour, summed) and ``most`` (the most ever), ``table_seconds``,
    ``guest_seconds``, ``revenue`` (of checks at tables, spread evenly over their time), ``seatings`` begun in it and
    the ``seating_seconds`` that these lasted.

    Raises:
        LakeError: the lake cannot be read.
    """
    return lake.frame(_WEEK.format(venues=of_venues(lake, part)), days(during))


def dining_rooms(lake: Lake, part: Part) -> pd.DataFrame:
    """Return one row per ``venue``: its ``seats``, ``tables_known`` (in use) and ``seatless``.

    Seats are those entered for the venue, else those of its tables, of which then ``seatless`` have none; what nobody
    has entered is missing.

    Raises:
        LakeError: the lake cannot be read.
    """
    return lake.frame(_ROOMS.format(venues=of_venues(lake, part)))


def table_days(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row per ``business_date`` and ``venue``: ``tables``, the most at once, and the first ``hour`` of it.

    Raises:
        LakeError: the lake cannot be read.
    """
    statement = f"""
        SELECT business_date, venue, max(tables) AS tables,
               arg_max(hour, tables * 24 - {_SINCE_SIX}) AS hour
        FROM table_hours JOIN venues USING (venue_id) WHERE {DURING} AND {of_venues(lake, part)}
        GROUP BY ALL ORDER BY business_date, venue
    """
    return lake.frame(statement, days(during))


def table_hours(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return one row per ``business_date``, ``venue`` and ``hour`` with the ``tables`` taken at once.

    Raises:
        LakeError: the lake cannot be read.
    """
    statement = f"""
        SELECT business_date, venue, hour, tables FROM table_hours JOIN venues USING (venue_id)
        WHERE {DURING} AND {of_venues(lake, part)} ORDER BY business_date, venue, {_SINCE_SIX}
    """
    return lake.frame(statement, days(during))
