"""A scope that names venues sees these alone, whatever is asked and however."""

from datetime import date, timedelta

import pandas as pd
import pytest

from mozg.access.scope import Scope
from mozg.access.venues import venues_of
from mozg.lake.reader import open_lake
from mozg.metrics import Period, query
from mozg.metrics.dimensions import DIMENSIONS
from mozg.metrics.query import comparable_venues

DURING = Period(date(2026, 10, 12), date(2026, 10, 18))
BEFORE = DURING.back(timedelta(weeks=52))


@pytest.fixture(scope="module")
def venues(chain_organization):
    return venues_of(chain_organization)


@pytest.fixture(scope="module")
def narrow(chain_organization, venues):
    """The lake of a manager of the first venue."""
    scope = Scope(chain_organization.slug, "manager", "manager", (venues[0].id,))
    return open_lake(chain_organization, scope)


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize("rollups", [True, False])
def test_every_split_shows_the_allowed_venue_alone(narrow, chain_lake, venues, by, rollups):
    name = "paid" if by.startswith("payment") else "revenue"
    options = {"during": DURING, "compare": BEFORE, "rollups": rollups}
    seen = query(narrow, [name], [by], **options)
    allowed = query(chain_lake, [name], [by], where={"venue": [venues[0].name]}, **options)
    assert len(seen) > 0
    pd.testing.assert_frame_equal(seen, allowed)


def test_a_filter_does_not_open_what_the_scope_closes(narrow, venues):
    answer = query(narrow, ["revenue", "checks"], where={"venue": [venues[1].name]})
    assert answer["revenue"].isna().all()
    assert answer["checks"].tolist() == [0]


def test_like_for_like_stays_inside_the_scope(narrow, venues):
    assert comparable_venues(narrow, DURING, BEFORE) == (venues[0].id,)
    answer = query(narrow, ["revenue"], ["venue"], during=DURING, compare=BEFORE, like_for_like=True)
    assert answer["venue"].tolist() == [venues[0].name]


def test_a_scope_without_venues_sees_nothing(chain_organization):
    blind = open_lake(chain_organization, Scope(chain_organization.slug, "nobody", "viewer", ()))
    assert query(blind, ["revenue"], ["venue"]).empty
    assert query(blind, ["checks"])["checks"].tolist() == [0]
    assert query(blind, ["revenue"], ["venue"], during=DURING, compare=BEFORE, like_for_like=True).empty
