"""A campaign against the tills: whatever goes wrong on the way, the record ends as the tills have it.

Each sync meets faults drawn by a seed, may be killed at a random moment, and finds checks that were edited, made void
or deleted since the one before. Afterwards the weather clears, a week passes, and every venue is synced once more:
nothing may be lost, doubled or half-written, no licence slot held, no limit of the till broken.
"""

import multiprocessing
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from math import ceil

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some
from sqlalchemy import text

from mozg.access.organizations import find_organization
from mozg.access.venues import add_venue, find_venue
from mozg.errors import MozgError, TillAccessDenied
from mozg.pos import Patience, connect, pace
from mozg.simulate import Chain, serve
from mozg.simulate.edits import edited
from mozg.store.database import transaction
from mozg.sync import engine
from mozg.sync.engine import sync_venue

pytestmark = pytest.mark.slow
LAST = date(2026, 10, 25)
SHORT, MIDDLE, LONG = 6, 18, 35
#: So many calls of its back office does the cloud allow in a second; the venue's settings name a few less.
ALLOWED, KNOWN = 130, [120, 1, 60]
#: So many calls does a sync of a few weeks make of its till, at most.
CALLS = 60
#: How a disturbed sync ends that was not killed.
FAILED, NO_SLOT = 3, 4
HURRIED = Patience(attempts=4, first=0.005, busy=0.01, longest=0.05)
_NUMBERS = count(1)
DAY = timedelta(days=1)


def hurried_sync(slug, name):
    """Sync a venue with all pauses made short, as a process of its own may be asked to."""
    owner = find_organization(slug)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "connect", lambda venue: connect(venue, HURRIED))
        for name_, value in {"FIRST_PAUSE": 0.01, "LONGEST_PAUSE": 0.05, "TRIPS": 50}.items():
            patch.setattr(pace, name_, value)
        sync_venue(owner, find_venue(owner, name), since=LAST - LONG * DAY, until=LAST)


@pytest.fixture(scope="module")
def processes():
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["mozg.sync.engine", "mozg.simulate"])
    return found


@pytest.fixture(scope="module")
def short():
    yield from chain_of(SHORT)


@pytest.fixture(scope="module")
def middle():
    yield from chain_of(MIDDLE)


@pytest.fixture(scope="module")
def long():
    yield from chain_of(LONG)


def chain_of(days):
    """Serve a chain that began so many days ago."""
    with serve(Chain.generate(seed=11, first=LAST - days * DAY, last=LAST, venues=2)) as served:
        yield served


class Campaign:
    """One organisation with a venue behind each door of iiko, and what is done to it."""

    def __init__(self, served, processes, organization):
        self.served, self.processes, self.owner = served, processes, organization
        server, cloud = served.venues("iiko_server")[0], served.venues("iiko_cloud")[1]
        cloud["pos_config"]["limits"] = {"back office": KNOWN}
        self.venues = [add_venue(organization, **way) for way in (server, cloud)]
        self.syncs = self.kills = self.failures = self.slots_lost = 0

    def disturbed(self, venue, edits, rain, calls):
        """Change the past, let it rain, sync, and perhaps kill the sync once it has made so many ``calls`` of its till.

        The till is silent from then on, so that the kill comes at the same call however fast the machine is.
        """
        if edits:
            self.served.replace(edited(self.served.chain, edits, 25))
        if rain:
            self.served.faults.rain(*rain)
        process = self.processes.Process(target=_quiet, args=(self.owner.slug, self.venues[venue].name))
        self.served.faults.answers = calls
        process.start()
        while process.is_alive() and self.served.faults.answers != 0:
            process.join(0.005)
        self.kills += process.is_alive()
        process.kill()
        process.join()
        self.served.faults.answers = None
        self.failures += process.exitcode in (FAILED, NO_SLOT)
        if process.exitcode == NO_SLOT:
            self.an_hour_passes()
        self.syncs += 1

    def an_hour_passes(self):
        """Let the till take back the slot of whoever was killed, or misunderstood it, while it answered a sign-in."""
        self.served.licence.restart()
        self.slots_lost += 1

    def calm(self):
        """Let the weather clear and a week pass, then sync every venue until nothing is left to do."""
        self.served.faults.clear()
        with transaction(self.owner.id) as connection:
            connection.execute(text("UPDATE day_readings SET read_at = read_at - interval '8 days'"))
            connection.execute(text("UPDATE sync_cursors SET moved_at = now() - interval '1 day'"))
        weeks = ceil((LAST - self.served.chain.first) / (7 * DAY))
        for venue in self.venues:
            for _ in range(weeks):  # of what is older than a week, a sync reads a week again
                self.undisturbed(venue)

    def undisturbed(self, venue):
        try:
            hurried_sync(self.owner.slug, venue.name)
        except TillAccessDenied as error:
            if "no free licence slot" not in str(error):
                raise
            self.an_hour_passes()
            hurried_sync(self.owner.slug, venue.name)
        self.syncs += 1

    def record(self, venue):
        """Return what the record has of a venue: checks, lines and payments with how often each is there."""
        questions = (
            "SELECT external_id, business_date, status, guests, gross, discount, revenue, vat, cost FROM receipts",
            "SELECT receipt, product, quantity, gross, discount, revenue, voided FROM receipt_items",
            "SELECT receipt, method, amount FROM payments",
        )
        with transaction(self.owner.id) as connection:
            checks, lines, paid = (
                Counter(map(tuple, connection.execute(text(f"{one} WHERE venue_id = {venue.id} AND NOT deleted"))))
                for one in questions
            )
        return [checks, by_dish(lines), paid]


def _quiet(slug, name):
    try:
        hurried_sync(slug, name)
    except MozgError as error:
        raise SystemExit(NO_SLOT if "no free licence slot" in str(error) else FAILED) from None


def truth(chain, number):
    """Return what the chain has of a venue, in the form of `Campaign.record`."""
    receipts = chain.receipts[chain.receipts["venue"] == number]
    ids = {row.Index: row.external_id + "/storno" * (row.status == "refund") for row in receipts.itertuples()}
    void = set(receipts.index[receipts["status"] == "void"])
    money = ("gross", "discount", "revenue", "vat", "cost")
    checks = Counter(
        (
            ids[row.Index],
            row.business_date.date(),
            row.status,
            row.guests,
            *(roubles(getattr(row, one)) for one in money),
        )
        for row in receipts.itertuples()
    )
    dishes = chain.products["external_id"]
    lines = Counter(
        (ids[row.receipt], dishes[row.product], Decimal(row.quantity), *amounts(row, money[:3]),
         row.state != 0 or row.receipt in void)
        for row in chain.items[chain.items["venue"] == number].itertuples()
    )  # fmt: skip
    paid = Counter(
        (ids[row.receipt], row.method, roubles(row.amount))
        for row in chain.payments[chain.payments["venue"] == number].itertuples()
    )
    return [checks, by_dish(lines), paid]


def by_dish(lines):
    """Return the sums of each dish on each check, struck out or not: a till tells lines of one dish as one."""
    sums = {}
    for (receipt, product, *counted, voided), times in lines.items():
        key = (receipt, product, voided)
        before = sums.get(key, [0] * len(counted))
        sums[key] = [one + times * more for one, more in zip(before, counted, strict=True)]
    return Counter((*key, *map(Decimal, counted)) for key, counted in sums.items())


def roubles(kopecks):
    return Decimal(int(kopecks)) / 100


def amounts(row, names):
    return [roubles(getattr(row, name)) for name in names]


steps = some.lists(
    some.tuples(
        some.integers(0, 1),
        some.one_of(some.none(), some.integers(1, 10_000)),
        some.one_of(some.none(), some.tuples(some.integers(0, 2**32), some.sampled_from([0.02, 0.1, 0.3]))),
        some.one_of(some.none(), some.integers(1, CALLS)),
    ),
    min_size=4,
    max_size=12,
)
TOLD = random.randrange(2**32)
UNHURRIED = {
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],  # to make a failure smaller would take hours; the seed repeats it
    "suppress_health_check": list(HealthCheck),
}


def campaign_of(served, processes, new_organization, plan):
    """Go through a plan and clear up; what the record has must be what the tills have."""
    campaign = Campaign(served, processes, new_organization(f"campaign{next(_NUMBERS)}x"))
    served.log.clear()
    served.faults.clear()
    for step in plan:
        campaign.disturbed(*step)
    damaged = sum("/auth" in one and not one.split(": ")[1].isdigit() for one in served.faults.fallen)
    campaign.calm()
    assert campaign.slots_lost <= campaign.kills + damaged
    for number, venue in enumerate(campaign.venues):
        pairs = zip(truth(served.chain, number), campaign.record(venue), strict=True)
        for kind, (told, kept) in zip(("checks", "lines", "payments"), pairs, strict=True):
            assert kept == told, f"{kind} of {venue.name}: lost {told - kept}, too many {kept - told}"
    assert served.licence.taken == 0
    for part in ("reporting", "employees", "inventory", "nomenclature/v2"):
        assert served.log.most(f"/cloud/api/{part}", 1.0) <= ALLOWED
    return campaign


def test_a_few_disturbed_syncs_end_as_the_tills_have_it(short, processes, new_organization):
    plan = [(0, 1, None, 9), (1, 2, (8, 0.1), None), (0, None, (9, 0.3), None)]
    campaign = campaign_of(short, processes, new_organization, plan)
    assert campaign.kills == 1


@pytest.mark.soak
def test_a_thousand_late_edits_voids_and_deletions_are_found(long, processes, new_organization):
    campaign = campaign_of(long, processes, new_organization, [])
    long.replace(edited(long.chain, TOLD, 1000, 30))
    hurried_sync(campaign.owner.slug, campaign.venues[0].name)
    told, kept = (by_day(rows[0]) for rows in (truth(long.chain, 0), campaign.record(campaign.venues[0])))
    assert kept == told, "its cash shifts tell at once which days changed"
    campaign.calm()
    for number, venue in enumerate(campaign.venues):
        assert campaign.record(venue) == truth(long.chain, number)


def by_day(checks):
    """Return each day's revenue."""
    days = Counter()
    for _, day, status, _, _, _, revenue, *_ in checks.elements():
        days[day] += revenue if status != "void" else 0
    return days


@pytest.mark.soak
def test_five_hundred_disturbed_syncs_end_as_the_tills_have_it(middle, processes, new_organization):
    done = []

    @settings(max_examples=45, **UNHURRIED)
    @seed(TOLD)
    @given(plan=steps)
    def examine(plan):
        done.append(campaign_of(middle, processes, new_organization, plan))

    print(f"seed {TOLD}")
    examine()
    counts = {name: sum(getattr(one, name) for one in done) for name in ("syncs", "kills", "failures", "slots_lost")}
    print(counts)
    assert counts["syncs"] >= 500
    assert counts["kills"] > 50
