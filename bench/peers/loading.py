"""Four ways to bring records into Postgres, all as the service role and under row-level security."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bench.peers.twins import empty, make_twins
from mozg.model import Sales, Venue
from mozg.store.database import transaction
from mozg.store.load import ITEMS, RECEIPTS, Shape, load_sales
from mozg.store.tables import ReceiptItemRow, ReceiptRow

ROWS: dict[str, Any] = {"receipts": ReceiptRow, "receipt_items": ReceiptItemRow}
LIST = 5_000
RUN = 1


@dataclass(frozen=True)
class Batch:
    """Records of one kind that one venue's till gave."""

    venue: Venue
    shape: Shape
    records: Sequence[Any]
    sales: Sales

    @classmethod
    def of(cls, venue: Venue, shape: Shape, sales: Sales) -> "Batch":
        """Return the part of ``sales`` that is of this kind."""
        alone = {RECEIPTS: Sales(receipts=sales.receipts, window=sales.window),
                 ITEMS: Sales(items=sales.items, window=sales.window)}[shape]  # fmt: skip
        return cls(venue, shape, {RECEIPTS: alone.receipts, ITEMS: alone.items}[shape], alone)

    def first(self, number: int) -> "Batch":
        """Return a batch of the first ``number`` records."""
        return Batch(self.venue, self.shape, self.records[:number], self.sales)

    @property
    def owner(self) -> dict[str, int]:
        """What each row has besides the record's own columns."""
        return {"organization_id": self.venue.organization_id, "venue_id": self.venue.id, "changed_in": RUN}

    def dictionaries(self) -> Iterator[dict[str, Any]]:
        """Yield the records as rows of the table."""
        for record in self.records:
            yield record._asdict() | self.owner


class Loader(Protocol):
    """A way to load; ``schema`` holds its tables, ``most`` is how many rows it can take in reasonable time."""

    name: str
    schema: str
    most: int | None

    def prepare(self, batch: Batch) -> None:
        """Make the batch's table ready and empty."""

    def load(self, batch: Batch) -> None:
        """Bring the table up to the batch."""


class Ours:
    """`mozg.store.load.load_sales`, in a transaction as the sync does it, deletion marks and touched days included."""

    name, schema, most = "mozg", "public", None

    def prepare(self, batch: Batch) -> None:
        empty(self.schema, ["receipts", "receipt_items", "payments", "touched_days"])

    def load(self, batch: Batch) -> None:
        venue = batch.venue
        with transaction(venue.organization_id) as connection:
            load_sales(connection, venue.organization_id, venue.id, batch.sales, RUN)


class Merge:
    """The ORM's ``session.merge``, row by row."""

    name, schema, most = "SQLAlchemy session.merge", "peer_merge", LIST

    def prepare(self, batch: Batch) -> None:
        make_twins(self.schema, [batch.shape.table])

    def load(self, batch: Batch) -> None:
        row = ROWS[batch.shape.table]
        with transaction(batch.venue.organization_id) as connection:
            session = Session(connection.execution_options(schema_translate_map={None: self.schema}))
            for values in batch.dictionaries():
                session.merge(row(**values, deleted=False))
            session.flush()


class Core:
    """SQLAlchemy Core: ``executemany`` of ``INSERT … ON CONFLICT DO UPDATE`` with lists of 5,000."""

    name, schema, most = "Core executemany ON CONFLICT", "peer_core", None

    def prepare(self, batch: Batch) -> None:
        make_twins(self.schema, [batch.shape.table])

    def load(self, batch: Batch) -> None:
        table: Table = ROWS[batch.shape.table].__table__
        fresh = insert(table)
        key = ["venue_id", *batch.shape.key]
        content = [name for name in (*batch.owner, *batch.shape.columns) if name not in key]
        statement = fresh.on_conflict_do_update(
            index_elements=key, set_={name: fresh.excluded[name] for name in content} | {"deleted": False}
        )
        rows = list(batch.dictionaries())
        with transaction(batch.venue.organization_id) as connection:
            there = connection.execution_options(schema_translate_map={None: self.schema})
            for start in range(0, len(rows), LIST):
                there.execute(statement, rows[start : start + LIST])
