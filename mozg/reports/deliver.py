"""Sending a finished run by mail, once: a ledger row per report, parameters and address."""

import hashlib
import json
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Insert

from mozg.access.organizations import Organization
from mozg.errors import DeliveryError
from mozg.reports.export import read
from mozg.reports.links import dashboard_of
from mozg.reports.mail import compose
from mozg.reports.post import send
from mozg.reports.service import RunResult
from mozg.settings import settings
from mozg.store.database import transaction
from mozg.store.tables import Delivery

CHANNEL = "mail"


def mail_run(
    organization: Organization, run: RunResult, address: str, smtp_url: str, *, attach: Sequence[str] = ("pdf", "xlsx")
) -> Literal["sent", "sent before"]:
    """Mail ``run`` to ``address`` with the formats ``attach``, unless the same report went there before.

    Raises:
        DeliveryError: the run has nothing to show, or the mail server refused; the ledger keeps its words.
    """
    if run.outcome != "ok":
        raise DeliveryError(f"The run {run.run_id} ended as {run.outcome}; there is nothing to send.")
    key = delivery_key(run, address)
    if _outcome(organization, key) == "ok":
        return "sent before"
    message = compose(
        read(run.notebook),
        title=f"{run.report.translated(organization.locale).title} · {organization.name}",
        sender=settings().mail_from,
        recipients=[address],
        link=dashboard_of(run.report, run.parameters),
        attachments=[run.files[kind] for kind in attach if kind in run.files],
        key=key,
        locale=organization.locale,
    )
    try:
        send(message, smtp_url)
    except DeliveryError as error:
        _note(organization, key, address, "failed", str(error))
        raise
    _note(organization, key, address, "ok", None)
    return "sent"


def delivery_key(run: RunResult, address: str) -> str:
    """Return what makes a delivery the same delivery: the report, its parameters, the channel and the address."""
    parts = [run.report.name, sorted(run.parameters.items()), CHANNEL, address]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _outcome(organization: Organization, key: str) -> str | None:
    query = select(Delivery.outcome).where(Delivery.idempotency_key == key)
    with transaction(organization.id) as connection:
        return connection.scalar(query)


def _note(organization: Organization, key: str, address: str, outcome: str, error: str | None) -> None:
    row = Insert(Delivery).values(
        organization_id=organization.id,
        idempotency_key=key,
        channel=CHANNEL,
        address=address,
        outcome=outcome,
        attempts=1,
        error=error,
        sent_at=func.now() if outcome == "ok" else None,
    )
    again = row.on_conflict_do_update(
        index_elements=["organization_id", "idempotency_key"],
        set_={
            "outcome": outcome,
            "error": error,
            "attempts": Delivery.attempts + 1,
            "sent_at": row.excluded.sent_at,
        },
    )
    with transaction(organization.id) as connection:
        connection.execute(again)
