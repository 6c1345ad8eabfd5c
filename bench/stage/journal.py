"""Somebody who asks, and runs of reports that can be asked for."""

from sqlalchemy import func, insert, select

from mozg.access.organizations import Organization
from mozg.access.users import User, add_user, users_of
from mozg.store.database import transaction
from mozg.store.tables import ReportRun

RUNS = 200


def somebody(owner: Organization) -> User:
    """Return an owner of the organisation, made if there is nobody."""
    known = users_of(owner.id)
    return known[0] if known else add_user(owner.id, "bench@mozg.example", "Bench", "owner")


def with_runs(owner: Organization) -> Organization:
    """Return the organisation with runs of its sales report in the record."""
    rows = [
        {
            "organization_id": owner.id,
            "run_id": f"sales-{owner.slug}-{number}",
            "report": "sales",
            "parameters": {"date_from": "2026-10-01", "date_to": "2026-10-31"},
            "asked_by": "bench@mozg.example",
            "outcome": "ok",
            "files": {"html": "sales.html"},
        }
        for number in range(RUNS)
    ]
    with transaction(owner.id) as connection:
        if not connection.scalar(select(func.count()).select_from(ReportRun)):
            connection.execute(insert(ReportRun), rows)
    return owner
