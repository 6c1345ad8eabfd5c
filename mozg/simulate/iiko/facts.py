"""The chain's tables inside DuckDB: one fact table (order × line) and the small ones that it refers to."""

import duckdb
import pandas as pd

from mozg.simulate.chain import METHODS, REASONS, STATES, Chain, guid
from mozg.simulate.iiko.entries import entries
from mozg.simulate.menu import SECTIONS

_FACT = """
    CREATE TABLE fact AS
    SELECT r.external_id::UUID AS order_id, i.venue, r.business_date::DATE AS business_date,
           r.opened_at::TIMESTAMP AS opened_at, r.closed_at::TIMESTAMP AS closed_at, r.number, r.status, r.guests,
           r.waiter, i.waiter AS line_waiter, r."table", r.hall, r.channel, r.discount_type,
           i.product, i.payment, i.quantity,
           r.status = 'refund' AS storned, s.name AS state, x.name AS reason,
           date_diff('day', v.opened_on::DATE, r.business_date::DATE) + 1 AS session,
           kop(i.gross - i.surcharge) AS gross, kop(i.surcharge) AS increase,
           kop(i.discount) AS discount, kop(i.revenue) AS revenue, kop(i.vat) AS vat,
           kop(i.cost) AS cost
    FROM items AS i
    JOIN receipts AS r ON r.position = i.receipt
    JOIN venue AS v ON v.position = i.venue
    JOIN states AS s ON s.position = i.state
    JOIN reasons AS x ON x.position = i.reason
    ORDER BY i.venue, r.business_date
"""

_ENTRIES = """
    CREATE TABLE entries AS
    SELECT * REPLACE (
        day::DATE AS day, (amount_in * 0.001::DECIMAL(4, 3))::DECIMAL(12, 3) AS amount_in,
        (amount_out * 0.001::DECIMAL(4, 3))::DECIMAL(12, 3) AS amount_out,
        kop(sum_in) AS sum_in, kop(sum_out) AS sum_out, kop(resigned) AS resigned
    ) FROM booked
"""


def load(base: duckdb.DuckDBPyConnection, chain: Chain) -> None:
    """Create the tables ``fact``, ``product``, ``venue``, ``person`` and ``method`` in ``base``, money as DECIMAL."""
    base.execute("CREATE MACRO kop(k) AS (k::DECIMAL(16, 2) * 0.01::DECIMAL(3, 2))::DECIMAL(14, 2)")
    products = chain.products.assign(
        top=chain.products["section"].map(SECTIONS), article=chain.products["number"].astype(str).str.zfill(5)
    )
    methods = [(guid(chain.seed, "pay", name), name, kind) for name, kind in METHODS] + [(None, None, None)]
    for name, frame in {
        "product": products,
        "venue": chain.venues,
        "person": chain.employees,
        "method": pd.DataFrame(methods, columns=["external_id", "name", "kind"]),
    }.items():
        base.register("frame", _numbered(frame))
        base.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")  # noqa: S608  # a name from this dictionary
    base.register("states", _numbered(pd.DataFrame({"name": STATES})))
    base.register("reasons", _numbered(pd.DataFrame({"name": REASONS})))
    base.register("receipts", _numbered(chain.receipts))
    base.register("items", chain.items.assign(surcharge=chain.items.get("surcharge", 0)))
    base.execute(_FACT)
    for name in ("frame", "states", "reasons", "receipts", "items"):
        base.unregister(name)


def load_entries(base: duckdb.DuckDBPyConnection, chain: Chain) -> None:
    """Create the tables ``entries`` and ``good``, quantities and money as DECIMAL."""
    base.register("frame", _numbered(chain.goods))
    base.execute("CREATE TABLE good AS SELECT * FROM frame")
    base.register("booked", entries(chain))
    base.execute(_ENTRIES)
    for name in ("frame", "booked"):
        base.unregister(name)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(position=range(len(frame)))
