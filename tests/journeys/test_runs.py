"""A report from the call to the files that people read, and again on the lake as it was."""

from decimal import Decimal
from pathlib import Path

import nbformat
import openpyxl
import pytest
from sqlalchemy import text

from mozg.access.scope import Scope
from mozg.errors import AccessError, LakeError, ParameterError
from mozg.lake.refresh import refresh
from mozg.reports.deliver import mail_run
from mozg.reports.service import run_report
from mozg.reports.tables import tables
from mozg.serve.mailbox import mailbox
from mozg.store.database import transaction

pytestmark = pytest.mark.slow
OCTOBER = {"date_from": "2026-10-01", "date_to": "2026-10-31", "compare": "last_year"}


def digits(notebook: Path):
    return [(table.title, list(table.values())) for table in tables(nbformat.read(notebook, 4))]


@pytest.fixture(scope="module")
def sales(chain_organization):
    return run_report(chain_organization, "sales", OCTOBER, ["html", "pdf", "xlsx"])


def test_a_run_leaves_all_its_files(sales):
    assert sales.outcome == "ok"
    assert {path.suffix for path in sales.files.values()} == {".html", ".pdf", ".xlsx"}
    assert {path.stem for path in sales.files.values()} == {sales.run_id}


def test_the_workbook_holds_numbers_not_texts(sales):
    book = openpyxl.load_workbook(sales.files["xlsx"])
    kinds = {cell.data_type for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=2) for cell in row}
    assert "n" in kinds
    assert "f" not in kinds


def test_the_run_is_on_record(sales, chain_organization):
    query = text("SELECT outcome, snapshot, files ->> 'pdf' FROM report_runs WHERE run_id = :run")
    with transaction(chain_organization.id) as connection:
        (row,) = connection.execute(query, {"run": sales.run_id})
    assert tuple(row) == ("ok", sales.snapshot, sales.files["pdf"].name)


def test_no_secret_stays_in_the_notebook(sales, chain_organization):
    content = sales.notebook.read_text()
    assert chain_organization.reader_role not in content
    assert "eyJ" not in content  # how every token begins


def test_a_run_is_mailed_once(sales, chain_organization, tmp_path):
    with mailbox(tmp_path) as server:
        outcomes = [mail_run(chain_organization, sales, "owner@example.com", server) for _ in range(2)]
    assert outcomes == ["sent", "sent before"]
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_snapshot_gives_the_same_digits_after_the_data_changed(sales, chain_organization):
    change = text("UPDATE receipts SET revenue = revenue + 1000 WHERE business_date = '2026-10-15'")
    touch = text(
        "INSERT INTO touched_days (organization_id, venue_id, business_date) "
        "SELECT DISTINCT organization_id, venue_id, business_date FROM receipts WHERE business_date = '2026-10-15'"
    )
    undo = text("UPDATE receipts SET revenue = revenue - 1000 WHERE business_date = '2026-10-15'")
    try:
        _apply(chain_organization, change, touch)
        again = run_report(chain_organization, "sales", OCTOBER, snapshot=sales.snapshot)
        newer = run_report(chain_organization, "sales", OCTOBER)
    finally:
        _apply(chain_organization, undo, touch)
    assert digits(again.notebook) == digits(sales.notebook)
    assert digits(newer.notebook) != digits(sales.notebook)


def _apply(organization, *statements):
    with transaction(organization.id) as connection:
        for statement in statements:
            connection.execute(statement)
    refresh(organization)


def test_a_manager_of_one_venue_sees_one_venue(chain_organization, chain):
    query = text("SELECT id FROM venues ORDER BY id LIMIT 1")
    with transaction(chain_organization.id) as connection:
        venue = connection.scalar(query)
    scope = Scope("chain", "manager@example.com", "manager", (venue,))
    content = run_report(chain_organization, "sales", OCTOBER, scope=scope).notebook.read_text()
    named = [name for name in chain.venues["name"] if name in content]
    assert len(named) == 1


def test_what_cannot_run_says_why(chain_organization):
    with pytest.raises(ParameterError, match="has no parameter colour"):
        run_report(chain_organization, "sales", {"colour": "red"})
    with pytest.raises(LakeError, match="no snapshot 9999"):
        run_report(chain_organization, "sales", OCTOBER, snapshot=9999)
    with pytest.raises(AccessError, match="A viewer may not run the report forecast_revenue"):
        run_report(chain_organization, "forecast_revenue", scope=Scope("chain", "a", "viewer"))


def test_the_forecast_report_shows_its_past_error(chain_organization):
    run = run_report(chain_organization, "forecast_revenue", {"date_to": "2026-10-31"}, ["html"])
    (errors,) = [table for table in tables(nbformat.read(run.notebook, 4)) if "error" in table.name]
    assert run.outcome == "ok"
    assert any(isinstance(value, Decimal | float) for row in errors.values() for value in row)
