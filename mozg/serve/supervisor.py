"""`mozg up`: schedules, API, dashboards and JupyterLab, started in order, watched, and stopped together."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from mozg.access.organizations import Organization, find_organization, organizations
from mozg.serve import services
from mozg.serve.children import Children
from mozg.serve.dashboards import PORT
from mozg.serve.services import Plan, Service
from mozg.settings import be_quiet, settings
from mozg.store.migrate import create_database

#: Organisations up to which each has a JupyterLab unasked: one takes about 100 MB.
MOST_LABS = 8
_LOOK, _WIDE = 0.3, 160
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(
    *, prefect: bool = True, lab: bool = True, labs: Sequence[str] = (),
    ready: Callable[[list[Service]], None] | None = None,
) -> None:  # fmt: skip
    """Serve this installation on this machine until Ctrl-C or SIGTERM; then no process and no port is left.

    When everything answers, a table of addresses and sign-ins is printed and ``ready`` is called. Without
    ``prefect`` there are no schedules, without ``lab`` there is no JupyterLab. Otherwise the organisations of the
    short names ``labs`` have one; without names all that are known now, where these are few. Must be called from the
    main thread.

    Raises:
        MozgError: a service did not start or ended by itself; the others were stopped.
    """
    be_quiet()
    console = Console()
    with _asked_to_stop() as asked, Children(settings().var / "log") as children:
        at_desks = with_lab(labs) if lab else []
        running = _start(list(_plans(prefect, at_desks)), children, asked, console)
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


def with_lab(labs: Sequence[str]) -> list[Organization]:
    """Return the organisations that have a JupyterLab: those named; else all, where there are at most `MOST_LABS`.

    Raises:
        AccessError: a name is unknown.
    """
    if labs:
        return [find_organization(slug) for slug in labs]
    known = organizations()
    if len(known) <= MOST_LABS:
        return known
    Console().print(f"There are {len(known)} organisations. Name those that shall have a JupyterLab with --lab-for.")
    return []


def _start(plans: list[Plan], children: Children, asked: Callable[[], bool], console: Console) -> list[Service] | None:
    """Start one service after the other; None if we were asked to stop before all answered."""
    running = []
    for plan in plans:
        with console.status(f"Starting {plan.name} …"):
            child = children.start(plan.name, plan.module, plan.environment)
            if not children.wait(child, lambda plan=plan, child=child: plan.answers(child), plan.seconds, asked):  # type: ignore[misc]
                return None
        running.append(plan.service(child))
    return running


def _plans(prefect: bool, known: list[Organization]) -> Iterator[Plan]:
    wished = [
        services.PREFECT_PORT,
        services.API_PORT,
        PORT,
        *range(services.LAB_PORT, services.LAB_PORT + len(known)),
    ]
    prefect_port, api_port, port, *lab_ports = services.free_ports(*wished)
    told = services.sign_in_settings(api_port, port, *lab_ports)
    if prefect:
        create_database(services.PREFECT_DATABASE)
        sign_in = f"admin:{secrets.token_urlsafe(18)}"
        yield services.prefect(prefect_port, sign_in)
        yield services.flows(prefect_port, sign_in, told)
    labs = [services.lab(*one, told) for one in zip(known, lab_ports, strict=True)]
    yield services.api(api_port, told)
    yield services.dashboards(port, told, {one.slug: plan.address for one, plan in zip(known, labs, strict=True)})
    yield from labs


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
