"""Table hours: what a sweep over the opening and closing of checks finds in each hour of a venue's day.

Stored ready like the roll-ups, because a sweep over a quarter of thirty venues takes longer than a page may. A table
is taken from the opening to the closing of a check; checks of one table that overlap are one seating (guests who pay
apart). A table that is freed at the moment at which another is taken is not taken twice. Checks without a table or a
closing time, and those that were forgotten open for half a day, are in no hour.
"""

from mozg.lake.tables import LakeTable

#: Hours after which a check was forgotten, not sat over.
LONGEST_VISIT = 12

#: ``hour`` is the local hour (0–23); ``tables`` the most taken at once in it; ``table_seconds`` and ``guest_seconds``
#: what of tables and of guests lies in it; ``revenue`` that of the checks at tables, spread evenly over their seconds
#: and cut at full hours, so that it sums to the checks' own; ``seatings`` began in this hour and lasted, all together,
#: ``seating_seconds``.
TABLE_HOURS = LakeTable(
    "table_hours",
    {
        "venue_id": "int64",
        "business_date": "date",
        "hour": "int16",
        "tables": "int64",
        "table_seconds": "int64",
        "guest_seconds": "int64",
        "revenue": "decimal(18, 2)",
        "seatings": "int64",
        "seating_seconds": "int64",
    },
    by_month=True,
)

#: The checks that sit at a table: where, from when to when.
AT_TABLES = f"""
SELECT venue_id, business_date, hall, table_name, coalesce(guests, 0) AS guests, coalesce(revenue, 0) AS revenue,
       date_trunc('second', opened_local) AS opened, date_trunc('second', closed_local) AS closed
FROM {{receipts}}
WHERE status = 'sale' AND table_name IS NOT NULL
    AND date_trunc('second', closed_local) > date_trunc('second', opened_local)
    AND closed_local - opened_local <= INTERVAL {LONGEST_VISIT} HOUR
"""
_AT_ONE_TABLE = "venue_id, business_date, hall, table_name"
#: Seconds from the opening to a moment.
_UP_TO = "epoch(least(greatest({moment}, opened), closed) - opened)::BIGINT::DECIMAL(18, 0)"
_WHOLE = "epoch(closed - opened)::BIGINT"


def _share(moment: str) -> str:
    """The money of a check up to a moment, in cents; the differences of such shares sum to the check's own."""
    return f"(revenue * {_UP_TO.format(moment=moment)} / {_WHOLE})::DECIMAL(18, 2)"


SWEEP = f"""
WITH checks AS ({AT_TABLES.format(receipts="fresh_receipts")}),
marked AS (
    SELECT *, coalesce(opened >= max(closed) OVER before, true)::INTEGER AS sits_down FROM checks
    WINDOW before AS (
        PARTITION BY {_AT_ONE_TABLE} ORDER BY opened, closed ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
numbered AS (
    SELECT *, sum(sits_down) OVER (PARTITION BY {_AT_ONE_TABLE} ORDER BY opened, closed ROWS UNBOUNDED PRECEDING) AS nth
    FROM marked
),
seatings AS (
    SELECT venue_id, business_date, min(opened) AS opened, max(closed) AS closed, sum(guests) AS guests
    FROM numbered GROUP BY {_AT_ONE_TABLE}, nth
),
moments AS (
    SELECT venue_id, business_date, instant, sum(change) AS change, sum(guests) AS guests
    FROM (
        SELECT venue_id, business_date, opened AS instant, 1 AS change, guests FROM seatings
        UNION ALL SELECT venue_id, business_date, closed, -1, -guests FROM seatings
    ) GROUP BY venue_id, business_date, instant
),
steps AS (
    SELECT venue_id, business_date, instant, lead(instant) OVER day AS until, sum(change) OVER day AS taken,
           sum(guests) OVER day AS guests
    FROM moments WINDOW day AS (PARTITION BY venue_id, business_date ORDER BY instant)
),
pieces AS (
    SELECT venue_id, business_date, taken, guests, full_hour,
           epoch(least(until, full_hour + INTERVAL 1 HOUR) - greatest(instant, full_hour))::BIGINT AS seconds
    FROM (
        SELECT *, unnest(generate_series(date_trunc('hour', instant), until - INTERVAL 1 SECOND, INTERVAL 1 HOUR))
            AS full_hour
        FROM steps WHERE taken > 0
    )
),
load AS (
    SELECT venue_id, business_date, hour(full_hour) AS hour, max(taken) AS tables,
           sum(taken * seconds) AS table_seconds, sum(guests * seconds) AS guest_seconds
    FROM pieces GROUP BY ALL
),
money AS (
    SELECT venue_id, business_date, hour(full_hour) AS hour,
           sum({_share("full_hour + INTERVAL 1 HOUR")} - {_share("full_hour")}) AS revenue
    FROM (
        SELECT *, unnest(generate_series(date_trunc('hour', opened), closed - INTERVAL 1 SECOND, INTERVAL 1 HOUR))
            AS full_hour
        FROM checks
    ) GROUP BY ALL
),
begun AS (
    SELECT venue_id, business_date, hour(opened) AS hour, count(*) AS seatings,
           sum(epoch(closed - opened)::BIGINT) AS seating_seconds
    FROM seatings GROUP BY ALL
)
SELECT venue_id, business_date, hour, tables, table_seconds, guest_seconds, revenue, coalesce(seatings, 0),
       coalesce(seating_seconds, 0)
FROM load JOIN money USING (venue_id, business_date, hour) LEFT JOIN begun USING (venue_id, business_date, hour)
ORDER BY business_date, venue_id, hour
"""
