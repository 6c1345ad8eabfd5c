"""``mozg simulate``: tills of a chain that does not exist, on ports of this machine, to try MOZG or an adapter on."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from mozg.cli.output import console, errors


class System(StrEnum):
    """A till's kind, as `mozg venues add --till` has it."""

    IIKO_SERVER = "iiko_server"
    IIKO_CLOUD = "iiko_cloud"
    RKEEPER = "rkeeper"
    RKEEPER_WHITE = "rkeeper_white"
    POSTER = "poster"


def simulate(
    systems: Annotated[list[System] | None, typer.Argument(help="Whose protocols; all of them if left out.")] = None,
    venues: Annotated[int, typer.Option(min=1, max=8, help="How many restaurants.")] = 2,
    days: Annotated[int, typer.Option(min=1, help="How long their history is; it ends yesterday.")] = 90,
    seed: Annotated[int, typer.Option(help="Which chain; the same seed invents the same one.")] = 1,
    faults: Annotated[float, typer.Option(min=0, max=1, help="The share of requests that go wrong.")] = 0.0,
    port: Annotated[int, typer.Option(help="The first port to answer at; 0 for any that are free.")] = 0,
) -> None:
    """Serve an invented chain over the protocols of real tills until Ctrl-C, and print the settings that reach it.

    All of them tell one truth. What is printed for a venue is a file for `mozg venues add --settings`.

    Example: [cyan]mozg simulate rkeeper --days 30 --faults 0.05[/]
    """
    last = date.today() - timedelta(days=1)  # noqa: DTZ011  # yesterday, wherever the reader is
    wanted = systems or list(System)
    with tills(wanted, venues, (last - timedelta(days=days - 1), last), seed, faults, port) as found:
        for till in found:
            typer.echo(settings_of(till))
        errors.print(f"Serving {len(found)} tills until Ctrl-C.", markup=False, highlight=False)
        wait()
    console.print("Stopped.")


@contextmanager
def tills(
    systems: list[System], venues: int, window: tuple[date, date], seed: int, faults: float, port: int
) -> Iterator[list[dict[str, Any]]]:
    """Serve a chain through ``systems`` for as long as the block runs, and give each venue once for each of them."""
    from mozg.simulate import Chain, serve
    from mozg.simulate.poster import serve_poster
    from mozg.simulate.rkeeper import serve_rkeeper

    with ExitStack() as stack:
        iiko = stack.enter_context(serve(Chain.generate(seed, *window, venues=venues), port))
        rkeeper = stack.enter_context(serve_rkeeper(iiko.present, port and port + 1))
        poster = stack.enter_context(serve_poster(iiko.present, port and port + 2))
        for one in (iiko, rkeeper, poster):
            if faults:
                one.faults.rain(seed, faults)
        ways = {
            System.IIKO_SERVER: lambda: iiko.venues("iiko_server"),
            System.IIKO_CLOUD: lambda: iiko.venues("iiko_cloud"),
            System.RKEEPER: rkeeper.venues,
            System.RKEEPER_WHITE: lambda: rkeeper.venues(white=True),
            System.POSTER: poster.venues,
        }
        yield [till for system in systems for till in ways[system]()]


def settings_of(till: dict[str, Any]) -> str:
    """Return the settings of a simulated till as TOML, under a comment that says whose they are."""
    hour = f" --day-start-hour {till['day_start_hour']}" if "day_start_hour" in till else ""
    lines = [f"# {till['name']}: --till {till['pos']} --timezone {till['timezone']}{hour}"]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in till["pos_config"].items()]
    return "\n".join(lines) + "\n"


def wait() -> None:
    """Wait for Ctrl-C."""
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
