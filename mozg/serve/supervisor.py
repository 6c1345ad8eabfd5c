"""`mozg up`: Prefect, the flows and the dashboards, started in order, watched, and stopped together."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from mozg.access.organizations import Organization
from mozg.serve import services
from mozg.serve.children import Children
from mozg.serve.dashboards import PORT
from mozg.serve.services import Plan, Service
from mozg.settings import be_quiet, settings
from mozg.store.migrate import create_database

_LOOK, _WIDE = 0.3, 160
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(
    organization: Organization, *, prefect: bool = True, ready: Callable[[list[Service]], None] | None = None
) -> None:
    """Serve ``organization`` on this machine until Ctrl-C or SIGTERM; then no process and no port is left.

    When everything answers, a table of addresses and sign-ins is printed and ``ready`` is called. Without
    ``prefect`` there are dashboards, but no schedules. Must be called from the main thread.

    Raises:
        MozgError: a service did not start or ended by itself; the others were stopped.
    """
    be_quiet()
    console = Console()
    with _asked_to_stop() as asked, Children(settings().var / "log") as children:
        running = _start(organization, prefect, children, asked, console)
        if running is None:
            return
        console.print(table(running), width=_WIDE, crop=False)  # an address cut in two cannot be clicked
        if ready is not None:
            ready(running)
        while not asked():
            children.check()
            time.sleep(_LOOK)


def table(running: list[Service]) -> Table:
    """Return the addresses and sign-ins of services as a table for a terminal."""
    caption = f"Logs: {running[0].log.parent}. Ctrl-C stops everything."
    shown = Table(box=None, caption=caption, caption_justify="left", pad_edge=False)
    for title in ("Service", "Address", "Sign-in"):
        shown.add_column(title, no_wrap=True)
    for service in running:
        shown.add_row(service.name, service.address or "–", service.sign_in or "–")
    return shown


def _start(
    organization: Organization, prefect: bool, children: Children, asked: Callable[[], bool], console: Console
) -> list[Service] | None:
    """Start one service after the other; None if we were asked to stop before all answered."""
    running = []
    for plan in _plans(organization, prefect):
        with console.status(f"Starting {plan.name} …"):
            child = children.start(plan.name, plan.module, plan.environment)
            if not children.wait(child, lambda plan=plan, child=child: plan.answers(child), plan.seconds, asked):  # type: ignore[misc]
                return None
        running.append(plan.service(child))
    return running


def _plans(organization: Organization, prefect: bool) -> Iterator[Plan]:
    if prefect:
        create_database(services.PREFECT_DATABASE)
        port, sign_in = services.free_port(services.PREFECT_PORT), f"admin:{secrets.token_urlsafe(18)}"
        yield services.prefect(port, sign_in)
        yield services.flows(port, sign_in)
    yield services.dashboards(organization, services.free_port(PORT))


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether this process was sent a signal to stop."""
    received: list[int] = []
    before = {number: signal.signal(number, lambda got, _: received.append(got)) for number in _SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
