"""Ready totals in Postgres, for whoever reads the record by SQL alone: ``daily_sales`` and ``hourly_sales``.

They are the lake's roll-ups copied back, so that each number is still worked out in one place.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection

DAILY = ("venue_id", "business_date", "revenue", "checks", "guests")
HOURLY = ("venue_id", "business_date", "hour", "revenue", "checks", "guests")
TOTALS = {"daily_sales": DAILY, "hourly_sales": HOURLY}


def replace_totals(
    connection: Connection,
    organization_id: int,
    table: str,
    days: Iterable[Sequence[Any]],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Put ``rows`` (the columns of `TOTALS`) in place of what ``table`` has for the venue-days ``days``."""
    raw = connection.connection.driver_connection
    assert raw is not None
    names = sql.SQL(", ").join(map(sql.Identifier, TOTALS[table]))
    target = sql.Identifier(table)
    with raw.cursor() as cursor:
        _stage(cursor, "stage_days", sql.SQL("venue_id, business_date"), target, days)
        _stage(cursor, "stage_totals", names, target, rows)
        cursor.execute(
            sql.SQL(
                "DELETE FROM {} t USING stage_days d "
                "WHERE t.venue_id = d.venue_id AND t.business_date = d.business_date"
            ).format(target)
        )
        cursor.execute(
            sql.SQL("INSERT INTO {} (organization_id, {}) SELECT {}, {} FROM stage_totals").format(
                target, names, sql.Literal(organization_id), names
            )
        )


def _stage(
    cursor: Any, stage: str, columns: sql.Composable, like: sql.Composable, rows: Iterable[Sequence[Any]]
) -> None:
    name = sql.Identifier(stage)
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(name, columns, like)
    )
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
        for row in rows:
            copy.write_row(row)
