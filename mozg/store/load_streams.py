"""What tills tell besides sales → the record; see `mozg.model.streams`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from psycopg import Cursor, sql
from sqlalchemy import Connection

from mozg.model import STREAMS, Stream
from mozg.store.load import owner_of, touch_days
from mozg.store.upsert import (
    EVERYTHING,
    Loaded,
    Shape,
    cursor_of,
    mark_deleted,
    merge_staged,
    owned,
    replace_window,
    stage,
    storing,
    upsert,
)

#: What is not known by its ``external_id``.
KEYS = {"product_costs": ("product", "valid_from"), "stop_list": ("product",)}

# A cost that says what the one before it said is no news, unless another one is noted for that very day.
NO_NEWS = """
WITH known AS (
    SELECT product, valid_from, cost, true AS told FROM stage_product_costs
    UNION ALL
    SELECT product, valid_from, cost, false FROM product_costs t WHERE {owned} AND NOT deleted
    AND NOT EXISTS (SELECT FROM stage_product_costs s WHERE (s.product, s.valid_from) = (t.product, t.valid_from))
), ordered AS (
    SELECT *, lag(cost) OVER (PARTITION BY product ORDER BY valid_from) AS before FROM known
)
DELETE FROM stage_product_costs s USING ordered o
WHERE o.told AND o.cost = o.before AND (o.product, o.valid_from) = (s.product, s.valid_from)
AND NOT EXISTS (
    SELECT FROM product_costs t WHERE {owned} AND (t.product, t.valid_from) = (s.product, s.valid_from)
)
"""
STOPS_ENDED = """
UPDATE stop_list t SET ended_at = least(now(), coalesce(s.started_at, now())), changed_in = {run}
FROM stop_list o LEFT JOIN stage_stop_list s ON s.product = o.product
WHERE o.id = t.id AND {owned} AND t.ended_at IS NULL
AND (s.product IS NULL OR s.started_at <> t.started_at)
"""
STOPS_CHANGED = """
UPDATE stop_list t SET remaining = s.remaining, changed_in = {run} FROM stage_stop_list s
WHERE {owned} AND t.ended_at IS NULL AND s.product = t.product AND s.remaining IS DISTINCT FROM t.remaining
"""
STOPS_BEGUN = """
INSERT INTO stop_list (organization_id, venue_id, external_id, product, started_at, remaining, changed_in)
SELECT {owner}, s.product || ' ' || extract(epoch FROM coalesce(s.started_at, now())), s.product,
       coalesce(s.started_at, now()), s.remaining, {run}
FROM stage_stop_list s
WHERE NOT EXISTS (SELECT FROM stop_list t WHERE {owned} AND t.ended_at IS NULL AND t.product = s.product)
ON CONFLICT (venue_id, external_id) DO UPDATE SET ended_at = NULL, changed_in = excluded.changed_in
"""


def load_stream(
    connection: Connection, organization_id: int, venue_id: int, stream: Stream, rows: Sequence[Any],
    window: tuple[date, date], run_id: int,
) -> Loaded:  # fmt: skip
    """Bring one stream of a venue up to date, and note which days the lake must refresh.

    ``rows`` are all that the till has for ``window``, or for a *whole* stream all that it has. What is missing is
    marked deleted; a missing entry of the stop list has ended, and costs stand until others follow.

    Raises:
        StoreError: the venue is not one of the organisation's, or Postgres cannot hold a row.
    """
    owner = owner_of(connection, organization_id, venue_id)
    shape = Shape(stream.name, stream.record._fields, KEYS.get(stream.name, ("external_id",)))
    with cursor_of(connection) as cursor:
        special = _SPECIAL.get(stream.name)
        if special is not None:
            return special(cursor, shape, rows, owner, run_id)
        if stream.reach == "days":
            loaded = replace_window(cursor, shape, rows, owner, run_id, window)
        else:
            loaded = upsert(cursor, shape, rows, owner, run_id)
            loaded += mark_deleted(cursor, shape, owner, EVERYTHING, run_id)
    touch_days(connection, owner, loaded)
    return loaded


def _load_costs(
    cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int
) -> Loaded:
    with storing(shape):
        staged = stage(cursor, shape, rows)
        staged -= cursor.execute(sql.SQL(NO_NEWS).format(owned=owned(owner))).rowcount
        return merge_staged(cursor, shape, owner, run_id, len(rows), staged)


def _load_stops(
    cursor: Cursor[Any], shape: Shape, rows: Sequence[Any], owner: Mapping[str, int], run_id: int
) -> Loaded:
    parts = {
        "owned": owned(owner),
        "owner": sql.SQL(", ").join(map(sql.Literal, owner.values())),
        "run": sql.Literal(run_id),
    }
    changed = 0
    with storing(shape):
        stage(cursor, shape, rows)
        for statement in (STOPS_ENDED, STOPS_CHANGED, STOPS_BEGUN):
            changed += cursor.execute(sql.SQL(statement).format(**parts)).rowcount
    return Loaded(len(rows), changed)


_Special = Callable[[Cursor[Any], Shape, Sequence[Any], Mapping[str, int], int], Loaded]
_SPECIAL: dict[str, _Special] = {"product_costs": _load_costs, "stop_list": _load_stops}
assert _SPECIAL.keys() <= STREAMS.keys()
