"""Importing files of receipts: read whole, store whole or not at all, and say what was left out and why."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mozg.access.organizations import Organization
from mozg.model import Venue
from mozg.pos.files import Imported, Mapping, Rejected, read_sales
from mozg.pos.files.suggest import suggest
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.sync.journal import reading


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``changed`` counts rows of the record that are new or different: 0 the second time."""

    rows_read: int
    receipts: int
    items: int
    changed: int
    rejected: tuple[Rejected, ...]
    rejects_file: Path | None


def import_files(
    organization: Organization, venue: Venue, paths: Sequence[Path], mapping: Mapping | None = None, *,
    default_date: date | None = None,
) -> ImportReport:  # fmt: skip
    """Import files of receipts into ``venue``, with a mapping or the one that the files suggest.

    Rejected rows go into a CSV under ``var/rejects`` with a reason each.

    Raises:
        ImportFileError: the files cannot be read as receipts; nothing was stored.
    """
    imported = read_sales(paths, mapping or suggest(paths), venue, default_date)
    with reading(venue, "files") as run:
        with transaction(organization.id) as connection:
            changed = load_catalogue(connection, organization.id, imported.catalogue, run.run_id).changed
            run.loaded = load_sales(connection, organization.id, venue.id, imported.sales, run.run_id)
        changed += run.loaded.changed
    return ImportReport(
        imported.rows_read,
        len(imported.sales.receipts),
        len(imported.sales.items),
        changed,
        tuple(imported.rejected),
        _write_rejects(imported, paths[0], run.run_id),
    )


def _write_rejects(imported: Imported, first: Path, run_id: int) -> Path | None:
    if not imported.rejected:
        return None
    path = settings().var / "rejects" / f"{first.name.split('.')[0]}-{run_id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(Rejected._fields)
        writer.writerows(imported.rejected)
    return path
