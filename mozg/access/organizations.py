"""Organisations: making one with its walls, and finding one by name.

An organisation gets a login role of its own in Postgres, a schema for its lake's catalogue, and a row that binds
the role to it. Only the administrator's connection can do this; services can only look.
"""

import re
import secrets
from dataclasses import dataclass, fields, replace
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, column, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mozg.errors import AccessError
from mozg.store.database import APP_ROLE, READER_ROLE, admin_engine, reading, transaction
from mozg.store.migrate import create_role, run
from mozg.store.tables import Organization as OrganizationRow
from mozg.store.tables import OrganizationRole

SLUG = re.compile(r"[a-z][a-z0-9_-]{0,39}")
CHANGEABLE = frozenset({"name", "locale", "country", "timezone"})


@dataclass(frozen=True)
class Organization:
    """A restaurant company. Money of all its venues is in ``currency`` (ISO 4217)."""

    id: int
    slug: str
    name: str
    currency: str
    locale: str
    country: str | None
    timezone: str
    reader_role: str
    lake_schema: str


COLUMNS = tuple(field.name for field in fields(Organization))


def create_organization(
    slug: str, name: str, *, currency: str, locale: str = "en", country: str | None = None, timezone: str = "UTC"
) -> Organization:
    """Create an organisation with its reader role and lake schema, and return it.

    Raises:
        AccessError: the slug is taken, or is not lower-case letters, digits, ``-`` and ``_``.
    """
    if not SLUG.fullmatch(slug):
        raise AccessError(f"{slug!r} cannot name an organisation: use 1–40 of a–z, 0–9, - and _, a letter first.")
    unique = f"mozg_{secrets.token_hex(8)}"  # every role can read the names of roles, so this one tells nothing
    row = {
        "slug": slug,
        "name": name,
        "currency": currency,
        "locale": locale,
        "country": country,
        "timezone": timezone,
        "reader_role": unique,
        "lake_schema": unique,
    }
    try:
        with admin_engine().begin() as connection:
            id_ = connection.scalar(insert(OrganizationRow).returning(OrganizationRow.id), row)
            assert id_ is not None
            _build_walls(connection, id_, unique)
    except IntegrityError:
        raise AccessError(f"The organisation {slug!r} exists already.") from None
    return Organization(id=id_, **row)  # type: ignore[arg-type]


def organizations() -> list[Organization]:
    """Return every organisation of this installation, by slug."""
    query = select(func.known_organizations().table_valued(*COLUMNS)).order_by(column("slug"))
    with reading() as connection:
        return [Organization(*row) for row in connection.execute(query)]


def organization_seen(connection: Connection) -> Organization:
    """Return the organisation that a transaction was opened for."""
    return Organization(*connection.execute(select(*(getattr(OrganizationRow, name) for name in COLUMNS))).one())


def find_organization(slug: str) -> Organization:
    """Return one organisation.

    Raises:
        AccessError: there is none of that name; the text lists those that exist.
    """
    known = {organization.slug: organization for organization in organizations()}
    if slug not in known:
        names = ", ".join(known) or "none yet; `mozg demo` makes one"
        raise AccessError(f"There is no organisation {slug!r}. Known: {names}.")
    return known[slug]


def change_organization(organization: Organization, **changes: Any) -> Organization:
    """Change ``name``, ``locale``, ``country`` or ``timezone`` and return the organisation.

    Money is in the currency that it had from the first receipt on, so that cannot be changed.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"An organisation's {', '.join(sorted(unknown))} cannot be changed.")
    changed = replace(organization, **changes)
    with transaction(organization.id) as connection:
        if changes:
            connection.execute(update(OrganizationRow).where(OrganizationRow.id == organization.id).values(changes))
    return changed


def _build_walls(connection: Connection, organization_id: int, name: str) -> None:
    role = sql.Identifier(name)
    create_role(connection, name, login=True)
    run(connection, sql.SQL("GRANT {} TO {}").format(sql.Identifier(READER_ROLE), role))
    run(connection, sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role))
    run(connection, sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(role, sql.Identifier(APP_ROLE)))
    run(connection, sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(role, role))
    run(
        connection,
        sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT SELECT ON TABLES TO {}").format(
            sql.Identifier(APP_ROLE), role, role
        ),
    )
    connection.execute(insert(OrganizationRole), {"role_name": name, "bound_to": organization_id})
