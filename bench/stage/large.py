"""Thirty restaurants with three years behind them: ten million lines, invented by DuckDB straight into the lake.

The record knows the venues, the people and the menu only (`bench.stage.large_menu`); what they sold is drawn from
hashes, so that every run makes the same. Made once and kept.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from inspect import getsource

import duckdb
from rich.console import Console

from bench.measure import seconds
from bench.stage import large_menu
from bench.stage.installation import FOLDER, organization
from bench.stage.large_menu import DISHES, HALLS, TABLES, VENUES, WAITERS, restaurants_of
from bench.stage.simulated import LAST_DAY
from mozg.access.organizations import Organization
from mozg.analysis.planning import enter_plan, last_year_grown
from mozg.lake import copying, sweeps
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh, writer
from mozg.lake.rollups import ROLLUPS
from mozg.lake.tables import DIMENSIONS, FACTS

_HASH = "(hash(check_key, {salt}) % 1_000_003) / 1_000_003.0"

#: About 120 checks a venue and day, more at weekends, most of them at lunch and dinner.
RECEIPTS = f"""
CREATE OR REPLACE TEMP TABLE checks AS
SELECT venue_id, business_date, venue_id * 1_000_000_000_000 + (business_date - DATE '1970-01-01') * 10_000_000 + n
       AS check_key
FROM touched, range(1, 70 + 10 * isodow(business_date) + (hash(venue_id, business_date) % 20)::INT) AS numbers(n);
CREATE OR REPLACE TEMP TABLE stage_receipts AS
SELECT venue_id, business_date, check_key, 'c' || check_key AS receipt_id,
       business_date + INTERVAL (minute) MINUTE AS opened_local,
       business_date + INTERVAL (minute + stay) MINUTE AS closed_local,
       (minute // 60) % 24 AS hour, status, guests, stay AS minutes,
       (venue_id * {WAITERS} + hash(check_key, 7) % {WAITERS}) % ({VENUES} * {WAITERS}) + first_waiter AS waiter_id,
       CASE WHEN u4 < 0.8 THEN seat::VARCHAR END AS table_name,
       CASE WHEN u4 < 0.8 THEN 'Hall ' || (1 + seat % {HALLS}) END AS hall,
       CASE WHEN u4 < 0.8 THEN 'dine_in' WHEN u4 < 0.9 THEN 'takeaway' ELSE 'delivery' END AS channel,
       u5 < 0.12 AS cheap,
       CASE WHEN u5 < 0.12 THEN ['Loyalty', 'Lunch', 'Staff'][1 + (hash(check_key, 14) % 3)::INT] END AS discount_type
FROM (
    SELECT *, CASE WHEN u1 < 0.1 THEN 540 + (u2 * 150)::INT WHEN u1 < 0.5 THEN 720 + (u2 * 200)::INT
                   ELSE 1080 + (u2 * 330)::INT END AS minute,
           20 + (u3 * 100)::INT AS stay, 1 + hash(check_key, 8) % {TABLES} AS seat, 1 + (u3 * u1 * 6)::INT AS guests,
           CASE WHEN u6 < 0.004 THEN 'void' WHEN u6 < 0.01 THEN 'refund' ELSE 'sale' END AS status
    FROM (SELECT *, {", ".join(_HASH.format(salt=salt) + f" AS u{salt}" for salt in range(1, 7))} FROM checks)
), (SELECT min(employee_id) AS first_waiter FROM employees)
"""
#: What each dish costs, to guests and by recipe, on each of the days. Prices rise every 200 days, dish by dish; some
#: dishes came, and others left, within the last half-year.
MENU = f"""
CREATE OR REPLACE TEMP TABLE menu AS
SELECT t.venue_id, business_date, place, t.product_id, cost, round(price * pow(1.04, risen))::BIGINT * 100 AS kopecks
FROM (
    SELECT t.*, p.*, (business_date - DATE '2020-01-01' + 37 * place) // 200 AS risen
    FROM touched t, (SELECT product_id, price, (row_number() OVER (ORDER BY product_id) - 1)::INT AS place
                  FROM products) p
    WHERE NOT (place % 24 = 7 AND business_date < DATE '{LAST_DAY}' - 20 - 30 * (place // 24))
        AND NOT (place % 24 = 11 AND business_date > DATE '{LAST_DAY}' - 25 - 30 * (place // 24))
) t ASOF JOIN product_costs c
ON c.venue_id = t.venue_id AND c.product_id = t.product_id AND t.business_date >= c.valid_from
"""
#: Two or three lines a check; a few dishes sell most.
ITEMS = f"""
CREATE OR REPLACE TEMP TABLE fresh_items AS FROM items LIMIT 0;
INSERT INTO fresh_items BY NAME
SELECT * EXCLUDE (cheap, place, kopecks, off, unit_cost), kopecks / 100 AS gross, off / 100 AS discount,
       CASE WHEN voided THEN 0 ELSE (kopecks - off) / 100 END AS revenue,
       CASE WHEN voided THEN 0 ELSE (kopecks - off) // 6 / 100 END AS vat, quantity * unit_cost AS cost
FROM (
    SELECT l.*, product_id, m.kopecks * quantity AS kopecks, m.cost AS unit_cost,
           CASE WHEN cheap THEN m.kopecks * quantity // 10 ELSE 0 END AS off
    FROM (
        SELECT r.* EXCLUDE (receipt_id, opened_local, closed_local, discount_type), n::VARCHAR AS line,
               hash(check_key, n, 3) % 100 = 0 AS voided,
               CASE WHEN voided THEN ['Typo', 'Guest left', 'Kitchen'][1 + (hash(check_key, n, 6) % 3)::INT] END
                   AS void_reason,
               (pow((hash(check_key, n, 5) % 10_007) / 10_007.0, 2.2) * {DISHES})::INT % {DISHES} AS place,
               (CASE WHEN status = 'refund' THEN -1 ELSE 1 END) * (1 + hash(check_key, n, 4) % 5 // 4) AS quantity
        FROM stage_receipts r, range(1, 3 + (hash(check_key, 10) % 3 = 0)::INT + (hash(check_key, 11) % 2)::INT) AS x(n)
    ) l JOIN menu m USING (venue_id, business_date, place)
)
ORDER BY business_date, venue_id, product_id
"""
CHECKS = """
CREATE OR REPLACE TEMP TABLE fresh_receipts AS FROM receipts LIMIT 0;
INSERT INTO fresh_receipts BY NAME
SELECT r.* EXCLUDE (cheap), s.* EXCLUDE (check_key),
       CASE WHEN s.revenue < 1 THEN 0 ELSE pow(10, floor(log10(s.revenue)))::BIGINT END AS check_size
FROM stage_receipts r JOIN (
    SELECT check_key, sum(gross) FILTER (NOT voided) AS gross, sum(discount) FILTER (NOT voided) AS discount,
           sum(revenue) AS revenue, sum(vat) AS vat, sum(cost) FILTER (NOT voided) AS cost,
           count(*) FILTER (voided) AS void_lines
    FROM fresh_items GROUP BY check_key
) s USING (check_key)
ORDER BY business_date, venue_id, opened_local
"""
PAYMENTS = """
CREATE OR REPLACE TEMP TABLE fresh_payments AS FROM payments LIMIT 0;
INSERT INTO fresh_payments BY NAME
SELECT * EXCLUDE (receipt_id, opened_local, closed_local, discount_type, gross, discount, revenue, vat, cost,
                  void_lines, place),
       '1' AS line, ['Cash', 'Card', 'Card', 'Card', 'Transfer', 'House'][1 + place] AS payment_method,
       ['cash', 'card', 'card', 'card', 'non_cash', 'write_off'][1 + place] AS payment_kind, revenue AS amount
FROM (SELECT *, CASE WHEN hash(check_key, 12) % 200 = 0 THEN 5 ELSE (hash(check_key, 13) % 5)::INT END AS place
      FROM fresh_receipts)
ORDER BY business_date, venue_id
"""


#: In this order.
STATEMENTS = (RECEIPTS, MENU, ITEMS, CHECKS, PAYMENTS)


def large_chain(venues: int, days: int) -> Organization:
    """Return an organisation of so many venues and days, with a plan; it ends on the same day in every run.

    A lake is made anew if its tables have other columns by now, or if what is invented is told otherwise.
    """
    name = f"large-{venues}-{days}"
    filled, owner = FOLDER / f"{name}-{_shape()}.filled", organization(name)
    if not filled.exists():
        took = seconds(lambda: _fill(owner, venues, days))
        Console(stderr=True).print(f"Invented {venues} venues and {days} days in {took:.0f} s.")
        filled.touch()
    return owner


def _shape() -> str:
    tables = (*DIMENSIONS, *FACTS, *(rollup.table for rollup in ROLLUPS), sweeps.TABLE_HOURS)
    told = [*((table.name, table.columns) for table in tables), sweeps.SWEEP, *STATEMENTS, getsource(large_menu)]
    return blake2b(repr(told).encode(), digest_size=4).hexdigest()


def _fill(owner: Organization, venues: int, days: int) -> None:
    first_day = LAST_DAY - timedelta(days=days - 1)
    ids = restaurants_of(owner, venues, first_day)
    refresh(owner)
    with writer(owner) as lake:
        for first, last in _spans(first_day, LAST_DAY):
            _sell(lake, ids, first, last)
    enter_plan(owner, last_year_grown(open_lake(owner), LAST_DAY.year, Decimal("0.05")))


def _sell(lake: duckdb.DuckDBPyConnection, venues: list[int], first: date, last: date) -> None:
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    lake.execute("BEGIN")
    copying.note_touched(lake, [(venue, day) for venue in venues for day in days])
    for statement in STATEMENTS:
        lake.execute(statement)
    copying.write_days(lake, first, last)
    lake.execute("COMMIT")


def _spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        until = min(first + timedelta(days=181), last)
        yield first, until
        first = until + timedelta(days=1)


assert {fact.name for fact in FACTS} == {"receipts", "items", "payments"}, "each fact is invented above"
