"""The plan in the record: one row per venue, day and metric."""

from collections.abc import Sequence

from psycopg import sql
from sqlalchemy import Connection

from mozg.model import Budget
from mozg.store.upsert import cursor_of

_REPLACE = """
MERGE INTO budgets AS t USING stage_budgets AS s
ON t.venue_id = s.venue_id AND t.business_date = s.business_date AND t.metric = s.metric
WHEN MATCHED AND t.amount <> s.amount THEN UPDATE SET amount = s.amount, entered_at = now()
WHEN NOT MATCHED THEN INSERT (organization_id, venue_id, business_date, metric, amount)
VALUES ({organization}, s.venue_id, s.business_date, s.metric, s.amount)
"""


def replace_budgets(connection: Connection, organization_id: int, budgets: Sequence[Budget]) -> int:
    """Put ``budgets`` in place of what is planned for these venues, days and metrics; return how many rows changed."""
    names = sql.SQL(", ").join(map(sql.Identifier, Budget._fields))
    with cursor_of(connection) as cursor:
        cursor.execute("DROP TABLE IF EXISTS stage_budgets")
        staged = "CREATE TEMPORARY TABLE stage_budgets ON COMMIT DROP AS SELECT {} FROM budgets LIMIT 0"
        cursor.execute(sql.SQL(staged).format(names))
        with cursor.copy(sql.SQL("COPY stage_budgets ({}) FROM STDIN").format(names)) as copy:
            for budget in budgets:
                copy.write_row(budget)
        cursor.execute(sql.SQL(_REPLACE).format(organization=sql.Literal(organization_id)))
        return cursor.rowcount
