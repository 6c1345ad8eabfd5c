"""Who is served: organisations, their users and venues, and the role that binds a reader to one organisation."""

from datetime import date

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mozg.store.tables.base import Base, Id, MadeAt, TenantRow

ROLES = ("owner", "admin", "manager", "analyst", "viewer")


class Organization(Base):
    """A restaurant company. ``slug`` names it on the command line; ``reader_role`` is its login role in Postgres."""

    __tablename__ = "organizations"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str] = mapped_column(server_default="en")
    country: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    reader_role: Mapped[str] = mapped_column(unique=True)
    lake_schema: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[MadeAt]


class OrganizationRole(Base):
    """Which login role reads which organisation. Only the administrator can read or write this table."""

    __tablename__ = "organization_roles"

    role_name: Mapped[str] = mapped_column(primary_key=True)
    bound_to: Mapped[int] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))


class User(TenantRow):
    """A person who may sign in; ``email`` is in lower case. ``venue_ids`` NULL means every venue.

    ``credential_version`` counts changes of password, role and venues: what was issued before one is no longer valid.
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("organization_id", "email"),
        UniqueConstraint("organization_id", "telegram_id"),
        CheckConstraint(f"role IN {ROLES}", name="known_role"),
    )

    id: Mapped[Id]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    venue_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    telegram_id: Mapped[int | None]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[MadeAt]
    credential_version: Mapped[int] = mapped_column(server_default="1")


class VenueRow(TenantRow):
    """One restaurant. ``pos_config`` is sealed (see ``mozg.access.secrets``) and hidden from reader roles."""

    __tablename__ = "venues"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[Id]
    name: Mapped[str]
    city: Mapped[str | None]
    country: Mapped[str | None]
    timezone: Mapped[str]
    day_start_hour: Mapped[int] = mapped_column(server_default="0")
    seats: Mapped[int | None]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    pos: Mapped[str] = mapped_column(server_default="files")
    pos_config: Mapped[str | None]
    created_at: Mapped[MadeAt]
