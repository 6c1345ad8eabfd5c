"""The API in a process of its own, a mailbox beside it, and organisations with one person per role."""

import email
import functools
import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from mozg.access.organizations import Organization, create_organization
from mozg.access.passwords import hash_password
from mozg.access.permissions import ROLES
from mozg.access.sessions import access_token, open_session
from mozg.access.users import User, add_user, find_user
from mozg.access.venues import add_venue
from mozg.serve import services
from mozg.serve.children import Children
from mozg.serve.mailbox import mailbox
from mozg.store.database import transaction

PASSWORD = "four words are enough"
V1 = "/api/v1"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Api:
    """A running API: its address, its log, the folder in which its mails arrive, and clients, closed with it."""

    address: str
    log: Path
    mails: Path
    clients: ExitStack

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=self.address, headers=headers, timeout=60)
        self.clients.callback(client.close)
        return client

    def letters(self, to: str, count: int = 1) -> list[EmailMessage]:
        """Wait until so many mails to an address have come, and return them, oldest first."""
        for _ in range(200):
            found = [
                email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.mails.glob("*.eml"))
            ]
            found = [letter for letter in found if to in str(letter["Delivered-To"])]
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} of {count} mails to {to} have come.")


@dataclass(frozen=True)
class Person:
    """Somebody with a session; ``client`` sends their token."""

    user: User
    token: str
    client: httpx.Client


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Api]:
    """Run the API with settings of its own."""
    port = services.free_port(0)
    address = f"http://{services.HOST}:{port}"
    with mailbox(folder / "mails") as smtp, Children(folder / "log") as children:
        told = {"MOZG_ADDRESS": address, "SMTP_URL": smtp} | environment
        child = children.start("api", ("mozg.serve.api", "--port", str(port)), services.environment() | told)
        assert children.wait(child, lambda: _answers(address), 60, lambda: False), child.tail()
        with ExitStack() as clients:
            yield Api(address, child.log, folder / "mails", clients)


@pytest.fixture(scope="session")
def api(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API with limits that no test reaches by chance."""
    plenty = {"MOZG_REQUESTS_PER_MINUTE": "1000000", "MOZG_SIGN_INS_PER_HOUR": "10000"}
    with running(tmp_path_factory.mktemp("api"), **plenty) as served:
        yield served


@pytest.fixture
def client(api: Api) -> Iterator[httpx.Client]:
    """Somebody who is not signed in."""
    with api.client() as anybody:
        yield anybody


@pytest.fixture
def organization(database: None) -> Organization:
    """An organisation with nobody in it."""
    return create_organization(f"api{next(_NUMBERS)}", "Trattoria Nord", currency="EUR", timezone="Europe/Paris")


@pytest.fixture(scope="session")
def people(api: Api) -> Iterator[Callable[[Organization], dict[str, Person]]]:
    """Make one person of each role in an organisation, signed in; the manager's and viewer's venues are one, "Nord"."""

    with ExitStack() as clients:

        def make(organization: Organization) -> dict[str, Person]:
            venue = add_venue(organization, "Nord", timezone="Europe/Paris")
            add_venue(organization, "Sud", timezone="Europe/Paris")
            team = {role: _person(api, organization, role, (venue.id,)) for role in ROLES}
            for person in team.values():
                clients.callback(person.client.close)
            return team

        yield make


@pytest.fixture
def team(organization: Organization, people: Callable[[Organization], dict[str, Person]]) -> dict[str, Person]:
    """The people of `organization`."""
    return people(organization)


@pytest.fixture
def strangers(database: None, people: Callable[[Organization], dict[str, Person]]) -> dict[str, Person]:
    """The people of another organisation."""
    return people(create_organization(f"other{next(_NUMBERS)}", "Another", currency="USD"))


def link_of(letter: EmailMessage) -> str:
    """Return the first link of a mail."""
    return re.search(r"https?://\S+", letter.get_body(("plain",)).get_content())[0]


def _person(api: Api, organization: Organization, role: str, venues: tuple[int, ...]) -> Person:
    limited = venues if role in ("manager", "viewer") else None
    email_ = f"{role}@{organization.slug}.example"
    user = _with_password(add_user(organization.id, email_, role.title(), role, venues=limited))
    token = access_token(open_session(user))
    return Person(user, token, api.client(token))


@functools.cache
def _hash() -> str:
    """The password's hash, worked out once: it takes long on purpose."""
    return hash_password(PASSWORD)


def _with_password(user: User) -> User:
    with transaction(user.organization_id) as connection:
        connection.execute(
            text("UPDATE users SET password_hash = :hash WHERE id = :id"), {"hash": _hash(), "id": user.id}
        )
    return find_user(user.organization_id, user.id)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}{V1}/openapi.json", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def noted(organization: Organization) -> Callable[[int], set[tuple[str, str]]]:
    """Wait until so many notes are in the organisation's audit log, and return each one's action and actor."""

    def wait(count: int) -> set[tuple[str, str]]:
        for _ in range(100):
            with transaction(organization.id) as connection:
                found = connection.execute(text("SELECT action, actor FROM audit_log")).all()
            if len(found) >= count:
                return {(row[0], row[1]) for row in found}
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} of {count} notes have come.")

    return wait
