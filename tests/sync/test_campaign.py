"""A campaign against the tills of each maker: whatever goes wrong on the way, the record ends as the tills have it."""

import multiprocessing
import random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from mozg.simulate.edits import edited

from .campaign import LONGEST, MAKERS, Campaign, served_for
from .truth import by_day

pytestmark = pytest.mark.slow
SHORT, MIDDLE = 6, 18
#: How many plans a long campaign goes through against each maker, the least number of syncs in all of them, and after
#: how many calls of its till at most a sync may be killed: Poster's are fewer.
LENGTHS = {"iiko": (45, 500, 60), "r_keeper": (25, 250, 60), "Poster": (25, 250, 15)}
TOLD = random.randrange(2**32)
UNHURRIED = {
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],  # to make a failure smaller would take hours; the seed repeats it
    "suppress_health_check": list(HealthCheck),
}


def plans_of(calls):
    """Return what to draw plans from; see `Campaign.disturbed` for what each step is."""
    step = some.tuples(
        some.integers(0, 1),
        some.one_of(some.none(), some.integers(1, 10_000)),
        some.one_of(some.none(), some.tuples(some.integers(0, 2**32), some.sampled_from([0.02, 0.1, 0.3]))),
        some.one_of(some.none(), some.integers(1, calls)),
    )
    return some.lists(step, min_size=4, max_size=12)


@pytest.fixture(scope="module")
def processes():
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["mozg.sync.engine", "mozg.simulate"])
    return found


def campaign_of(maker, served, processes, new_organization, plan):
    """Go through a plan and clear up; what the record has must be what the tills have."""
    campaign = Campaign(maker, served, processes, new_organization)
    for step in plan:
        campaign.disturbed(*step)
    damaged = sum("/auth" in one and not one.split(": ")[1].isdigit() for one in served.faults.fallen)
    campaign.calm()
    campaign.held_against_the_truth()
    assert campaign.slots_lost <= campaign.kills + damaged
    if maker == "iiko":
        assert served.licence.taken == 0
    return campaign


@pytest.mark.parametrize("maker", MAKERS)
def test_a_few_disturbed_syncs_end_as_the_tills_have_it(maker, processes, new_organization):
    plan = [(0, 1, None, 9), (1, 2, (8, 0.1), None), (0, None, (9, 0.3), None)]
    with served_for(maker, SHORT) as served:
        campaign = campaign_of(maker, served, processes, new_organization, plan)
    assert campaign.kills == 1


@pytest.mark.soak
@pytest.mark.parametrize("maker", MAKERS)
def test_a_thousand_late_edits_voids_and_deletions_are_found(maker, processes, new_organization):
    with served_for(maker, LONGEST) as served:
        campaign = campaign_of(maker, served, processes, new_organization, [])
        served.replace(edited(served.chain, TOLD, 1000, 30))
        campaign.sync(campaign.venues[0])
        if maker != "Poster":  # whose cash shifts tell no totals
            told, kept = (by_day(rows[0]) for rows in (campaign.truth(0), campaign.record(campaign.venues[0])))
            assert kept == told, "its cash shifts tell at once which days changed"
        campaign.calm()
        campaign.held_against_the_truth()


@pytest.mark.soak
@pytest.mark.parametrize("maker", MAKERS)
def test_hundreds_of_disturbed_syncs_end_as_the_tills_have_it(maker, processes, new_organization):
    done = []
    plans, least, calls = LENGTHS[maker]

    @settings(max_examples=plans, **UNHURRIED)
    @seed(TOLD)
    @given(plan=plans_of(calls))
    def examine(plan):
        done.append(campaign_of(maker, served, processes, new_organization, plan))

    print(f"seed {TOLD}")
    with served_for(maker, MIDDLE) as served:
        examine()
    counts = {name: sum(getattr(one, name) for one in done) for name in ("syncs", "kills", "failures", "slots_lost")}
    print(maker, counts)
    assert counts["syncs"] >= least
    assert counts["kills"] > least / 10
