"""From a file that nobody explained to numbers, in three commands."""

import gzip
from itertools import count
from pathlib import Path

import pytest

from mozg.errors import AccessError, ImportFileError

NAMES = (f"bakery{number}" for number in count())


@pytest.fixture
def place():
    """An organisation and a venue that `import --create` shall make."""
    return ["--organization", next(NAMES), "--venue", "Café Nord"]


def test_suggest_then_import_then_query(mozg, answer, receipts, place, tmp_path):
    mapping = tmp_path / "january.toml"
    mapping.write_text(mozg("import", str(receipts), "--suggest").stdout)
    done = mozg("import", str(receipts), *place, "--mapping", str(mapping), "--create", "--timezone", "Europe/Paris")
    assert "4 rows read, 3 receipts with 4 lines" in done.stdout
    (row,) = answer("query", *place[:2], "--metrics", "revenue,checks,units,lines,first_date,last_date,last_opened")
    assert row == {
        "revenue": 7.55,
        "checks": 3,
        "units": 7.0,
        "lines": 4,
        "first_date": "2026-01-02",
        "last_date": "2026-01-13",
        "last_opened": "2026-01-13T23:59:00",
    }


def test_importing_twice_changes_nothing(mozg, answer, receipts, place):
    mozg("import", str(receipts), *place, "--create")
    again = mozg("import", str(receipts), *place)
    assert "0 rows of the record new or changed" in again.stdout


def test_an_unknown_venue_is_named(mozg, receipts, place):
    mozg("import", str(receipts), *place, "--create")
    with pytest.raises(AccessError, match=r"has no venue 'Café Sud'. Its venues: Café Nord\."):
        mozg("import", str(receipts), *place[:2], "--venue", "Café Sud")


def damaged(path: Path, how: str) -> Path:
    content = path.read_bytes()
    target = path.with_name(f"{how}.csv" + (".gz" if how == "cut short" else ""))
    target.write_bytes(
        {
            "empty": b"",
            "cut short": gzip.compress(content)[:-20],
            "wrongly encoded": "Ticket;Date;Article\n1;2026-01-02;café\n2;2026-01-02;".encode() + b"caf\xe9\n" * 3,
            "two columns": b"a;b\n1;2\n3;4\n",
        }[how]
    )
    return target


@pytest.mark.parametrize("how", ["empty", "cut short", "wrongly encoded", "two columns"])
def test_a_damaged_file_is_refused_and_nothing_is_stored(mozg, answer, receipts, place, how):
    mozg("import", str(receipts), *place, "--create")
    before = answer("query", *place[:2], "--metrics", "revenue,checks,lines")
    file = damaged(receipts, how)
    with pytest.raises(ImportFileError, match=file.name.split(".")[0]):
        mozg("import", str(file), *place)
    assert answer("query", *place[:2], "--metrics", "revenue,checks,lines") == before
