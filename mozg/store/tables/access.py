"""Who is signed in, their stars, and what only services may read: no reader role has any right on these tables."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Base, Id, MadeAt, Moment, TenantRow

KINDS = ("api", "browser")


class SessionRow(TenantRow):
    """One sign-in of one person on one device, until it expires or is closed.

    The holder has a signed token that names this row. ``generation`` counts the refresh tokens of an API session:
    only the newest is good, and an older one shows that somebody copied it.
    """

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="known_kind"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    generation: Mapped[int] = mapped_column(server_default="1")
    credential_version: Mapped[int]
    agent: Mapped[str | None]
    address: Mapped[str | None]
    opened_at: Mapped[MadeAt]
    used_at: Mapped[MadeAt]
    expires_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]


class Favourite(TenantRow):
    """A report that a person starred, to find it first."""

    __tablename__ = "favourites"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    report: Mapped[str] = mapped_column(primary_key=True)
    starred_at: Mapped[MadeAt]


class SealedSecret(TenantRow):
    """A secret of an organisation other than its tills', sealed (see ``mozg.access.secrets``)."""

    __tablename__ = "sealed_secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]


class SigningKey(Base):
    """A key that signs tokens, known by ``kid``; the key itself is derived, so that none is stored.

    The newest one signs. The others are accepted until ``accepted_until``.
    """

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[MadeAt]
    accepted_until: Mapped[Moment | None]
