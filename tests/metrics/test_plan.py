"""Beside each number stands its plan, where there is one."""

from datetime import date
from decimal import Decimal

import pytest

from mozg.access.scope import Scope
from mozg.analysis.planning import enter_plan, last_year_grown
from mozg.errors import AccessError, QueryError
from mozg.metrics import Period, comparison, query
from mozg.model import Target

APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))
PLAN = comparison(APRIL, "plan")


@pytest.fixture(scope="module")
def planned(shop):
    """The shop with a plan for April: the old venue by month, the new one for the first two days."""
    targets = [
        Target("Старая", APRIL.first, APRIL.last, "revenue", Decimal("3300.01")),
        Target("Старая", APRIL.first, APRIL.last, "checks", Decimal(31)),
        Target("Новая", APRIL.first, APRIL.first, "revenue", Decimal("12.50")),
        Target("Новая", date(2026, 4, 2), date(2026, 4, 2), "revenue", Decimal("7.50")),
    ]
    entered = enter_plan(shop.organization, targets)
    assert (entered.days, entered.changed) == (32, 62)
    assert enter_plan(shop.organization, targets).changed == 0
    return shop


def test_totals_stand_beside_their_plan(planned):
    row = query(planned.lake(), ["revenue", "checks", "average_check", "depth"], during=APRIL, compare=PLAN).iloc[0]
    assert (row["revenue"], row["revenue_before"]) == (Decimal("3300.00"), Decimal("3320.01"))
    assert (row["checks"], row["checks_before"]) == (60, 31)
    assert float(row["average_check_before"]) == pytest.approx(3320.01 / 31)
    assert row.isna()["depth_before"]


def test_days_and_venues_without_a_plan_are_missing(planned):
    days = query(planned.lake(), ["revenue"], ["venue", "business_date"], during=APRIL, compare=PLAN)
    new = days[days["venue"] == "Новая"]["revenue_before"]
    assert new.tolist()[:2] == [Decimal("12.50"), Decimal("7.50")]
    assert new[2:].isna().all()
    weeks = query(planned.lake(), ["revenue"], ["week"], during=APRIL, compare=PLAN)
    assert weeks["revenue_before"].sum() == Decimal("3320.01")


def test_a_filter_and_a_scope_narrow_the_plan_too(planned):
    only = query(planned.lake(), ["revenue"], during=APRIL, compare=PLAN, where={"venue": ["Новая"]})
    assert only["revenue_before"].tolist() == [Decimal("20.00")]
    venue = planned.venues["Новая"].id
    narrow = planned.lake(Scope(planned.organization.slug, "anna", "manager", (venue,)))
    assert query(narrow, ["revenue"], during=APRIL, compare=PLAN)["revenue_before"].tolist() == [Decimal("20.00")]


def test_a_plan_has_no_hours(planned):
    with pytest.raises(QueryError, match=r"The plan is by venue and day: it cannot be split or filtered by hour\."):
        query(planned.lake(), ["revenue"], ["hour"], during=APRIL, compare=PLAN)


def test_a_year_is_planned_by_the_one_before(planned):
    targets = last_year_grown(planned.lake(), 2027, Decimal("0.05"))
    known = {(target.venue, target.first.month): target.amount for target in targets if target.metric == "revenue"}
    assert known["Старая", 1] == Decimal("3255.00")
    assert known["Новая", 2] == Decimal("147.00")
    assert {month for venue, month in known if venue == "Бывшая"} == {1, 2, 3}
    checks = [target for target in targets if target.metric == "checks" and target.venue == "Старая"]
    assert [(target.last, target.amount) for target in checks][:2] == [(date(2027, 1, 31), 33), (date(2027, 2, 28), 29)]


def test_a_target_for_a_venue_that_is_not_there_stores_nothing(planned):
    with pytest.raises(AccessError, match="Нигде"):
        enter_plan(
            planned.organization,
            [Target(name, APRIL.first, APRIL.last, "revenue", Decimal(1)) for name in ("Старая", "Нигде")],
        )
    whole = query(planned.lake(), ["revenue"], during=APRIL, compare=PLAN)["revenue_before"]
    assert whole.tolist() == [Decimal("3320.01")]
