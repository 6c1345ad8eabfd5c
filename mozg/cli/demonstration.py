"""The demo: a chain on simulated tills, read over HTTP, every report run and exported, one of them mailed.

Its people have passwords that are derived from the installation's secret: every run can tell them, none is stored.
"""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from rich.table import Table

from mozg.access.organizations import Organization, create_organization, find_organization, organizations
from mozg.access.passwords import is_password
from mozg.access.scope import Role
from mozg.access.secrets import derived_key
from mozg.access.users import User, add_user, stored_password, users_of
from mozg.access.venues import add_venue, change_venue, venues_of
from mozg.analysis.planning import enter_plan, last_year_grown
from mozg.cli.output import console
from mozg.cli.sync import progress, read_tills
from mozg.errors import TillError
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.model import Venue
from mozg.reports.catalogue import all_reports
from mozg.reports.deliver import mail_run
from mozg.reports.service import RunResult, run_report
from mozg.serve.mailbox import mailbox
from mozg.settings import settings
from mozg.simulate import Chain, serve
from mozg.simulate.rkeeper import serve_rkeeper
from mozg.store.database import transaction
from mozg.store.menu import Offer, save_offer, set_portions
from mozg.sync.engine import Synced

SLUG = "demo"
READER = "owner@demo.example"
PEOPLE: dict[str, tuple[str, Role]] = {
    READER: ("Olga Petrova", "owner"),
    "manager@demo.example": ("Marat Aliev", "manager"),
    "analyst@demo.example": ("Anna Kim", "analyst"),
    "viewer@demo.example": ("Viktor Orlov", "viewer"),
}
#: The dishes of its go-list.
OFFERED = ("Борщ с говядиной", "Капучино", "Медовик")
#: What is shared at a table: a bottle is five glasses, a pot three cups.
SHARED = {"Совиньон Блан, бутылка": 5, "Саперави, бутылка": 5, "Чай чёрный, чайник": 3, "Чай зелёный, чайник": 3}
Result = TypeVar("Result")


@dataclass
class Clock:
    """How long each step took, in the order they were taken."""

    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, step: str, work: Callable[[], Result]) -> Result:
        """Do ``work``, say so, and keep its time."""
        console.print(f"{step} …")
        started = time.monotonic()
        result = work()
        self.seconds[step] = time.monotonic() - started
        return result


def run(*, serve: bool) -> None:
    """Make the demo, print what was made and where, then serve it until Ctrl-C if asked."""
    clock = Clock()
    today = date.today()  # noqa: DTZ011  # the demo's history ends yesterday, wherever the reader is
    with _tills(clock, today) as tills:
        owner = _organization()
        venues = _venues(owner, tills)
        people = _people(owner, venues[0])
        synced = _read(clock, owner, venues, today)
        _offer(owner, today)
        clock.time("Copying into the lake", lambda: refresh(owner))
        clock.time("Planning 5 % more than a year before", lambda: _plan(owner, today))
        runs = [_run(clock, owner, report.name, report.formats) for report in all_reports()]
        mail = clock.time("Mailing the sales report", lambda: _mail(owner, runs))
        _print(clock, synced, runs, mail)
        _introduce(people)
        if serve:
            _serve()


@contextmanager
def _tills(clock: Clock, today: date) -> Iterator[list[dict[str, Any]]]:
    years = timedelta(days=round(365 * settings().demo_years))
    chain = clock.time(
        "Inventing a chain of restaurants",
        lambda: Chain.generate(settings().demo_seed, today - years, today - timedelta(days=1)),
    )
    with serve(chain) as iiko, serve_rkeeper(iiko.present) as rkeeper:
        yield [*iiko.venues()[:-1], rkeeper.venues()[-1]]


def _organization() -> Organization:
    if SLUG in {known.slug for known in organizations()}:
        return find_organization(SLUG)
    return create_organization(
        SLUG, "Сеть «Сыроежка»", currency="RUB", locale="en", country="RU", timezone="Europe/Moscow"
    )


def _venues(owner: Organization, tills: list[dict[str, Any]]) -> list[Venue]:
    known = {venue.name: venue for venue in venues_of(owner)}
    return [
        change_venue(known[till["name"]], pos=till["pos"], pos_config=till["pos_config"])
        if till["name"] in known
        else add_venue(owner, **till)
        for till in tills
    ]


def _people(owner: Organization, venue: Venue) -> list[User]:
    """Return somebody of each kind; the manager is one venue's."""
    known = {user.email: user for user in users_of(owner.id)}
    return [
        known.get(email)
        or add_user(
            owner.id, email, name, role, venues=[venue.id] if role == "manager" else None, password=_password(email)
        )
        for email, (name, role) in PEOPLE.items()
    ]


def _password(email: str) -> str:
    letters = base64.b32encode(derived_key(f"demo:{email}")).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _read(clock: Clock, owner: Organization, venues: list[Venue], today: date) -> list[Synced]:
    first = today - timedelta(days=round(365 * settings().demo_years))
    with progress() as bars:
        done, failed = clock.time(
            "Reading the tills over HTTP",
            lambda: read_tills(owner, venues, bars, since=first, until=today - timedelta(days=1)),
        )
    for why in failed.values():
        raise TillError(why)
    return done


def _offer(owner: Organization, today: date) -> None:
    """Keep a go-list, which has been valid for two months, and how many portions a bottle and a pot are."""
    offer = Offer("Советует шеф", OFFERED, today - timedelta(days=60), target=Decimal("0.08"))
    with transaction(owner.id) as connection:
        save_offer(connection, owner.id, offer)
        set_portions(connection, owner.id, {dish: Decimal(number) for dish, number in SHARED.items()})


def _plan(owner: Organization, today: date) -> None:
    lake, years = open_lake(owner), (today.year - 1, today.year)
    enter_plan(owner, [target for year in years for target in last_year_grown(lake, year, Decimal("0.05"))])


def _run(clock: Clock, owner: Organization, name: str, formats: Any) -> RunResult:
    return clock.time(f"Running the report {name}", lambda: run_report(owner, name, formats=formats))


def _mail(owner: Organization, runs: list[RunResult]) -> str:
    (sales,) = [run for run in runs if run.report.name == "sales"]
    folder = settings().var / "mailbox"
    with mailbox(folder) as server:
        outcome = mail_run(owner, sales, READER, server)
    kept = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)
    return f"{near(kept[-1] if kept else folder)} ({outcome})"


def _print(clock: Clock, synced: list[Synced], runs: list[RunResult], mail: str) -> None:
    table = Table(title="The demo", title_justify="left")
    table.add_column("what")
    table.add_column("result", overflow="fold")
    table.add_column("seconds", justify="right")
    for done in synced:
        words = f"{done.read:,} rows read, {done.changed:,} new or changed, {done.first} … {done.last}"
        table.add_row(f"Till of {done.venue.name}", words, f"{done.seconds:.1f}")
    for result in runs:
        for kind, path in result.files.items():
            table.add_row(f"Report {result.report.name}, {kind.upper()}", near(path), "")
    table.add_row("Mailbox", mail, "")
    for step, seconds in clock.seconds.items():
        table.add_row(step, "", f"{seconds:.1f}", style="dim")
    table.add_row("All", "", f"{sum(clock.seconds.values()):.1f}", style="bold")
    console.print(table)


def _introduce(people: list[User]) -> None:
    table = Table(title="Sign in as", title_justify="left")
    for title in ("who", "address", "password"):
        table.add_column(title, no_wrap=True)
    for user in people:
        venues = "" if user.venues is None else f" of {len(user.venues)} venue"
        known = is_password(_password(user.email), stored_password(user))
        table.add_row(f"{user.name}, {user.role}{venues}", user.email, _password(user.email) if known else "changed")
    console.print(table)


def near(path: Path) -> str:
    """Return ``path`` as seen from the current folder where it lies below it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _serve() -> None:
    from mozg.serve.supervisor import up

    up()
