"""What each reading of a venue's day found: its revenue beside the till's own total, and what came late.

One row of ``day_readings`` per venue and business date. All of it runs in the caller's transaction. The parameters
are always ``organization``, ``venue``, ``first`` and ``last`` (business dates, both inclusive), and what is named.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, text

#: So often a day is read again for one and the same difference: a till that never agrees is not read for ever.
MOST_REREADS = 3

# A day is over when the next one has ended too: what changes after that is late. A day that was read twice in one run
# has rows of both readings under the run's number, hence ``run_changed``.
NOTE = text("""
MERGE INTO day_readings t USING (
    SELECT day::date AS business_date,
           coalesce(sum(r.revenue) FILTER (WHERE NOT r.deleted AND r.status <> 'void'), 0) AS revenue,
           count(*) FILTER (WHERE NOT r.deleted AND r.status = 'sale') AS receipts,
           count(*) FILTER (WHERE r.changed_in = :run) AS changed
    FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') day
    LEFT JOIN receipts r ON r.business_date = day::date AND r.venue_id = :venue
    GROUP BY 1
) s ON t.venue_id = :venue AND t.business_date = s.business_date
WHEN MATCHED THEN UPDATE SET
    read_at = now(), revenue = s.revenue, receipts = s.receipts, run_id = :run, run_changed = s.changed,
    rereads = CASE WHEN s.revenue = t.revenue THEN t.rereads ELSE 0 END,
    late_receipts = t.late_receipts
        + CASE WHEN t.was_over THEN s.changed - CASE WHEN t.run_id = :run THEN t.run_changed ELSE 0 END ELSE 0 END,
    late_amount = t.late_amount + CASE WHEN t.was_over THEN abs(s.revenue - t.revenue) ELSE 0 END,
    was_over = s.business_date < CAST(:today AS date) - 1
WHEN NOT MATCHED THEN INSERT
    (organization_id, venue_id, business_date, revenue, receipts, run_id, run_changed, was_over)
    VALUES (:organization, :venue, s.business_date, s.revenue, s.receipts, :run, s.changed,
            s.business_date < CAST(:today AS date) - 1)
""")

# Receipts that say in which cash shift they were paid are compared shift by shift, those that do not day by day. A
# shift without a total is not compared, nor one of the last two days that has no end: it may be open.
COMPARE = text("""
WITH told AS (
    SELECT business_date, external_id, revenue, receipts, closed_at FROM cash_shifts
    WHERE venue_id = :venue AND NOT deleted AND business_date BETWEEN :first AND :last
), sold AS (
    SELECT business_date, cash_shift, coalesce(sum(revenue), 0) AS revenue FROM receipts
    WHERE venue_id = :venue AND NOT deleted AND status <> 'void' AND business_date BETWEEN :first AND :last
    GROUP BY 1, 2
), pairs AS (
    SELECT business_date, bool_or(coalesce(t.revenue, 0) <> coalesce(s.revenue, 0)) AS off
    FROM (SELECT business_date, external_id AS cash_shift, revenue FROM told) t
    FULL JOIN sold s USING (business_date, cash_shift)
    GROUP BY 1
), days AS (
    SELECT business_date, sum(revenue) AS told, sum(receipts) AS receipts, count(*) = count(receipts) AS counted
    FROM told GROUP BY 1
    HAVING bool_and(revenue IS NOT NULL AND (closed_at IS NOT NULL OR business_date < CAST(:last AS date) - 1))
), split AS (
    SELECT business_date,
           bool_and(cash_shift IS NOT NULL OR revenue = 0) AND bool_or(cash_shift IS NOT NULL) AS by_shift
    FROM sold GROUP BY 1
), found AS (
    SELECT d.venue_id, d.business_date, days.told,
           days.told IS NOT NULL AND (
               CASE WHEN split.by_shift THEN pairs.off ELSE days.told <> d.revenue END
               OR (days.counted AND days.receipts <> d.receipts)
           ) AS off
    FROM day_readings d
    LEFT JOIN days USING (business_date) LEFT JOIN split USING (business_date) LEFT JOIN pairs USING (business_date)
    WHERE d.venue_id = :venue AND d.business_date BETWEEN :first AND :last
)
UPDATE day_readings d SET till_revenue = f.told, off = f.off,
    rereads = CASE WHEN d.till_revenue IS NOT DISTINCT FROM f.told THEN d.rereads ELSE 0 END
FROM found f
WHERE d.venue_id = f.venue_id AND d.business_date = f.business_date
AND (d.till_revenue, d.off) IS DISTINCT FROM (f.told, f.off)
""")

OFF = text("""
SELECT business_date, till_revenue, revenue, rereads FROM day_readings
WHERE venue_id = :venue AND business_date BETWEEN :first AND :last AND off ORDER BY 1
""")

REREAD = text("""
UPDATE day_readings SET rereads = rereads + 1
WHERE venue_id = :venue AND business_date BETWEEN :first AND :last AND off
""")

STALE = text("""
SELECT business_date FROM day_readings
WHERE venue_id = :venue AND business_date BETWEEN :first AND :last AND read_at < now() - CAST(:age AS interval)
ORDER BY read_at, business_date LIMIT :most
""")


TOTALS = text("""
SELECT EXISTS (SELECT FROM cash_shifts WHERE venue_id = :venue AND NOT deleted AND revenue IS NOT NULL
               AND business_date BETWEEN :first AND :last)
""")


class Difference(NamedTuple):
    """A day whose receipts are not what the till's cash shifts say; money, VAT included. ``settled`` was tried enough.

    The two may be equal: then they differ shift by shift, or in the number of receipts.
    """

    business_date: date
    till_revenue: Decimal
    revenue: Decimal
    settled: bool


def note_readings(
    connection: Connection, organization_id: int, venue_id: int, window: tuple[date, date], run_id: int, today: date
) -> None:
    """Note that the sales of ``window`` have just been loaded; ``today`` is the venue's."""
    values = {"organization": organization_id, "run": run_id, "today": today}
    connection.execute(NOTE, _span(venue_id, window) | values)


def compare(connection: Connection, venue_id: int, window: tuple[date, date]) -> list[Difference]:
    """Compare what was read of ``window`` with the cash shifts' totals, and return the days that are off."""
    connection.execute(COMPARE, _span(venue_id, window))
    rows = connection.execute(OFF, _span(venue_id, window))
    return [Difference(day, told, sold, rereads >= MOST_REREADS) for day, told, sold, rereads in rows]


def note_reread(connection: Connection, venue_id: int, window: tuple[date, date]) -> None:
    """Note that the days of ``window`` that are off have been read again for that."""
    connection.execute(REREAD, _span(venue_id, window))


def stale_days(
    connection: Connection, venue_id: int, window: tuple[date, date], age: timedelta, most: int
) -> Sequence[date]:
    """Return at most so many days of ``window`` whose last reading is older than ``age``, the oldest reading first."""
    return list(connection.scalars(STALE, _span(venue_id, window) | {"age": age, "most": most}))


def tells_totals(connection: Connection, venue_id: int, window: tuple[date, date]) -> bool:
    """Tell whether a till's cash shifts in ``window`` say what was sold: some say only what cash and cards took."""
    return bool(connection.scalar(TOTALS, _span(venue_id, window)))


def _span(venue_id: int, window: tuple[date, date]) -> dict[str, object]:
    return {"venue": venue_id, "first": window[0], "last": window[1]}
