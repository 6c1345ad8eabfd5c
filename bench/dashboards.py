"""The sales dashboard in headless Chromium with warm caches, beside stock Voila with the stock kernel.

Both show the same notebook, the same weeks and the same restaurants. Ours opens on its first paint, which was made
before, as after every night. Stock Voila's page names files on the Internet: the browser finds no such hosts, at once.
"""

import functools
import statistics
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from bench.measure import Row, by_turns, sooner, within
from bench.peers import stock_voila
from bench.stage.browser import CHANGES, Opened, Tabs
from bench.stage.installation import FOLDER
from bench.stage.journal import somebody
from bench.stage.restaurants import restaurants
from mozg.access.organizations import Organization
from mozg.access.sessions import COOKIE, browser_cookie, open_session
from mozg.reports.catalogue import load
from mozg.reports.painting import make
from mozg.serve.children import Children
from mozg.serve.services import Plan, dashboards, free_ports

OURS, STOCK, PREHEATED = "mozg", "stock Voila", "stock Voila, preheated"
WARM_UP = 2


def run(quick: bool) -> list[Row]:
    """Open the page of each by turns and compare the medians; the 95th percentiles are for information."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    owner = restaurants(venues=2, days=70, last=last) if quick else restaurants(venues=4, days=200, last=last)
    turns = 2 if quick else 10
    with ExitStack() as open_ones:
        openers = _serve(open_ones, owner)
        for _ in range(WARM_UP):
            for opener in openers.values():
                opener()
        told: dict[str, list[Opened]] = {name: [] for name in openers}

        def open_by(name: str) -> float:
            told[name].append(openers[name]())
            return told[name][-1].controls

        by_turns({name: functools.partial(open_by, name) for name in openers}, turns)
    return [*_rows(told[OURS], told[STOCK], STOCK, goals=True), *_rows(told[OURS], told[PREHEATED], PREHEATED)]


def _rows(ours: Sequence[Opened], peer: Sequence[Opened], name: str, *, goals: bool = False) -> Iterable[Row]:
    moments: dict[str, tuple[Callable[[Opened], float], float | None]] = {
        "server's first byte": (lambda one: one.first_byte, None),
        "headline numbers and first chart readable": (lambda one: one.readable, 8),
        "controls live": (lambda one: one.controls, 2),
    }
    for moment, (seconds, least) in moments.items():
        mine, theirs = [seconds(one) for one in ours], [seconds(one) for one in peer]
        yield sooner(moment, mine, theirs, name, least if goals else None)
        yield sooner(f"{moment}, 95 of 100", [_p95(mine)], [_p95(theirs)], name, None)
    if goals:
        seen, whole = zip(*(change for one in ours for change in one.changes), strict=True)
        yield within("another period chosen, all in sight redrawn", seen, 0.4)
        yield within("another period chosen, all in sight redrawn, 95 of 100", [_p95(seen)], 1)
        yield within("another period chosen, the whole page redrawn", whole, 1)


def _serve(open_ones: ExitStack, owner: Organization) -> dict[str, Callable[[], Opened]]:
    """Start all three, and return how a page of each is opened and left; they end with ``open_ones``."""
    person = open_session(somebody(owner), kind="browser")
    make(owner, load("sales"), person.scope())
    our_port, stock_port, preheated_port = free_ports(0, 0, 0)
    children = open_ones.enter_context(Children(FOLDER / "logs"))
    ours = dashboards(our_port, {}, {})
    stock = stock_voila.plan(stock_port, owner, person.scope(), preheated=False)
    preheated = stock_voila.plan(preheated_port, owner, person.scope(), preheated=True)
    for plan in (ours, stock, preheated):
        _start(children, plan)
    tabs = open_ones.enter_context(Tabs(ours.address, {COOKIE: browser_cookie(person)}))
    return {
        OURS: lambda: tabs.open(f"{ours.address}voila/render/sales.ipynb", CHANGES),
        STOCK: lambda: tabs.open(stock.address),
        PREHEATED: lambda: tabs.open(preheated.address, pause=stock_voila.REFILL),
    }


def _start(children: Children, plan: Plan) -> None:
    module = (*plan.module, "--no-paints") if plan.name == "dashboards" else plan.module
    child = children.start(plan.name, module, plan.environment)
    children.wait(child, lambda: plan.answers(child), plan.seconds, lambda: False)


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]
