"""Loading: rows a second into Postgres, the first time and when nothing has changed.

Every way writes the same records into a table with the same columns, keys, indexes and row-level security, one
transaction for the batch, and all tables must hold the same rows in the end. Ours also marks what the batch lacks as
deleted, and notes the days that it touched.

A till gives records, so each way starts from records. dlt given Arrow columns stands by for information: it shows what
a source that is columnar from the start, which no till is, could spare.
"""

from collections.abc import Sequence

from bench.measure import Row, by_turns, faster, seconds
from bench.peers.loading import Batch, Core, Loader, Merge, Ours
from bench.peers.through_dlt import Dlt, DltArrow
from bench.peers.twins import count, differing
from bench.stage.installation import organization
from bench.stage.simulated import chain_of, sales_of
from mozg.access.venues import add_venue, venues_of
from mozg.model import Venue
from mozg.store.load import ITEMS, RECEIPTS

FIRST, AGAIN = 3.0, 5.0
NAMES = {ITEMS: "receipt lines", RECEIPTS: "receipts"}


def run(quick: bool) -> list[Row]:
    """Measure the loading of about 200,000 receipt lines and 60,000 receipts of one venue, three times each."""
    sales = sales_of(chain_of(venues=1, days=30 if quick else 640), 0)
    return [row for shape in NAMES for row in _measure(Batch.of(_venue(), shape, sales), 1 if quick else 3)]


def _venue() -> Venue:
    owner = organization("load")
    known = venues_of(owner)
    return known[0] if known else add_venue(owner, "Load", timezone="Europe/Moscow")


def _measure(batch: Batch, runs: int) -> list[Row]:
    loaders: list[Loader] = [Ours(), Merge(), Core(), Dlt(), DltArrow()]
    rates: dict[str, list[tuple[float, float]]] = {}

    def contest(loader: Loader) -> float:
        first, again = _rates(loader, batch)
        rates.setdefault(loader.name, []).append((first, again))
        return first

    by_turns({loader.name: lambda loader=loader: contest(loader) for loader in loaders}, runs)
    for loader in loaders:
        _check(loader, batch)
    return [row for peer in loaders[1:] for row in _rows(batch, peer, rates["mozg"], rates[peer.name])]


def _rates(loader: Loader, batch: Batch) -> tuple[float, float]:
    """Return rows a second of a first load and of the same again."""
    part = batch.first(loader.most) if loader.most else batch
    loader.prepare(part)
    first, again = (len(part.records) / seconds(lambda: loader.load(part)) for _ in range(2))
    return first, again


def _check(loader: Loader, batch: Batch) -> None:
    table, wanted = batch.shape.table, min(len(batch.records), loader.most or len(batch.records))
    found, wrong = count(loader.schema, table), differing(loader.schema, table, batch.shape.columns)
    if (found, wrong) != (wanted, 0):
        raise AssertionError(f"{loader.name}: {table} holds {found} rows of {wanted}, {wrong} of them different.")


def _rows(
    batch: Batch, peer: Loader, ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]
) -> list[Row]:
    number = f"{len(batch.records):,} {NAMES[batch.shape]}"
    fewer = peer.most is not None and peer.most < len(batch.records)
    name = f"{peer.name}, rate of {peer.most:,} rows" if fewer else peer.name
    goals = (None, None) if isinstance(peer, DltArrow) else (FIRST, AGAIN)
    return [
        faster(f"{number}, {words}", [run[at] for run in ours], [run[at] for run in theirs], name, "rows/s", least)
        for at, (words, least) in enumerate(zip(("first load", "read again, nothing changed"), goals, strict=True))
    ]
