"""The people of an organisation: who they are, what they may do, and which venues they see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, Connection, Row, Update, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from mozg.access.passwords import hash_password
from mozg.access.permissions import ROLES, Action, may
from mozg.access.scope import Role
from mozg.errors import AccessError, SignInError
from mozg.store.database import reading, transaction
from mozg.store.tables import User as UserRow
from mozg.store.tables import VenueRow


@dataclass(frozen=True)
class User:
    """A person who may sign in. ``venues`` holds venue ids; None means every venue of the organisation.

    ``credential_version`` counts changes of password, role and venues: what was issued before one is void.
    """

    id: int
    organization_id: int
    email: str
    name: str
    role: Role
    venues: tuple[int, ...] | None
    telegram_id: int | None
    active: bool
    credential_version: int
    has_password: bool

    def may(self, action: Action) -> bool:
        """Tell whether this person may do ``action``."""
        return self.active and may(self.role, action, self.venues)


def add_user(
    organization_id: int, email: str, name: str, role: Role, *,
    venues: Sequence[int] | None = None, password: str | None = None,
) -> User:  # fmt: skip
    """Add a person and return them; without a password they can sign in once they have set one.

    Raises:
        AccessError: the address is taken or is none, the role is unknown, a venue is not the organisation's, or the
            password is too weak.
    """
    row = {
        "organization_id": organization_id,
        "email": address(email),
        "name": name.strip() or email,
        "role": _known_role(role),
        "password_hash": None if password is None else hash_password(password),
    }
    with transaction(organization_id) as connection:
        row["venue_ids"] = _own_venues(connection, venues)
        try:
            user_id = connection.scalar(insert(UserRow).returning(UserRow.id), row)
        except IntegrityError:
            raise AccessError(f"{row['email']} belongs to somebody of this organisation already.") from None
        assert user_id is not None
        return _read(connection, user_id)


def users_of(organization_id: int) -> list[User]:
    """Return everybody of an organisation by address, former people too."""
    with transaction(organization_id) as connection:
        return [user_of(row) for row in connection.execute(select(UserRow.__table__).order_by(UserRow.email))]


def find_user(organization_id: int, user_id: int) -> User:
    """Return one person.

    Raises:
        AccessError: the organisation has nobody of that number.
    """
    with transaction(organization_id) as connection:
        return _read(connection, user_id)


def accounts(email: str) -> list[tuple[int, int]]:
    """Return ``(organisation, user)`` of each active account of an address; one person may have several."""
    query = text("SELECT organization_id, user_id FROM find_accounts(:address)")
    with reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(query, {"address": email.strip().lower()})]


def change_user(user: User, *, unless_changed: bool = False, **changes: Any) -> User:
    """Change ``name``, ``role``, ``venues``, ``active``, ``telegram_id`` or ``password`` and return the person.

    A change of role, venues, password or of being active ends what the person had been issued before. With
    ``unless_changed``, one that came in between comes first.

    Raises:
        SignInError: one came in between, and nothing was changed.
        AccessError: a new value is not allowed, or the organisation would be left without an active owner.
    """
    with transaction(user.organization_id) as connection:
        _owners(connection)
        values = dict(_columns(connection, changes))
        if values.keys() - {"name", "telegram_id"}:
            values["credential_version"] = UserRow.credential_version + 1
        try:
            if values and not connection.execute(_who(user, unless_changed).values(values)).rowcount:
                raise SignInError("Somebody has changed this person in the meantime.")
        except IntegrityError:
            raise AccessError("That Telegram account belongs to somebody else of this organisation.") from None
        if user.role == "owner" and not _owners(connection):
            raise AccessError("An organisation needs an active owner. Make somebody else an owner first.")
        return _read(connection, user.id)


def stored_password(user: User) -> str | None:
    """Return the hash of the person's password, or None."""
    with transaction(user.organization_id) as connection:
        return connection.scalar(select(UserRow.password_hash).where(UserRow.id == user.id))


def user_of_telegram(organization_id: int, telegram_id: int) -> User | None:
    """Return the active person who linked that Telegram account, or None."""
    with transaction(organization_id) as connection:
        return one_user(connection, UserRow.telegram_id == telegram_id, UserRow.active.is_(True))


def one_user(connection: Connection, *conditions: ColumnElement[bool]) -> User | None:
    """Return the one person of the transaction's organisation of whom all is true, or None."""
    row = connection.execute(select(UserRow.__table__).where(*conditions)).one_or_none()
    return None if row is None else user_of(row)


def address(email: str) -> str:
    """Return an e-mail address in the one form in which we keep it.

    Raises:
        AccessError: it is none.
    """
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise AccessError(f"{email!r} is not an e-mail address: {error}") from None


def _who(user: User, unless_changed: bool) -> Update:
    same = [UserRow.credential_version == user.credential_version] if unless_changed else []
    return update(UserRow).where(UserRow.id == user.id, *same)


def _columns(connection: Connection, changes: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in changes.items():
        match name:
            case "role":
                yield "role", _known_role(value)
            case "venues":
                yield "venue_ids", _own_venues(connection, value)
            case "password":
                yield "password_hash", hash_password(value)
            case "name" | "active" | "telegram_id":
                yield name, value
            case _:
                raise TypeError(f"A user has no {name}.")


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise AccessError(f"There is no role {role!r}. The roles are {', '.join(ROLES)}.")
    return role


def _own_venues(connection: Connection, venues: Sequence[int] | None) -> list[int] | None:
    if venues is None:
        return None
    known = set(connection.scalars(select(VenueRow.id)))
    if unknown := sorted(set(venues) - known):
        raise AccessError(f"The organisation has no venue {', '.join(map(str, unknown))}.")
    return sorted(set(venues))


def _owners(connection: Connection) -> Sequence[int]:
    """Return the active owners, locked: two owners who demote each other at once wait for each other."""
    query = select(UserRow.id).where(UserRow.role == "owner", UserRow.active).order_by(UserRow.id).with_for_update()
    return connection.scalars(query).all()


def _read(connection: Connection, user_id: int) -> User:
    user = one_user(connection, UserRow.id == user_id)
    if user is None:
        raise AccessError(f"The organisation has no user {user_id}.")
    return user


def user_of(row: Row[Any]) -> User:
    """Return the person that a row of their table holds."""
    return User(
        id=row.id,
        organization_id=row.organization_id,
        email=row.email,
        name=row.name,
        role=cast("Role", row.role),
        venues=None if row.venue_ids is None else tuple(row.venue_ids),
        telegram_id=row.telegram_id,
        active=row.active,
        credential_version=row.credential_version,
        has_password=row.password_hash is not None,
    )
