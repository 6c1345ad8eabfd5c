"""Changes to checks keep the books in order."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from mozg.simulate import Chain, edits
from mozg.simulate.lines import PAY_HOUSE

FIRST, LAST = date(2026, 10, 10), date(2026, 10, 31)


@pytest.fixture(scope="module")
def chain():
    return Chain.generate(7, FIRST, LAST, venues=2)


def balanced(chain):
    """Whether receipts are the sums of their lines, and payments those of the receipts."""
    live = chain.receipts[chain.receipts["status"] != "void"]
    kept = chain.items[chain.items["state"] == 0].groupby("receipt")["revenue"].sum()
    paid = chain.payments.groupby("receipt")["amount"].sum()
    return kept.reindex(live.index, fill_value=0).eq(live["revenue"]).all() and paid.reindex(
        live.index, fill_value=0).eq(live["revenue"]).all()  # fmt: skip


def test_random_edits_change_voids_and_remove(chain):
    after = edits.edited(chain, 1, 100, days=7)
    assert balanced(chain)
    assert balanced(after)
    assert len(after.receipts) == len(chain.receipts) - 25
    before = chain.receipts.set_index("external_id")
    both = before.join(after.receipts.set_index("external_id"), rsuffix="_after", how="inner")
    assert ((both["status"] == "sale") & (both["status_after"] == "void")).sum() == 25
    differing = both[(both["gross"] != both["gross_after"]) | (both["status"] != both["status_after"])]
    assert 70 <= len(differing) <= 75
    assert differing["business_date"].min() > pd.Timestamp(LAST) - pd.Timedelta(days=7)


def test_what_is_on_the_house_stays_so(chain):
    items = edits.edited(chain, 1, len(chain.receipts)).items
    house = items[items["payment"] == PAY_HOUSE]
    assert len(house) > 0
    assert not house["revenue"].any()


def test_a_surcharge_is_part_of_what_is_paid(chain):
    receipt = chain.receipts.index[chain.receipts["status"] == "sale"][5]
    after = edits.surcharged(chain, np.array([receipt]), 10)
    assert balanced(after)
    added = after.receipts["revenue"] - chain.receipts["revenue"]
    assert added[receipt] == after.items["surcharge"].sum() > 0
    assert (after.receipts["gross"] - after.receipts["discount"] - after.receipts["revenue"])[receipt] == 0
    assert added.drop(receipt).eq(0).all()


def test_what_is_not_costed_yet_has_no_cost(chain):
    after = edits.not_costed(chain, LAST)
    costs = after.receipts.groupby("business_date")["cost"].sum()
    assert costs.iloc[-1] == 0
    assert costs.iloc[:-1].gt(0).all()


def test_the_same_edits_for_everybody_who_knows_the_seed(chain):
    one, same = edits.edited(chain, 5, 20), edits.edited(chain, 5, 20)
    pd.testing.assert_frame_equal(one.items, same.items)


def test_one_check_more(chain):
    after = edits.sold(chain, 1, datetime(2026, 10, 31, 21, 5), [(5, 2), (30, 1)])
    assert balanced(after)
    new = after.receipts.iloc[-1]
    assert (new["venue"], new["status"], len(after.items) - len(chain.items)) == (1, "sale", 2)
    assert after.cash_shifts["card"].sum() - chain.cash_shifts["card"].sum() == new["revenue"] > 0


def test_a_forgotten_shift_takes_the_next_days_in(chain):
    after = edits.forgotten_shift(chain, 0, date(2026, 10, 20), 2)
    days = after.receipts[after.receipts["venue"] == 0].groupby("business_date")["opened_at"].max()
    assert days["2026-10-20"] > pd.Timestamp("2026-10-22 20:00")
    assert "2026-10-21" not in days.index
    shifts = after.cash_shifts
    assert len(chain.cash_shifts) - len(shifts) == 2
    assert shifts["card"].sum() == chain.cash_shifts["card"].sum()


def test_the_clock_is_put_back(chain):
    night = date(2026, 10, 25)
    last_guests = edits.sold(chain, 1, datetime(2026, 10, 25, 3, 10), [(5, 1)], date(2026, 10, 24))
    after = edits.clock_put_back(last_guests, 1, night)
    moved = last_guests.receipts["closed_at"] - after.receipts["closed_at"]
    assert set(moved[moved > pd.Timedelta(0)]) == {pd.Timedelta(hours=1)}
    check = after.receipts.iloc[-1]
    assert (check["opened_at"], check["closed_at"]) == (
        pd.Timestamp("2026-10-25 02:30"), pd.Timestamp("2026-10-25 02:10"))  # fmt: skip
