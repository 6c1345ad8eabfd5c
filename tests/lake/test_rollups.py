"""A stored sum is the sum: whatever a roll-up answers, the facts answer too."""

import itertools

import pytest
from pandas.testing import assert_frame_equal

from mozg.errors import QueryError
from mozg.lake.measures import MEASURES
from mozg.lake.rollups import ROLLUPS
from mozg.metrics import METRICS, Period, query
from mozg.metrics.dimensions import DIMENSIONS
from mozg.metrics.planner import plan

BY = [
    (),
    *((name,) for name in DIMENSIONS),
    *itertools.combinations(("venue", "business_date", "hour", "dish", "waiter", "section"), 2),
    ("venue", "week", "channel"),
]


def answerable(by):
    """Return the metrics that can be split so by a roll-up and by the facts alike."""
    names = []
    for metric in METRICS.values():
        try:
            sources = plan(metric.needs, by)
            plan(metric.needs, by, rollups=False)
        except QueryError:
            continue
        if any(source.rollup for source in sources):
            names.append(metric.name)
    return names


@pytest.mark.parametrize("by", [by for by in BY if answerable(by)], ids="+".join)
def test_rollups_equal_facts(chain_lake, chain, by):
    during = Period(chain.first.replace(year=2026, month=3, day=7), chain.last)
    names = answerable(by)
    stored = query(chain_lake, names, by, during=during)
    worked_out = query(chain_lake, names, by, during=during, rollups=False)
    assert len(stored) > 0
    assert_frame_equal(stored, worked_out, check_exact=False, rtol=1e-12)
    sums = [name for name in names if str(stored[name].dtype) == "object"]
    assert_frame_equal(stored[sums], worked_out[sums], check_exact=True)


def test_every_measure_of_checks_and_lines_is_stored_somewhere():
    stored = {measure.name for rollup in ROLLUPS for measure in rollup.measures}
    assert stored == set(MEASURES)


def test_nothing_that_counts_checks_by_their_lines_is_stored_for_lines():
    dish_days = next(rollup for rollup in ROLLUPS if rollup.name == "dish_days")
    assert "checks" not in {measure.name for measure in dish_days.measures}
