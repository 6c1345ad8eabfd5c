"""Secrets that an organisation hands over, such as its Telegram bot's token: sealed at rest, never handed out."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Insert

from mozg.access.secrets import seal, unseal
from mozg.store.database import transaction
from mozg.store.tables import SealedSecret

TELEGRAM_BOT = "telegram_bot"


def keep(organization_id: int, name: str, value: str | None) -> None:
    """Keep a secret in place of the one before; None forgets it."""
    with transaction(organization_id) as connection:
        if value is None:
            connection.execute(delete(SealedSecret).where(SealedSecret.name == name))
            return
        sealed = seal({"value": value})
        row = Insert(SealedSecret).values(organization_id=organization_id, name=name, sealed=sealed)
        connection.execute(
            row.on_conflict_do_update(index_elements=["organization_id", "name"], set_={"sealed": sealed})
        )


def recall(organization_id: int, name: str) -> str | None:
    """Return a secret that was kept, or None."""
    with transaction(organization_id) as connection:
        sealed = connection.scalar(select(SealedSecret.sealed).where(SealedSecret.name == name))
    return None if sealed is None else str(unseal(sealed)["value"])
