"""What a result says, and in which turn contestants work."""

from dataclasses import asdict

from bench.__main__ import areas
from bench.measure import beside, by_turns, faster, seconds, within


def test_a_rate_holds_from_the_goal_on():
    row = faster("loading", [300.0, 100.0, 310.0], [100.0], "peer", "rows/s", least=3)
    assert (row.ours, row.peer, row.ratio, row.goal, row.holds) == (300, 100, 3.0, "≥ 3 ×", True)
    assert faster("loading", [299.0], [100.0], "peer", "rows/s", least=3).holds is False


def test_a_peer_for_information_has_no_goal():
    row = faster("loading", [300.0], [100.0], "peer", "rows/s", least=None)
    assert (row.ratio, row.goal, row.holds) == (3.0, None, None)


def test_of_durations_the_shorter_is_better():
    row = beside("asking", [0.1], [0.4], "peer", same=True)
    assert (row.ratio, row.unit, row.holds) == (4.0, "s", True)
    assert beside("asking", [0.1], [0.4], "peer", same=False).holds is False


def test_a_limit_needs_no_peer():
    row = within("opening", [0.9, 2.0, 0.8], most=1)
    assert (row.ours, row.peer, row.ratio, row.holds) == (0.9, None, None, True)
    assert within("opening", [1.1], most=1).holds is False


def test_a_row_has_the_documented_keys():
    keys = {"question", "ours", "peer", "peer_name", "unit", "ratio", "goal", "holds", "runs"}
    row = asdict(within("opening", [0.9, 0.8], most=1))
    assert set(row) == keys
    assert row["runs"] == {"ours": [0.9, 0.8]}


def test_each_round_is_begun_by_another():
    called = []

    def work(name):
        return lambda: called.append(name) or float(len(called))

    told = by_turns({"a": work("a"), "b": work("b")}, runs=3)
    assert called == ["a", "b", "b", "a", "a", "b"]
    assert told == {"a": [1, 4, 5], "b": [2, 3, 6]}


def test_seconds_are_those_of_the_work():
    assert 0 <= seconds(lambda: sum(range(10))) < 1


def test_areas_are_found_by_name():
    assert {"load", "query"} <= set(areas())
    assert not {"measure", "__main__", "stage", "peers"} & set(areas())
