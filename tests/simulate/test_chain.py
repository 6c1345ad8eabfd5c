"""The simulated chain: the same for everybody, the same tomorrow, and alive."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from mozg.simulate import Chain
from mozg.simulate.chain import STATES
from mozg.simulate.places import places
from mozg.simulate.weather import days, promise

FIRST, LAST = date(2025, 10, 15), date(2026, 10, 14)
MONEY = ["gross", "discount", "revenue", "vat", "cost"]


@pytest.fixture(scope="module")
def chain():
    return Chain.generate(7, FIRST, LAST)


@pytest.fixture(scope="module")
def sales(chain):
    return chain.receipts[chain.receipts["status"] == "sale"]


def test_same_seed_gives_the_same_history_and_another_seed_another():
    one, same = (Chain.generate(3, date(2026, 2, 1), date(2026, 2, 9)) for _ in range(2))
    pd.testing.assert_frame_equal(one.receipts, same.receipts)
    pd.testing.assert_frame_equal(one.items, same.items)
    other = Chain.generate(4, date(2026, 2, 1), date(2026, 2, 9))
    assert not set(one.receipts["external_id"]) & set(other.receipts["external_id"])


def test_a_longer_history_contains_a_shorter_one_unchanged():
    short = Chain.generate(7, date(2026, 2, 20), date(2026, 3, 10))
    long = Chain.generate(7, date(2026, 1, 30), date(2026, 3, 11))
    inside = long.receipts["business_date"].between("2026-02-20", "2026-03-10")
    pd.testing.assert_frame_equal(short.receipts, long.receipts[inside].reset_index(drop=True))
    lines = long.items[inside.to_numpy()[long.items["receipt"]]]
    columns = [name for name in short.items if name != "receipt"]
    pd.testing.assert_frame_equal(short.items[columns], lines[columns].reset_index(drop=True))


def test_a_history_cannot_run_backwards():
    with pytest.raises(ValueError, match="forward"):
        Chain.generate(7, date(2026, 2, 2), date(2026, 2, 1))


def test_lines_and_payments_add_up_to_the_receipts(chain):
    kept = chain.items[chain.items["state"] == 0].groupby("receipt")[MONEY].sum()
    live = chain.receipts[chain.receipts["status"] != "void"]
    pd.testing.assert_frame_equal(kept, live[MONEY], check_names=False)
    paid = chain.payments.groupby("receipt")["amount"].sum()
    pd.testing.assert_series_equal(paid, live["revenue"], check_names=False)


def test_ordinary_receipts_are_what_is_left_after_the_discount(chain, sales):
    on_the_house = set(chain.payments.loc[chain.payments["kind"] == "write_off", "receipt"])
    paid = sales[~sales.index.isin(on_the_house)]
    assert (paid["gross"] - paid["discount"] == paid["revenue"]).all()
    assert (chain.receipts.loc[list(on_the_house), "revenue"] == 0).all()
    assert 0 < len(on_the_house) < 0.02 * len(sales)


def test_size_of_an_ordinary_day(chain, sales):
    per_day = sales.groupby(["venue", "business_date"]).size().groupby("venue").mean()
    assert per_day.between(55, 110).all()
    assert 2.5 < len(chain.items) / len(chain.receipts) < 4


def test_a_week_a_year_and_a_holiday_can_be_seen(sales):
    daily = sales[sales["venue"] == 1].groupby("business_date").size()
    by_weekday = daily.groupby(daily.index.dayofweek).mean()
    assert by_weekday[5] > 1.3 * by_weekday[0]
    assert daily["2026-01-01"] < 0.6 * daily.mean()
    assert daily["2026-03-08"] > 1.2 * by_weekday[6]


def test_one_restaurant_opened_later(chain):
    first_days = chain.receipts.groupby("venue")["business_date"].min()
    assert first_days[3] == pd.Timestamp(chain.venues["opened_on"][3]) > pd.Timestamp(FIRST)
    assert (first_days[:3] == pd.Timestamp(FIRST)).all()


def test_restaurants_stand_in_several_time_zones_and_cities(chain):
    assert chain.venues["city"].nunique() == 4
    assert {"Europe/Moscow", "Asia/Yekaterinburg"} == set(chain.venues["timezone"])


def test_night_checks_belong_to_the_evening_before(chain):
    late = chain.receipts["opened_at"].dt.normalize() > chain.receipts["business_date"]
    assert late.sum() > 100
    assert (chain.receipts.loc[late, "opened_at"].dt.hour < 7).all()
    assert (chain.receipts["closed_at"] > chain.receipts["opened_at"]).all()


def test_refunds_voids_and_struck_lines_happen_now_and_then(chain):
    shares = chain.receipts["status"].value_counts(normalize=True)
    assert 0.001 < shares["refund"] < 0.01
    assert 0.002 < shares["void"] < 0.02
    refunds = chain.receipts[chain.receipts["status"] == "refund"]
    assert (refunds["gross"] < 0).all()
    assert set(chain.items["state"]) == set(range(len(STATES)))
    assert (chain.items.loc[chain.items["state"] > 0, "revenue"] == 0).all()


def test_some_checks_are_paid_by_two_means(chain):
    means = chain.payments.groupby("receipt").size()
    assert means.max() == 2
    assert 0.01 < (means == 2).mean() < 0.06


def test_prices_and_costs_rise_and_nobody_sells_kopecks_of_nothing(chain):
    soup = chain.items[(chain.items["product"] == 5) & (chain.items["venue"] == 0) & (chain.items["state"] == 0)]
    price = (soup["gross"] / soup["quantity"]).groupby(soup["business_date"]).max()
    assert price.iloc[-1] > price.iloc[0]
    assert price.nunique() == 3


def test_soup_is_for_winter_and_lemonade_for_summer(chain):
    group = chain.products["group"].to_numpy()[chain.items["product"]]
    month = chain.items["business_date"].dt.month
    share = {name: chain.items["quantity"].where(group == name, 0).groupby(month).sum() for name in set(group)}
    assert share["Лимонады и соки"][7] / share["Супы"][7] > 1.8 * share["Лимонады и соки"][1] / share["Супы"][1]


def test_dishes_are_unequal(chain):
    sold = chain.items.groupby("product")["quantity"].sum().sort_values(ascending=False)
    assert sold.iloc[:12].sum() > 0.35 * sold.sum()
    assert len(sold) > 55


def test_waiters_have_habits(chain):
    items = chain.items[chain.items["venue"] == 0]
    struck = (items["state"] == 2).groupby(items["waiter"]).mean()
    assert struck.max() > 2.5 * struck.median()
    checks = chain.receipts[(chain.receipts["venue"] == 0) & (chain.receipts["status"] == "sale")]
    average = checks.groupby("waiter")["revenue"].mean()
    assert average.max() > 1.15 * average.min()


def test_every_channel_sells_and_only_the_hall_has_tables(chain):
    shares = chain.receipts["channel"].value_counts(normalize=True)
    assert (shares > 0.05).all()
    assert set(shares.index) == {"dine_in", "takeaway", "delivery"}
    assert chain.receipts.loc[chain.receipts["channel"] != "dine_in", "table"].isna().all()


def test_more_restaurants_can_be_asked_for():
    chain = Chain.generate(7, date(2026, 6, 1), date(2026, 6, 2), venues=6)
    assert chain.venues["name"].is_unique
    assert chain.receipts["venue"].nunique() == 6


def test_parties_sit_at_tables_that_have_a_seat_for_each_and_linger_on_saturdays(chain):
    hall = chain.receipts[(chain.receipts["channel"] == "dine_in") & chain.receipts["guests"].between(1, 9)]
    seats = chain.tables.drop_duplicates("number").set_index("number")["seats"]
    taken = hall["table"].map(seats).astype(int)
    assert (taken >= hall["guests"]).all()
    assert (taken <= np.maximum(2 * hall["guests"], 4)).all()
    stay = (hall["closed_at"] - hall["opened_at"]).groupby(hall["business_date"].dt.day_of_week).mean()
    assert stay[5] > 1.15 * stay[0]


def test_some_waiters_forget_the_guests_or_the_check(sales):
    hall = sales[sales["channel"] == "dine_in"]
    stay = hall["closed_at"] - hall["opened_at"]
    assert 0.002 < (hall["guests"] == 0).mean() < 0.01
    assert (hall["guests"] > 30).any()
    assert (stay > pd.Timedelta(hours=8)).any()


def test_discounts_have_their_reason_and_nothing_else_has(sales):
    told = sales["discount_type"].notna()
    assert (sales.loc[~told, "discount"] == 0).all()
    assert sales["discount_type"].nunique() == 3


def test_what_is_on_the_stop_list_is_not_sold(chain):
    lines = chain.items.assign(opened_at=chain.receipts["opened_at"].to_numpy()[chain.items["receipt"]])
    stops = chain.stops
    assert 4 < len(stops) / len(chain.venues) / 12 < 8
    assert (stops["ended_at"] > stops["started_at"]).all()
    sold = sum(
        ((lines["venue"] == stop.venue) & (lines["product"] == stop.product)
         & lines["opened_at"].between(stop.started_at, stop.ended_at, inclusive="left")
         & (lines["quantity"] > 0)).sum()
        for stop in stops.head(20).itertuples()
    )  # fmt: skip
    assert sold == 0


def test_dishes_come_and_go(chain):
    name = chain.products["name"].to_numpy()[chain.items["product"]]
    months = chain.items["business_date"].dt.month.groupby(name).agg(set)
    assert months["Окрошка на квасе"] == set(range(5, 10))
    new, old = (chain.items.loc[name == dish, "business_date"] for dish in ("Павлова с ягодами", "Чизкейк"))
    assert min(new.min(), old.min()) < pd.Timestamp("2026-10-01") <= max(new.min(), old.min())
    gone = chain.products[~chain.products["active"]]
    assert 0 < len(gone) < (~chain.products["listed"]).sum()


def test_goods_rise_in_price_unevenly(chain):
    price = (chain.purchases["cost"] / chain.purchases["quantity"]).groupby(chain.purchases["good"])
    rise = price.last() / price.first()
    assert (rise > 1.05).sum() > 10
    assert rise.max() - rise.min() > 0.05


def test_storerooms_balance(chain):
    """What was bought less what was eaten, spoiled and missed in counts is what is left."""
    sums = {name: getattr(chain, name)["quantity"].sum() for name in ("purchases", "write_offs")}
    missed = (chain.stock_counts["book"] - chain.stock_counts["quantity"]).sum()
    assert 0 < missed < 0.02 * sums["purchases"]
    assert 0 < sums["write_offs"] < 0.02 * sums["purchases"]
    assert (chain.balances["quantity"] < 0).mean() < 0.03
    assert set(chain.stock_counts["business_date"].dt.is_month_end) == {True}


def test_attendances(chain):
    shifts = chain.attendances
    hours = (shifts["ended_at"] - shifts["started_at"]) / pd.Timedelta(hours=1)
    assert hours.dropna().between(7, 15).all()
    assert 0 < hours.isna().mean() < 0.01
    assert (shifts["ended_at"].dt.normalize() > shifts["business_date"]).mean() > 0.2
    served = set(zip(chain.receipts["waiter"], chain.receipts["business_date"], strict=True))
    assert served <= set(zip(shifts["employee"], shifts["business_date"], strict=True))
    salaried = shifts.loc[shifts["ended_at"].notna() & shifts["pay"].isna(), "employee"]
    assert set(chain.employees["role_code"].iloc[salaried.unique()]) == {"MNG"}


def test_cash_shifts_hold_what_was_paid(chain):
    shifts = chain.cash_shifts
    assert shifts[["cash", "card", "non_cash"]].sum().sum() == chain.receipts["revenue"].where(
        chain.receipts["status"] != "void", 0).sum()  # fmt: skip
    assert shifts["external_id"].is_unique


def test_rain_and_heat_keep_guests_at_home():
    place = places(1)[0]
    calm = days(7, 0, place, LAST)
    number = len(calm.dates)
    still = replace(calm, temperature=np.full(number, 15.0), rain=np.zeros(number, dtype=bool))
    wet = replace(still, rain=np.ones(number, dtype=bool))
    hot = replace(still, temperature=np.full(number, 31.0))
    assert 0.05 < calm.rain.mean() < 0.4
    assert promise(place, wet).sum() < 0.95 * promise(place, still).sum()
    assert promise(place, hot).sum() < 0.95 * promise(place, still).sum()
