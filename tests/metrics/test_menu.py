"""Dishes week by week: the sums of the tills, on days on which a dish could be had."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import insert

from mozg.access.scope import Scope
from mozg.access.venues import add_venue
from mozg.errors import QueryError
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import Period, query
from mozg.metrics.menu import dish_sums, dish_weeks, lives, without_product
from mozg.metrics.narrowing import Part
from mozg.model import Catalogue, Category, Product, Receipt, ReceiptItem, Sales
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales
from mozg.store.tables import StopListEntry

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 18)  # menus change on 1 October
DURING, QUIET = Period(FIRST, LAST), 28
EVERYWHERE = Part()


@pytest.fixture(scope="module")
def sold(truth, chain):
    """The lines that were sold, with the group of their dish."""
    items = truth.frames[1]
    group = chain.products["group"].to_numpy()[items["product"]]
    return items.assign(category=group)[(items["status"] != "void") & (items["state"] == 0)]


def on_menu(sold, traded, until):
    """Return the days on which each dish was on the menu of each venue: {(venue, dish): {days}}."""
    found = {}
    for (venue, dish), rows in sold.groupby(["venue", "dish"]):
        days, listed = sorted(set(rows["business_date"])), set()
        for day, after in zip(days, [*days[1:], None], strict=True):
            if after is None:
                end = until[venue] if (until[venue] - day).days < QUIET else day
            else:
                end = after - timedelta(days=1) if (after - day).days <= QUIET else day
            listed |= {each for each in traded[venue] if day <= each <= end}
        found[venue, dish] = listed
    return found


@pytest.fixture(scope="module")
def expected(truth, sold):
    """Units, days and open days of each dish and week, worked out line by line and day by day."""
    checks = truth.frames[0]
    of_venue = checks[checks["status"] == "sale"].groupby("venue")["business_date"]
    traded = {venue: set(days) for venue, days in of_venue}
    listed = on_menu(sold, traded, {venue: max(days) for venue, days in traded.items()})
    weeks = defaultdict(lambda: {"units": 0, "days": 0, "open_days": 0})
    for (venue, dish), days in listed.items():
        inside = [day for day in days if FIRST <= day <= LAST]
        for week in {week_of(day) for day in inside}:
            weeks[dish, week]["open_days"] += sum(week_of(day) == week for day in traded[venue] if FIRST <= day <= LAST)
            weeks[dish, week]["days"] += sum(week_of(day) == week for day in inside)
    inside = sold[(sold["business_date"] >= FIRST) & (sold["business_date"] <= LAST)]
    for (dish, day), units in inside.groupby(["dish", "business_date"])["quantity"].sum().items():
        weeks[dish, week_of(day)]["units"] += int(units)
    return {key: row for key, row in weeks.items() if row["days"]}


def week_of(day):
    return LAST - timedelta(days=6 + 7 * ((LAST - day).days // 7))


def test_dishes_by_week_are_those_that_one_finds_day_by_day(chain_lake, expected):
    found = dish_weeks(chain_lake, DURING, EVERYWHERE, QUIET).set_index(["dish", "week"])
    names = ["units", "days", "open_days"]
    rows = found[names].astype(object).where(found[names].notna(), 0).to_dict("index")
    told = {key: {name: int(number) for name, number in row.items()} for key, row in rows.items()}
    assert told == expected
    assert len(told) > 400
    # The test means something: dishes came and went, and were had on fewer days than their restaurants were open.
    assert any(row["days"] < row["open_days"] for row in told.values())


def test_weeks_and_sums_come_to_the_whole(chain_lake, sold):
    weeks, sums = dish_weeks(chain_lake, DURING, EVERYWHERE), dish_sums(chain_lake, DURING, EVERYWHERE)
    inside = sold[(sold["business_date"] >= FIRST) & (sold["business_date"] <= LAST)]
    costed = inside[inside["cost"] != 0]
    known = {
        "units": inside["quantity"].sum() * 100, "gross": inside["gross"].sum(), "revenue": inside["revenue"].sum(),
        "costed_units": costed["quantity"].sum() * 100, "costed_gross": costed["gross"].sum(),
        "costed_revenue": costed["revenue"].sum(), "cost": costed["cost"].sum(),
        "costed_net": costed["revenue"].sum() - costed["vat"].sum(),
    }  # fmt: skip
    for name, hundredths in known.items():
        assert weeks[name].dropna().sum() * 100 == sums[name].sum() * 100 == int(hundredths), name
    (revenue,) = query(chain_lake, ["revenue"], during=DURING)["revenue"]
    assert sums["revenue"].sum() == revenue  # no line without a product in this chain
    assert without_product(chain_lake, DURING, EVERYWHERE)["lines"].tolist() == [0]


def test_splitting_the_chain_by_venue_changes_no_total(chain_lake):
    ids = [id_ for (id_,) in chain_lake.rows("SELECT venue_id FROM venues")]
    parts = pd.concat([dish_weeks(chain_lake, DURING, Part((id_,))) for id_ in ids])
    whole = dish_weeks(chain_lake, DURING, EVERYWHERE).set_index(["category", "dish", "week"])
    summed = parts.groupby(["category", "dish", "week"])[["units", "revenue", "cost", "days", "open_days"]]
    for name, column in summed.agg(lambda cells: sum(cell for cell in cells if pd.notna(cell))).items():
        assert column.to_dict() == whole[name].map(lambda cell: cell if pd.notna(cell) else 0).to_dict(), name


def test_a_scope_narrows_whatever_is_asked(chain_organization, chain_lake):
    one, other = (id_ for (id_,) in chain_lake.rows("SELECT venue_id FROM venues ORDER BY 1 LIMIT 2"))
    lake = open_lake(chain_organization, Scope("chain", "anna", "manager", (one,)))
    here = dish_sums(lake, DURING, EVERYWHERE)
    pd.testing.assert_frame_equal(here, dish_sums(chain_lake, DURING, Part((one,))))
    assert dish_sums(lake, DURING, Part((other,))).empty
    assert dish_weeks(lake, DURING, Part((other,))).empty
    assert lives(lake, DURING, Part((other,))).empty


def test_a_menu_can_be_narrowed_to_what_dishes_have(chain_lake):
    bar = dish_sums(chain_lake, DURING, Part(only={"section": ("bar",)}))
    (revenue,) = query(chain_lake, ["bar_revenue"], during=DURING)["bar_revenue"]
    assert bar["revenue"].sum() == revenue
    assert dish_weeks(chain_lake, DURING, Part(only={"dish": ("'; DROP TABLE products; --",)})).empty
    with pytest.raises(QueryError, match="narrowed by waiter"):
        dish_sums(chain_lake, DURING, Part(only={"waiter": ("Анна",)}))


def test_lives_are_those_of_the_tills(chain_lake, sold):
    told = lives(chain_lake, DURING, EVERYWHERE).set_index("dish")
    until = sold[sold["business_date"] <= LAST]
    days = until.groupby("dish")["business_date"].agg(["min", "max"])
    assert told["first_sold"].to_dict() == days["min"].to_dict()
    assert told["last_sold"].to_dict() == days["max"].to_dict()
    assert set(told["known_until"]) == {LAST}


SHOP_FIRST, SHOP_LAST = date(2026, 3, 2), date(2026, 3, 29)


@pytest.fixture(scope="module")
def soup(shop):
    """A venue open from 10 to 20 h every day for four weeks; its soup was on the stop list twice."""
    owner = shop.organization
    venue = add_venue(owner, "Суповая", timezone="UTC")
    dishes = [Product("soup", "Суп", "food"), Product("tea", "Чай", "food")]
    days = [SHOP_FIRST + timedelta(days=n) for n in range(28)]
    nine = {"gross": Decimal(9), "revenue": Decimal(9)}
    checks = [Receipt(f"{day}-{hour}", day, at(day, hour), at(day, hour), **nine) for day in days for hour in (10, 20)]
    served = {day: "tea" if day in days[8:10] else "soup" for day in days}
    lines = [ReceiptItem(f"{day}-10", "1", day, served[day], Decimal(1), cost=Decimal(3), **nine) for day in days]
    stops = [(at(days[8], 8), at(days[9], 15)), (at(days[20], 18), at(days[20], 23))]
    with transaction(owner.id) as connection:
        load_catalogue(connection, owner.id, Catalogue([Category("food", "Еда", section="kitchen")], dishes), 3)
        load_sales(connection, owner.id, venue.id, Sales(checks, lines), 4)
        for number, (begin, end) in enumerate(stops):
            row = {"organization_id": owner.id, "venue_id": venue.id, "external_id": str(number), "product": "soup"}
            connection.execute(insert(StopListEntry), row | {"started_at": begin, "ended_at": end, "changed_in": 5})
    refresh(owner)
    return open_lake(owner), venue.id


def at(day, hour):
    return pd.Timestamp(datetime(day.year, day.month, day.day, hour), tz="UTC").to_pydatetime()


def test_hours_on_the_stop_list_are_no_days_on_the_menu(soup):
    lake, venue = soup
    weeks = dish_weeks(lake, Period(SHOP_FIRST, SHOP_LAST), Part((venue,))).set_index(["dish", "week"])
    days = weeks.loc["Суп", "days"].tolist()
    assert days == [7, Decimal("5.5"), Decimal("6.8"), 7]  # a day and a half, then two hours of ten
    assert weeks.loc["Суп", "open_days"].tolist() == [7] * 4
    assert weeks.loc["Суп", "units"].tolist() == [7, 5, 7, 7]
    assert weeks.loc["Суп", "untaxed"].sum() == 26 * 9
