"""A file is imported whole or not at all, twice is once, and what was left out is listed."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from mozg.access.venues import add_venue
from mozg.errors import ImportFileError
from mozg.pos.files import suggest
from mozg.sync.imports import import_files

GOOD = "receipt,date,dish,quantity,total\n" + "".join(
    f"{number},2026-03-{number % 28 + 1:02d} 12:30:00,Суп,1,350.50\n" for number in range(1, 101)
)
EVERYTHING = [
    "receipts", "receipt_items", "payments", "products", "categories", "employees", "sync_runs", "touched_days",
    "sync_cursors",
]  # fmt: skip


@pytest.fixture
def venue(organization):
    return add_venue(organization, "Зал", timezone="Europe/Moscow")


@pytest.fixture
def write(tmp_path):
    def _write(content, name="sales.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def counts(ask, organization):
    return {table: ask(organization, f"SELECT count(*) FROM {table}") for table in EVERYTHING}


def test_a_second_import_changes_nothing(organization, venue, write, ask, content):
    path = write(GOOD)
    first = import_files(organization, venue, [path])
    assert (first.rows_read, first.receipts, first.items, first.rejected) == (100, 100, 100, ())
    assert first.changed == 201  # receipts, lines, one dish
    assert ask(organization, "SELECT sum(revenue) FROM receipts") == [(Decimal("35050.00"),)]
    before = content(organization)
    ask(organization, "DELETE FROM touched_days RETURNING id")
    second = import_files(organization, venue, [path])
    assert (second.rows_read, second.changed) == (100, 0)
    assert content(organization) == before
    assert ask(organization, "SELECT count(*) FROM touched_days") == [(0,)]
    assert ask(organization, "SELECT source, outcome FROM sync_runs") == [("files", "ok")] * 2


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"receipt,date\n1,2026-03-01\n",
        GOOD.encode()[: len(GOOD) // 2] + b"\xff\xfe\x00" + GOOD.encode()[len(GOOD) // 2 :],
        GOOD.encode() + b'"never closed,2026-03-01,x\n',
        GOOD.replace("2026-03", "someday").encode(),
    ],
    ids=["empty", "two columns", "mis-encoded", "truncated", "no dates"],
)
def test_a_damaged_file_leaves_the_database_as_it_was(organization, venue, write, ask, damaged):
    import_files(organization, venue, [write(GOOD)])
    before = counts(ask, organization)
    with pytest.raises(ImportFileError, match=r"damaged\.csv"):
        import_files(organization, venue, [write(damaged, "damaged.csv")])
    assert counts(ask, organization) == before


def test_rejected_rows_are_listed_in_a_file_with_a_reason_each(organization, venue, write):
    mapping = suggest([write(GOOD)])
    bad = "101,,Суп,1,350.50\n102,2026-03-09 10:00:00,Суп,1,dear\n"
    report = import_files(organization, venue, [write(GOOD + bad)], mapping)
    assert (report.rows_read, report.items, len(report.rejected)) == (102, 100, 2)
    with report.rejects_file.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["row"]) for row in rows] == [("sales.csv", "102"), ("sales.csv", "103")]
    assert all(row["reason"] and row["text"] for row in rows)


def test_without_rejected_rows_there_is_no_file(organization, venue, write):
    assert import_files(organization, venue, [write(GOOD)]).rejects_file is None


def test_a_file_without_dates_needs_one(organization, venue, write, ask):
    path = write("receipt,dish,quantity,total\n" + "".join(f"{n},Суп,1,10.00\n" for n in range(1, 30)))
    with pytest.raises(ImportFileError, match="--date YYYY-MM-DD"):
        import_files(organization, venue, [path])
    assert ask(organization, "SELECT count(*) FROM sync_runs") == [(0,)]
    import_files(organization, venue, [path], default_date=date(2026, 3, 1))
    assert ask(organization, "SELECT DISTINCT business_date FROM receipts") == [(date(2026, 3, 1),)]


def test_a_file_that_shrank_deletes_nothing(organization, venue, write, ask):
    import_files(organization, venue, [write(GOOD)])
    import_files(organization, venue, [write("\n".join(GOOD.splitlines()[:51]) + "\n")])
    assert ask(organization, "SELECT count(*) FROM receipts WHERE NOT deleted") == [(100,)]
