"""What people did: signed in, changed, ran, opened, downloaded. Nothing here is ever changed or removed."""

from typing import Any, Literal

from sqlalchemy import insert

from mozg.access.users import User
from mozg.store.database import transaction
from mozg.store.tables import AuditLog, ReportView

Channel = Literal["dashboard", "run", "html", "pdf", "xlsx", "notebook"]


def note(organization_id: int, actor: str, action: str, subject: str | None = None, **details: Any) -> None:
    """Note that ``actor`` (an address, or "service") did ``action`` to ``subject``. Details must hold no secret."""
    row = {
        "organization_id": organization_id,
        "actor": actor,
        "action": action,
        "subject": subject,
        "details": details or None,
    }
    with transaction(organization_id) as connection:
        connection.execute(insert(AuditLog), row)


def viewed(user: User, report: str, channel: Channel) -> None:
    """Note that somebody opened a report, ran it, or downloaded it in a format."""
    row = {"organization_id": user.organization_id, "user_id": user.id, "report": report, "channel": channel}
    with transaction(user.organization_id) as connection:
        connection.execute(insert(ReportView), row)
