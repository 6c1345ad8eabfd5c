"""The statements that turn the record's rows into the lake's. ``record`` is Postgres, ``touched`` the days in hand."""

from mozg.lake.tables import OF_CHECK

VENUES = """
SELECT v.id, v.name, v.city, v.country, v.timezone, coalesce(v.seats, t.seats), v.opened_on, v.closed_on
FROM record.public.venues v
LEFT JOIN (
    SELECT venue_id, sum(seats) AS seats FROM record.public.dining_tables WHERE active AND NOT deleted GROUP BY venue_id
) t ON t.venue_id = v.id
"""
#: A group whose parents run in a circle has no root, and stands for itself.
PRODUCTS = """
WITH RECURSIVE groups AS (SELECT external_id, name, parent, section FROM record.public.categories),
tree AS (
    SELECT external_id, name AS top_group, name AS path
    FROM groups WHERE parent IS NULL OR parent NOT IN (SELECT external_id FROM groups)
    UNION ALL
    SELECT g.external_id, t.top_group, t.path || ' / ' || g.name FROM groups g JOIN tree t ON g.parent = t.external_id
)
SELECT p.id, p.name, c.name, coalesce(t.top_group, c.name), coalesce(t.path, c.name), coalesce(p.section, c.section),
       p.price, p.unit, p.active AND NOT p.deleted, n.portions
FROM record.public.products p
LEFT JOIN groups c ON c.external_id = p.category LEFT JOIN tree t ON t.external_id = p.category
LEFT JOIN record.public.product_portions n ON n.product = p.external_id
"""
EMPLOYEES = "SELECT id, name, role FROM record.public.employees"
PRODUCT_COSTS = """
SELECT p.id, c.venue_id, c.valid_from, c.cost
FROM record.public.product_costs c JOIN record.public.products p ON p.external_id = c.product
WHERE NOT c.deleted
"""
DINING_TABLES = "SELECT venue_id, hall, name, seats FROM record.public.dining_tables WHERE active AND NOT deleted"
STOP_LIST = """
SELECT s.venue_id, p.id, s.started_at AT TIME ZONE v.timezone, s.ended_at AT TIME ZONE v.timezone
FROM record.public.stop_list s
JOIN record.public.products p ON p.external_id = s.product JOIN record.public.venues v ON v.id = s.venue_id
WHERE NOT s.deleted
"""
GO_LISTS = """
SELECT g.name, p.id, g.venue_id, g.starts_on, g.ends_on, g.target
FROM (
    SELECT name, unnest(products) AS product, venue_id, starts_on, ends_on, target
    FROM (
        SELECT name, products, unnest(coalesce(venue_ids, [NULL])) AS venue_id, starts_on, ends_on, target
        FROM record.public.go_lists
    )
) g
JOIN record.public.products p ON p.external_id = g.product
"""
BUDGETS = "SELECT venue_id, business_date, metric, amount FROM record.public.budgets"
DAY_READINGS = """
SELECT venue_id, business_date, revenue, till_revenue, off, late_receipts, late_amount FROM record.public.day_readings
"""
CASH_SHIFTS = """
SELECT s.venue_id, s.business_date, s.number, s.register, e.id, s.opened_at AT TIME ZONE v.timezone,
       s.closed_at AT TIME ZONE v.timezone, s.revenue, s.cash_difference
FROM record.public.cash_shifts s
JOIN record.public.venues v ON v.id = s.venue_id
LEFT JOIN record.public.employees e ON e.external_id = s.responsible
WHERE NOT s.deleted
"""
STREAMS = "SELECT venue_id, stream, offered, trouble FROM record.public.sync_cursors WHERE stream <> 'sales'"
DIMENSIONS = {
    "venues": VENUES,
    "products": PRODUCTS,
    "employees": EMPLOYEES,
    "product_costs": PRODUCT_COSTS,
    "dining_tables": DINING_TABLES,
    "stop_list": STOP_LIST,
    "go_lists": GO_LISTS,
    "budgets": BUDGETS,
    "day_readings": DAY_READINGS,
    "cash_shifts": CASH_SHIFTS,
    "streams": STREAMS,
}

#: Which days a change of a small table (``fresh`` against what the lake has) makes wrong.
MOVED = {
    "products": """
        SELECT DISTINCT i.venue_id, i.business_date
        FROM items i JOIN products old USING (product_id) JOIN fresh USING (product_id)
        WHERE old.section IS DISTINCT FROM fresh.section
    """,
    "product_costs": """
        WITH moved AS (
            SELECT product_id, venue_id, min(valid_from) AS since
            FROM ((FROM fresh EXCEPT FROM product_costs) UNION ALL (FROM product_costs EXCEPT FROM fresh)) GROUP BY ALL
        )
        SELECT DISTINCT i.venue_id, i.business_date
        FROM items i JOIN moved m ON m.product_id = i.product_id AND i.business_date >= m.since
            AND coalesce(m.venue_id, i.venue_id) = i.venue_id
    """,
}

#: Whole seconds between opening and closing, of a check that was not closed before it was opened.
_MINUTES = "CASE WHEN r.closed_at >= r.opened_at THEN floor(epoch(r.closed_at - r.opened_at) / 60)::INTEGER END"
#: The largest of 0, 1, 2, 5, 10, 20, 50, 100, … that is not above the check: the same steps in every currency.
_CHECK_SIZE = """
CASE WHEN r.revenue < 1 THEN 0 ELSE
    (10 ** (length(floor(r.revenue)::BIGINT::VARCHAR) - 1))::BIGINT
    * CASE WHEN left(floor(r.revenue)::BIGINT::VARCHAR, 1) >= '5' THEN 5
           WHEN left(floor(r.revenue)::BIGINT::VARCHAR, 1) >= '2' THEN 2
           WHEN r.revenue IS NOT NULL THEN 1 END
END
"""
#: Ten million checks a day of a venue have room, and two hundred thousand years.
_CHECK_KEY = """
r.venue_id * 1_000_000_000_000 + epoch_days * 10_000_000
+ row_number() OVER (PARTITION BY r.venue_id, r.business_date ORDER BY r.external_id)
"""

_OF_CHECK = ", ".join(f"r.{name}" for name in OF_CHECK)

#: What is read from the record, as temporary tables, in this order; ``{venues}`` stands for the ids of those in hand.
STAGES = {
    "stage_receipts": f"""
        SELECT r.venue_id, r.business_date, {_CHECK_KEY} AS check_key, r.external_id AS receipt_id,
               r.opened_at AT TIME ZONE v.timezone AS opened_local, r.closed_at AT TIME ZONE v.timezone AS closed_local,
               hour(r.opened_at AT TIME ZONE v.timezone) AS hour, r.status, r.guests, {_MINUTES} AS minutes,
               {_CHECK_SIZE} AS check_size, e.id AS waiter_id, r.table_name, r.hall, r.channel, r.discount_type,
               r.gross, r.discount, r.revenue, r.vat, r.cost
        FROM (SELECT *, business_date - DATE '1970-01-01' AS epoch_days FROM record.public.receipts) r
        JOIN touched USING (venue_id, business_date)
        JOIN record.public.venues v ON v.id = r.venue_id
        LEFT JOIN record.public.employees e ON e.external_id = r.waiter
        WHERE NOT r.deleted AND r.business_date BETWEEN $first AND $last AND r.venue_id IN ({{venues}})
    """,
    "stage_items": """
        WITH lines AS (
            SELECT r.* EXCLUDE (receipt_id, opened_local, closed_local, waiter_id, discount_type,
                                gross, discount, revenue, vat, cost),
                   i.line, i.voided, i.void_reason, p.id AS product_id, e.id AS waiter_id,
                   i.quantity, i.gross, i.discount, i.revenue, i.vat, nullif(i.cost, 0) AS cost
            FROM record.public.receipt_items i
            JOIN touched USING (venue_id, business_date)
            JOIN stage_receipts r
                ON r.venue_id = i.venue_id AND r.business_date = i.business_date AND r.receipt_id = i.receipt
            LEFT JOIN record.public.products p ON p.external_id = i.product
            LEFT JOIN record.public.employees e ON e.external_id = i.waiter
            WHERE NOT i.deleted AND i.business_date BETWEEN $first AND $last AND i.venue_id IN ({venues})
        )
        SELECT l.* REPLACE (coalesce(l.cost, l.quantity * coalesce(here.cost, everywhere.cost)) AS cost)
        FROM lines l
        ASOF LEFT JOIN (FROM product_costs WHERE venue_id IS NOT NULL) here
            ON here.product_id = l.product_id AND here.venue_id = l.venue_id AND l.business_date >= here.valid_from
        ASOF LEFT JOIN (FROM product_costs WHERE venue_id IS NULL) everywhere
            ON everywhere.product_id = l.product_id AND l.business_date >= everywhere.valid_from
    """,
    "stage_payments": f"""
        SELECT r.venue_id, r.business_date, r.check_key, y.line, {_OF_CHECK},
               y.method AS payment_method, y.kind AS payment_kind, y.amount
        FROM record.public.payments y
        JOIN touched USING (venue_id, business_date)
        JOIN stage_receipts r
            ON r.venue_id = y.venue_id AND r.business_date = y.business_date AND r.receipt_id = y.receipt
        WHERE NOT y.deleted AND y.business_date BETWEEN $first AND $last AND y.venue_id IN ({{venues}})
    """,
}
FACTS = {
    "receipts": """
        SELECT r.* REPLACE (coalesce(i.cost, r.cost) AS cost), coalesce(i.void_lines, 0) AS void_lines
        FROM stage_receipts r
        LEFT JOIN (
            SELECT check_key, sum(cost) FILTER (WHERE NOT voided) AS cost,
                   count(*) FILTER (WHERE voided) AS void_lines
            FROM stage_items GROUP BY check_key
        ) i USING (check_key)
        ORDER BY r.business_date, r.venue_id, r.opened_local
    """,
    "items": "FROM stage_items ORDER BY business_date, venue_id, product_id",
    "payments": "FROM stage_payments ORDER BY business_date, venue_id",
}

EVERY_DAY = "SELECT DISTINCT venue_id, business_date FROM record.public.receipts WHERE NOT deleted"
