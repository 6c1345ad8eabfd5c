"""Killed at any moment and started again, a sync and an import end as if nothing had happened."""

import csv
import multiprocessing
import random
import time

import pytest

from mozg.access.venues import add_venue
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import query
from mozg.sync.engine import sync_venue
from mozg.sync.imports import import_files

pytestmark = pytest.mark.slow
#: Some of them in every run of the tests, all of them in ``make soak``.
KILLS = pytest.mark.parametrize("kills", [6, pytest.param(20, marks=pytest.mark.soak)])
ROUNDS = 2


class Killer:
    """Starts the same command again and again, each time in a process of its own that it kills at a random moment."""

    def __init__(self):
        self.seed = random.randrange(2**32)
        self._random = random.Random(self.seed)
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["mozg.sync.engine", "mozg.sync.imports", "mozg.lake.refresh"])
        self._start(time.sleep, 0).join()
        self.seconds = 0.0

    def undisturbed(self, command, *arguments, **options):
        """Let the command end, and remember how long it took."""
        started = time.monotonic()
        process = self._start(command, *arguments, **options)
        process.join(120)
        assert process.exitcode == 0
        self.seconds = time.monotonic() - started

    def kill(self, times, command, *arguments, **options):
        """Kill the command ``times`` times while it runs; runs that were too quick to be killed do not count."""
        killed = 0
        for _ in range(10 * times):
            process = self._start(command, *arguments, **options)
            process.join(self._random.uniform(0, self.seconds))
            killed += process.is_alive()
            self.seconds *= 1.0 if process.is_alive() else 0.8
            process.kill()
            process.join()
            if killed == times:
                return
        raise AssertionError(f"only {killed} of {10 * times} runs were still going on when they were to be killed")

    def _start(self, command, *arguments, **options):
        process = self._processes.Process(target=command, args=arguments, kwargs=options)
        process.start()
        return process


@pytest.fixture
def killer():
    killer = Killer()
    print(f"seed {killer.seed}")
    return killer


@KILLS
def test_a_sync(kills, killer, new_organization, tills, small_chain, content, ask):
    span = {"since": small_chain.first, "until": small_chain.last}
    calm, rough = new_organization("calm"), new_organization("rough")
    venue = add_venue(calm, **tills.venues()[0])
    sync_venue(calm, venue, **span)
    killer.undisturbed(sync_venue, calm, add_venue(calm, **(tills.venues()[0] | {"name": "Для часов"})), **span)
    for number in range(ROUNDS):
        shaken = add_venue(rough, **(tills.venues()[0] | {"name": f"Зал {number}"}))
        killer.kill(kills // ROUNDS, sync_venue, rough, shaken, **span)
        sync_venue(rough, shaken, **span)
        assert content(rough, shaken.id) == content(calm, venue.id)
    assert ask(rough, "SELECT count(*) FROM sync_runs WHERE outcome = 'running'") == [(0,)]
    refresh(calm)
    refresh(rough)
    metrics = ["revenue", "checks", "guests", "units", "lines", "paid", "void_lines", "first_date", "last_date"]
    expected = query(open_lake(calm), metrics, ["venue"]).set_index("venue").loc[[venue.name]]
    for _, row in query(open_lake(rough), metrics, ["venue"]).set_index("venue").iterrows():
        assert row.to_dict() == expected.iloc[0].to_dict()


@pytest.fixture
def export(tmp_path, small_chain):
    """The small chain's lines as a file that a till would export."""
    path = tmp_path / "lines.csv"
    names, moments = small_chain.products["name"], small_chain.receipts["opened_at"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["receipt", "date", "dish", "quantity", "total"])
        for line in small_chain.items[small_chain.items["state"] == 0].itertuples():
            total = f"{line.revenue / 100:.2f}"
            writer.writerow([line.receipt, moments[line.receipt], names[line.product], line.quantity, total])
    return path


@KILLS
def test_an_import(kills, killer, new_organization, export, content, ask):
    calm, rough = new_organization("calm"), new_organization("rough")
    venue = add_venue(calm, "Зал", timezone="Europe/Moscow")
    report = import_files(calm, venue, [export])
    assert report.changed > 1000
    killer.undisturbed(import_files, calm, add_venue(calm, "Для часов", timezone="Europe/Moscow"), [export])
    for number in range(ROUNDS):
        shaken = add_venue(rough, f"Зал {number}", timezone="Europe/Moscow")
        for _ in range(kills // ROUNDS):
            killer.kill(1, import_files, rough, shaken, [export])
            ((stored,),) = ask(rough, f"SELECT count(*) FROM receipts WHERE venue_id = {shaken.id}")
            assert stored in (0, report.receipts)
        import_files(rough, shaken, [export])
        assert content(rough, shaken.id) == content(calm, venue.id)
    assert ask(rough, "SELECT count(*) FROM sync_runs WHERE outcome = 'running'") == [(0,)]
