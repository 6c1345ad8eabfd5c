"""What the lake adds to the record: brackets, the menu's tree, costs by date; and how an older lake gets it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from mozg.errors import LakeError
from mozg.lake.refresh import refresh, writer
from mozg.metrics import query
from mozg.model import Catalogue, Category, Product, Receipt, Sales
from mozg.store.database import transaction

DAY, NOON = date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC)
STEPS = [0, *(step * 10**power for power in range(6) for step in (1, 2, 5))]
AMOUNTS = (
    "-5",
    "0",
    "0.99",
    "1",
    "1.99",
    "2",
    "4.99",
    "5",
    "9.99",
    "10",
    "99.99",
    "100",
    "1999.99",
    "2000",
    "54321.50",
)
GUESTS = (None, 0, 1, 2, 3, 4, 5, 12)
STAYS = (None, -60, 0, 59, 60, 899, 900, 2700, 5399, 5400, 10_799, 10_800, 90_000)


def bracket(value, steps):
    """The largest step that is not above the value, found the long way round."""
    return None if value is None else max((step for step in steps if step <= value), default=None)


def counted(values):
    return {value: values.count(value) for value in values}


@pytest.fixture(scope="module")
def crowd(new_house):
    """One check for each amount, number of guests and seconds of stay that stands at an edge."""
    house = new_house()
    rows = [Receipt(f"a{n}", DAY, revenue=Decimal(amount)) for n, amount in enumerate(AMOUNTS)]
    rows += [Receipt(f"g{n}", DAY, guests=guests) for n, guests in enumerate(GUESTS)]
    stays = [None if stay is None else NOON + timedelta(seconds=stay) for stay in STAYS]
    rows += [Receipt(f"s{n}", DAY, NOON, stay) for n, stay in enumerate(stays)]
    house.load(Sales(rows))
    refresh(house.organization)
    return house


def asked(house, by, where):
    rows = query(house.lake(), ["checks"], [by], where=where)
    return {None if rows[by].isna()[at] else rows[by][at]: rows["checks"][at] for at in rows.index}


def test_checks_by_size(crowd):
    sizes = [max(bracket(Decimal(amount), STEPS) or 0, 0) for amount in AMOUNTS]
    assert asked(crowd, "check_size", {"check_size": STEPS}) == counted(sizes)


def test_checks_by_party_size(crowd):
    parties = [bracket(guests, (1, 2, 3, 5)) for guests in GUESTS if guests]
    assert asked(crowd, "party_size", {"party_size": [1, 2, 3, 5]}) == counted(parties)


def test_checks_by_visit_length(crowd):
    lengths = [bracket(stay // 60, (0, 15, 30, 45, 60, 90, 120, 180)) for stay in STAYS if stay and stay > 0]
    found = asked(crowd, "visit_length", {"visit_length": [0, 15, 30, 45, 60, 90, 120, 180]})
    assert found == counted([0, *lengths])


def test_a_visit_lasts_whole_minutes_and_never_less_than_none(crowd):
    known = [stay // 60 for stay in STAYS if stay is not None and stay >= 0]
    answer = query(crowd.lake(), ["average_visit"])["average_visit"][0]
    assert answer == pytest.approx(sum(known) / len(known))


def test_dishes_know_the_whole_tree_above_them(house, check, days):
    groups = [
        ("bar", "Бар", None), ("wine", "Вино", "bar"), ("red", "Красное", "wine"),
        ("here", "Круг", "there"), ("there", "Кольцо", "here"), ("lost", "Без корня", "nowhere"),
    ]  # fmt: skip
    categories = [Category(key, name, parent) for key, name, parent in groups]
    house.teach(Catalogue(categories, [Product(f"of {key}", f"Блюдо {key}", key) for key, _, _ in groups]))
    house.sell(*(check(number, days[0], product=f"of {key}") for number, (key, _, _) in enumerate(groups)))
    rows = query(house.lake(), ["units"], ["dish", "category", "top_group", "category_path"])
    found = {dish: tuple(rest) for dish, *rest in rows.drop(columns="units").itertuples(index=False)}
    assert found["Блюдо red"] == ("Красное", "Бар", "Бар / Вино / Красное")
    assert found["Блюдо bar"] == ("Бар", "Бар", "Бар")
    assert found["Блюдо here"] == ("Круг", "Круг", "Круг")
    assert found["Блюдо lost"] == ("Без корня", "Без корня", "Без корня")


def learn_costs(house, rows):
    """Put costs of soup into the record: venue, day from which on, money."""
    query = text(
        "INSERT INTO product_costs (organization_id, product, venue_id, valid_from, cost, changed_in) "
        "VALUES (:organization, 'soup', :venue, :day, :cost, 1)"
    )
    with transaction(house.organization.id) as connection:
        for venue, day, cost in rows:
            given = {"organization": house.organization.id, "venue": venue, "day": day, "cost": cost}
            connection.execute(query, given)


def costs(house):
    rows = query(house.lake(), ["cost_of_sales"], ["business_date"])
    return [None if cost is None else int(cost) for cost in rows["cost_of_sales"]]


def test_a_line_costs_what_its_dish_cost_on_the_day(house, check, days):
    house.sell(*(check(day.day, day) for day in days[:6]))
    assert costs(house) == [None] * 6
    learn_costs(house, [(None, days[1], 10), (None, days[4], 20)])
    assert refresh(house.organization).venue_days == 5
    assert costs(house) == [None, 10, 10, 10, 20, 20]
    learn_costs(house, [(house.venue.id, days[3], 7)])
    assert refresh(house.organization).venue_days == 3
    assert costs(house) == [None, 10, 10, 7, 7, 7]
    answer = query(house.lake(), ["food_cost", "cost_coverage", "gross_margin"], where={"dish": ["Суп"]}).iloc[0]
    assert (answer["food_cost"], answer["gross_margin"]) == (pytest.approx(41 / 500), Decimal(459))
    assert answer["cost_coverage"] == pytest.approx(5 / 6)


def test_what_the_till_says_of_a_cost_goes_before(house, check, days):
    receipt, line, payment = check(1, days[0])
    learn_costs(house, [(None, days[0], 10)])
    house.sell((receipt, line._replace(cost=Decimal("33.00")), payment))
    assert costs(house) == [33]


def test_a_lake_of_an_older_version_is_copied_anew(house, check, days):
    house.sell(*(check(day.day, day) for day in days[:3]))
    with writer(house.organization) as lake:
        lake.execute(
            "ALTER TABLE items DROP COLUMN minutes; ALTER TABLE daily_sales DROP COLUMN days; DROP TABLE budgets"
        )
    with pytest.raises(LakeError, match="`mozg migrate` brings an older lake up to date"):
        query(house.lake(), ["trading_days"])
    assert refresh(house.organization).venue_days == 3
    assert house.revenue_by_day() == dict.fromkeys(days[:3], Decimal("100.00"))
    assert query(house.lake(), ["trading_days"])["trading_days"].tolist() == [3]
    assert refresh(house.organization).venue_days == 0


def enter(house, statement):
    given = {"organization": house.organization.id, "venue": house.venue.id}
    with transaction(house.organization.id) as connection:
        connection.execute(text(statement), given)


def test_tables_and_their_seats_and_the_stop_list_are_in_the_lake(house, check, days):
    house.sell(check(1, days[0]))
    enter(
        house,
        "INSERT INTO dining_tables (organization_id, venue_id, external_id, name, hall, seats, active, changed_in) "
        "VALUES (:organization, :venue, 'a', '1', 'Зал', 4, true, 1), "
        "(:organization, :venue, 'b', '2', 'Зал', 2, false, 1)",
    )
    enter(
        house,
        "INSERT INTO stop_list (organization_id, venue_id, external_id, product, started_at, changed_in) "
        "VALUES (:organization, :venue, 'x', 'soup', '2026-03-01 21:30+00', 1)",
    )
    assert refresh(house.organization).venue_days == 0
    assert house.lake().rows("SELECT hall, table_name, seats FROM dining_tables") == [("Зал", "1", 4)]
    assert house.lake().rows("SELECT seats FROM venues") == [(4,)]
    stopped = house.lake().rows(
        "SELECT dish, started_local, ended_local FROM stop_list JOIN products USING (product_id)"
    )
    assert stopped == [("Суп", datetime(2026, 3, 2, 0, 30), None)]  # the wall's clock
