"""Running reports: reports a minute beside plain papermill with the stock kernel, and twenty kernels at once.

Both run the sales notebook of different weeks for the same reader of the same lake, two at a time from one process
that stays: ours as the services do (`mozg.reports.run`), the peer as papermill's manual says. Both must put out the
same tables. A kernel counts as started when it has imported what a report imports.
"""

import asyncio
import functools
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager

from bench.measure import Row, by_turns, faster
from bench.stage.restaurants import restaurants
from mozg.access.organizations import Organization
from mozg.access.scope import Scope
from mozg.kernels import Memory, PromptManager, memory_of
from mozg.kernels.forkserver import FORK_SERVERS
from mozg.lake.reader import kernel_environment
from mozg.reports import engine, warm
from mozg.reports.catalogue import load
from mozg.reports.run import execute
from mozg.reports.tables import tables

FASTER, SOONER, SMALLER = 4.0, 6.0, 3.0
AT_ONCE, KERNELS = 2, 20
LAST_MONDAY = date(2026, 10, 19)
PEER = "papermill with the stock kernel"
STOCK = "stock kernels"
USED = "import mozg.pages"
Run = Callable[[dict[str, Any], Path], Path]


def run(quick: bool) -> list[Row]:
    """Measure 50 reports of each way in five rounds, and 20 kernels at once three times."""
    owner = restaurants(venues=2, days=420)
    environment = engine.kernel_environment(kernel_environment(owner, Scope(owner.slug, "bench", "owner"), None, 240))
    if not warm.warm_up(environment):
        raise AssertionError("There is no fork server to measure.")
    with _environment(environment):
        return [*_reports(owner, environment, 2 if quick else 10, 1 if quick else 5), *_kernels(1 if quick else 3)]


def _reports(owner: Organization, environment: Mapping[str, str], batch: int, rounds: int) -> list[Row]:
    report = load("sales")

    def ours(values: dict[str, Any], output: Path) -> Path:
        return execute(report, values, environment, output.stem, output.parent, 900)

    def plain(values: dict[str, Any], output: Path) -> Path:
        papermill.execute_notebook(
            str(report.notebook), str(output), values, kernel_name=warm.STOCK, progress_bar=False
        )
        return output

    def minute(way: Run, folder: Path) -> float:
        values = [report.validate(given) for given in _weeks(owner, batch)]
        outputs = [folder / f"{way.__name__}-{number}.ipynb" for number in range(batch)]
        for output in outputs:
            output.unlink(missing_ok=True)
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(way, values, outputs))
        return 60 * batch / (time.perf_counter() - started)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        by_turns({"ours": lambda: minute(ours, folder), PEER: lambda: minute(plain, folder)}, 1)  # warms the disk
        rates = by_turns({"ours": lambda: minute(ours, folder), PEER: lambda: minute(plain, folder)}, rounds)
        for number in range(batch):
            _check_same(*(folder / f"{way.__name__}-{number}.ipynb" for way in (ours, plain)))
    question = f"{batch * rounds} sales reports, {AT_ONCE} at a time"
    return [faster(question, rates["ours"], rates[PEER], PEER, "reports/min", FASTER)]


def _weeks(owner: Organization, number: int) -> Iterator[dict[str, Any]]:
    for back in range(number):
        monday = LAST_MONDAY - timedelta(weeks=back)
        week = {"date_from": monday.isoformat(), "date_to": (monday + timedelta(days=6)).isoformat()}
        yield {"organization": owner.slug, "compare": "previous", **week}


def _check_same(ours: Path, theirs: Path) -> None:
    one, other = ([table.rows for table in tables(nbformat.read(path, as_version=4))] for path in (ours, theirs))
    if not one or one != other:
        raise AssertionError(f"{ours.name} and {theirs.name} show different tables.")


@contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    """Give this process the kernels' environment, from which plain papermill takes it."""
    before = dict(os.environ)
    os.environ.update(environment)
    yield
    os.environ.clear()
    os.environ.update(before)


def _kernels(rounds: int) -> list[Row]:
    sizes: dict[str, list[float]] = {"ours": [], STOCK: []}

    def at_once(name: str, kind: type[AsyncKernelManager], kernel: str) -> float:
        took, memory = asyncio.run(_burst(kind, kernel))
        sizes[name].append(KERNELS * 2**30 / memory.pss)
        return KERNELS / took

    ways = {"ours": (PromptManager, warm.WARM), STOCK: (AsyncKernelManager, warm.STOCK)}
    rates = by_turns({name: functools.partial(at_once, name, *way) for name, way in ways.items()}, rounds)
    imported = f"{KERNELS} kernels at once, each with what a report imports"
    return [
        faster(imported, rates["ours"], rates[STOCK], STOCK, "kernels/s", SOONER),
        faster(f"{imported}: memory", sizes["ours"], sizes[STOCK], STOCK, "kernels/GiB", SMALLER),
    ]


async def _burst(kind: type[AsyncKernelManager], kernel: str) -> tuple[float, Memory]:
    """Return the seconds until all kernels have imported, and the memory that they and their fork server take."""
    managers = [kind(kernel_name=kernel) for _ in range(KERNELS)]
    started = time.perf_counter()
    try:
        await asyncio.gather(*map(_started, managers))
        took = time.perf_counter() - started
        servers = [server.pid for server in FORK_SERVERS.running()] if kernel == warm.WARM else []
        memory = memory_of(itertools.chain(servers, (manager.provisioner.pid for manager in managers)))
    finally:
        await asyncio.gather(*(manager.shutdown_kernel(now=True) for manager in managers))
    return took, memory


async def _started(manager: AsyncKernelManager) -> None:
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=600)
        reply = await client.execute_interactive(USED, timeout=600)
    finally:
        client.stop_channels()
    if reply["content"]["status"] != "ok":
        raise AssertionError(f"A kernel could not {USED}: {reply['content']}")
