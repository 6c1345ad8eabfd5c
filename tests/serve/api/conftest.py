"""The API in a process of its own, a mailbox beside it, and organisations with one person per role."""

import email
import functools
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import text

from mozg.access.organizations import Organization, create_organization
from mozg.access.passwords import hash_password
from mozg.access.permissions import ROLES
from mozg.access.sessions import access_token, open_session
from mozg.access.users import User, add_user
from mozg.access.venues import add_venue
from mozg.serve import services
from mozg.serve.mailbox import mailbox
from mozg.store.database import transaction

PASSWORD = "four words are enough"
V1 = "/api/v1"
_NUMBERS = itertools.count(1)
#: Reading the machine's certificates takes 50 ms, and every client would do it for itself.
_TLS = httpx.create_ssl_context()


@dataclass(frozen=True)
class Api:
    """A running API: its address, its log, the folder in which its mails arrive, and clients, closed with it."""

    address: str
    log: Path
    mails: Path
    clients: ExitStack

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=self.address, headers=headers, timeout=60, verify=_TLS)
        self.clients.callback(client.close)
        return client

    def letters(self, to: str, count: int = 1) -> list[EmailMessage]:
        """Wait until so many mails to an address have come, and return them, oldest first."""
        for _ in range(200):
            written = [path.read_bytes() for path in sorted(self.mails.glob("*.eml"))]
            found = [letter for letter in written if f"\nDelivered-To: {to}\r".encode() in letter]
            if len(found) >= count:
                return [email.message_from_bytes(letter, policy=default) for letter in found]
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} of {count} mails to {to} have come.")


@dataclass(frozen=True)
class Person:
    """Somebody with a session; ``client`` sends their token."""

    user: User
    token: str
    client: httpx.Client


@pytest.fixture(scope="session")
def running(database: None) -> Iterator[Callable[..., AbstractContextManager[Api]]]:
    """Run the API with settings of its own; what takes seconds, its imports, is done once for all of them."""
    command = [sys.executable, Path(__file__).with_name("ready.py")]
    environment = services.environment()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as ready:
        yield functools.partial(_running, ready)


@contextmanager
def _running(ready: subprocess.Popen[str], folder: Path, **environment: str) -> Iterator[Api]:
    port, log = services.free_port(0), folder / "api.log"
    address = f"http://{services.HOST}:{port}"
    with mailbox(folder / "mails") as smtp, ExitStack() as clients:
        told = services.environment() | {"MOZG_ADDRESS": address, "SMTP_URL": smtp} | environment
        print(json.dumps({"environment": told, "log": str(log), "port": port}), file=ready.stdin, flush=True)
        process = psutil.Process(int(ready.stdout.readline()))
        try:
            _await(address, process, log)
            yield Api(address, log, folder / "mails", clients)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def api(running: Callable[..., AbstractContextManager[Api]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
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
            _give_passwords(organization)
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
    user = add_user(organization.id, email_, role.title(), role, venues=limited)
    token = access_token(open_session(user))
    return Person(replace(user, has_password=True), token, api.client(token))


@functools.cache
def _hash() -> str:
    """The password's hash, worked out once: it takes long on purpose."""
    return hash_password(PASSWORD)


def _give_passwords(organization: Organization) -> None:
    with transaction(organization.id) as connection:
        connection.execute(text("UPDATE users SET password_hash = :hash"), {"hash": _hash()})


def _await(address: str, process: psutil.Process, log: Path) -> None:
    for _ in range(600):
        assert process.is_running(), log.read_text()
        try:
            if httpx.get(f"{address}{V1}/openapi.json", verify=_TLS).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


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
