"""dlt: records or Arrow in, CSV through COPY into its staging tables, ``upsert`` into the twin."""

import shutil
from collections.abc import Iterable
from typing import Any

import dlt
import pyarrow as pa
from sqlalchemy import text

from bench.peers.loading import Batch
from bench.peers.twins import empty, make_twins
from bench.stage.installation import FOLDER
from mozg.store.database import APP_ROLE, admin_engine, admin_url, role_url

MONEY, QUANTITY, MOMENT = pa.decimal128(14, 2), pa.decimal128(12, 3), pa.timestamp("us", tz="UTC")
TYPES = {
    "business_date": pa.date32(), "opened_at": MOMENT, "closed_at": MOMENT, "guests": pa.int64(),
    "quantity": QUANTITY, "voided": pa.bool_(), "deleted": pa.bool_(),
    **dict.fromkeys(("gross", "discount", "revenue", "vat", "cost"), MONEY),
    **dict.fromkeys(("organization_id", "venue_id", "changed_in"), pa.int64()),
}  # fmt: skip
HINTS: dict[pa.DataType, Any] = {
    MONEY: {"data_type": "decimal", "precision": 14, "scale": 2},
    QUANTITY: {"data_type": "decimal", "precision": 12, "scale": 3},
    MOMENT: {"data_type": "timestamp"},
    pa.date32(): {"data_type": "date"},
    pa.int64(): {"data_type": "bigint"},
    pa.bool_(): {"data_type": "bool"},
    pa.string(): {"data_type": "text"},
}


class Dlt:
    """A dlt pipeline into the same Postgres, given records as they are; its schemas exist before the clock starts."""

    name, schema, most = "dlt upsert, records as they are", "peer_dlt", 100_000

    def prepare(self, batch: Batch) -> None:
        folder = FOLDER / self.schema
        shutil.rmtree(folder, ignore_errors=True)
        make_twins(self.schema, [batch.shape.table])
        with admin_engine().begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {self.schema}_staging CASCADE"))
            connection.execute(text(f"GRANT CREATE ON DATABASE {admin_url().database} TO {APP_ROLE}"))
        destination = dlt.destinations.postgres(credentials=_credentials(batch))
        self._pipeline = dlt.pipeline(
            self.schema, pipelines_dir=str(folder), dataset_name=self.schema, destination=destination
        )
        self.load(batch.first(1))
        empty(self.schema, [batch.shape.table])

    def load(self, batch: Batch) -> None:
        resource = dlt.resource(
            self._rows(batch),
            name=batch.shape.table,
            primary_key=["venue_id", *batch.shape.key],
            columns=_hints(batch),
            write_disposition={"disposition": "merge", "strategy": "upsert"},
        )
        self._pipeline.run(resource, loader_file_format="csv").raise_on_failed_jobs()

    def _rows(self, batch: Batch) -> Iterable[Any]:
        return (row | {"deleted": False} for row in batch.dictionaries())


class DltArrow(Dlt):
    """The same given one Arrow table, which spares dlt looking at every value; making the table counts."""

    name, schema, most = "dlt upsert, Arrow", "peer_dlt_arrow", None

    def _rows(self, batch: Batch) -> Iterable[Any]:
        return [_table(batch)]


def _hints(batch: Batch) -> dict[str, Any]:
    content = [name for name in batch.shape.columns if name not in batch.shape.key]
    hints = {name: HINTS[TYPES.get(name, pa.string())] for name in (*batch.shape.columns, *batch.owner, "deleted")}
    return {name: hint | {"nullable": name in content} for name, hint in hints.items()}


def _table(batch: Batch) -> pa.Table:
    number = len(batch.records)
    columns: dict[str, Any] = dict(zip(batch.shape.columns, zip(*batch.records, strict=True), strict=True))
    given = {name: pa.array(values, TYPES.get(name, pa.string())) for name, values in columns.items()}
    owner = {name: pa.repeat(pa.scalar(value, pa.int64()), number) for name, value in batch.owner.items()}
    return pa.table(given | owner | {"deleted": pa.repeat(pa.scalar(False), number)})


def _credentials(batch: Batch) -> str:
    # dlt wants a host; for libpq the one in the query, our socket's folder, comes first.
    url = role_url(APP_ROLE).set(drivername="postgresql", host="localhost")
    options = f"-c mozg.organization_id={batch.venue.organization_id}"
    return url.update_query_dict({"options": options}).render_as_string(hide_password=False)
