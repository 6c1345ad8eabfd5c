"""An invented chain can be served by hand, and what is printed is the way to it."""

import tomllib
from datetime import date, timedelta

from typer.testing import CliRunner

from mozg.cli import app, simulating
from mozg.model import Venue
from mozg.pos import connect


def test_what_it_prints_reaches_the_same_truth_through_every_till(monkeypatch, capsys):
    yesterday, told = date.today() - timedelta(days=1), {}

    def look_around():
        for text in capsys.readouterr().out.split("# ")[1:]:
            title, _, settings = text.partition("\n")
            name, _, options = title.partition(": --till ")
            pos, _, timezone, *hour = options.split()
            venue = Venue(1, 1, name, timezone, pos, tomllib.loads(settings), int(hour[-1]) if hour else 0)
            with connect(venue) as till:
                told[pos] = sum(one.revenue for one in till.sales(yesterday, yesterday).receipts if one.revenue > 0)

    monkeypatch.setattr(simulating, "wait", look_around)
    simulating.simulate(venues=1, days=2)
    assert set(told) == {"iiko_server", "iiko_cloud", "rkeeper", "rkeeper_white", "poster"}
    assert len(set(told.values())) == 1
    assert told["rkeeper"] > 0


def test_a_system_that_nobody_simulates_is_bad_usage():
    assert CliRunner().invoke(app, ["simulate", "abacus"]).exit_code == 2
