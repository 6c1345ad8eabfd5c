"""The simulated SALES report against plain arithmetic on the chain's truth."""

import json
from datetime import date
from decimal import Decimal

import pytest

from mozg.simulate import Chain
from mozg.simulate.iiko.olap import Olap, question
from mozg.simulate.iiko.olap_filters import Refused

FIRST, LAST = date(2026, 9, 28), date(2026, 10, 11)
WHOLE = {"filterType": "DateRange", "periodType": "CUSTOM", "from": "2026-09-28", "to": "2026-10-12"}


@pytest.fixture(scope="module")
def chain():
    return Chain.generate(11, FIRST, LAST)


@pytest.fixture(scope="module")
def ask(chain):
    engine = Olap(chain)

    def ask(groups, figures, summary=False, **filters):
        rules = {"OpenDate.Typed": WHOLE} | {name.replace("__", "."): rule for name, rule in filters.items()}
        body = {"reportType": "SALES", "buildSummary": summary, "groupByRowFields": groups,
                "aggregateFields": figures, "filters": rules}  # fmt: skip
        answer = json.loads(engine.answer(question(body, "server", LAST), "server"), parse_float=Decimal)
        return answer if summary else answer["data"]

    yield ask
    engine.close()


def included(*values):
    return {"filterType": "IncludeValues", "values": list(values)}


def roubles(kopecks):
    return Decimal(int(kopecks)) / 100


def test_totals_are_exact(ask, chain):
    (row,) = ask([], ["DishSumInt", "DishDiscountSumInt", "DiscountSum", "VAT.Sum", "DishAmountInt"])
    assert row == {
        "DishSumInt": roubles(chain.items["gross"].sum()),
        "DishDiscountSumInt": roubles(chain.items["revenue"].sum()),
        "DiscountSum": roubles(chain.items["discount"].sum()),
        "VAT.Sum": roubles(chain.items["vat"].sum()),
        "DishAmountInt": chain.items["quantity"].sum(),
    }


def test_guests_and_orders_count_once_per_order_whatever_the_lines(ask, chain):
    (total,) = ask([], ["GuestNum", "UniqOrderId"])
    assert total == {"GuestNum": chain.receipts["guests"].sum(), "UniqOrderId": len(chain.receipts)}
    by_dish = ask(["DishId"], ["UniqOrderId"])
    pairs = chain.items[["receipt", "product"]].drop_duplicates()
    assert sum(row["UniqOrderId"] for row in by_dish) == len(pairs)


def test_grouping_by_means_of_payment_counts_mixed_checks_twice(ask, chain):
    kept = {"DeletedWithWriteoff": included("NOT_DELETED")}
    rows = ask(["PayTypes"], ["UniqOrderId", "DishDiscountSumInt"], **kept)
    assert sum(row["UniqOrderId"] for row in rows) == len(chain.payments) > chain.payments["receipt"].nunique()
    paid = chain.payments.groupby("method")["amount"].sum()
    assert {row["PayTypes"]: row["DishDiscountSumInt"] for row in rows} == {k: roubles(v) for k, v in paid.items()}


def test_struck_lines_keep_their_gross_and_lose_their_revenue(ask, chain):
    rows = ask(["DeletedWithWriteoff"], ["DishSumInt", "DishDiscountSumInt"])
    struck = {row["DeletedWithWriteoff"]: row for row in rows}["DELETED_WITHOUT_WRITEOFF"]
    assert struck["DishSumInt"] == roubles(chain.items.loc[chain.items["state"] == 2, "gross"].sum()) > 0
    assert struck["DishDiscountSumInt"] == 0


def test_refunds_are_negative_and_deleted_orders_earn_nothing(ask):
    (storno,) = ask([], ["DishDiscountSumInt", "DishReturnSum"], Storned=included("TRUE"))
    assert storno["DishDiscountSumInt"] == -storno["DishReturnSum"] < 0
    (deleted,) = ask([], ["DishDiscountSumInt", "DishSumInt"], OrderDeleted=included("DELETED"))
    assert deleted["DishDiscountSumInt"] == 0 < deleted["DishSumInt"]


def test_include_and_exclude_share_the_whole(ask):
    (everything,) = ask([], ["UniqOrderId"])
    (some,) = ask([], ["UniqOrderId"], Delivery__ServiceType=included("COURIER"))
    (others,) = ask([], ["UniqOrderId"], Delivery__ServiceType={"filterType": "ExcludeValues", "values": ["COURIER"]})
    assert some["UniqOrderId"] + others["UniqOrderId"] == everything["UniqOrderId"]
    (halls,) = ask([], ["UniqOrderId"], Delivery__ServiceType=included(None))
    assert halls == others


def test_the_upper_end_is_outside_unless_asked_for(ask):
    def days(**ends):
        rule = WHOLE | {"from": "2026-10-01T00:00:00.000", "to": "2026-10-03T00:00:00.000"} | ends
        return [row["OpenDate.Typed"][:10] for row in ask(["OpenDate.Typed"], [], OpenDate__Typed=rule)]

    assert days() == ["2026-10-01", "2026-10-02"]
    assert days(includeHigh=True, includeLow=False) == ["2026-10-02", "2026-10-03"]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("TODAY", "2026-10-11", "2026-10-11"),
        ("YESTERDAY", "2026-10-10", "2026-10-10"),
        ("CURRENT_WEEK", "2026-10-05", "2026-10-11"),
        ("LAST_WEEK", "2026-09-28", "2026-10-04"),
        ("CURRENT_MONTH", "2026-10-01", "2026-10-11"),
        ("LAST_MONTH", "2026-09-28", "2026-09-30"),
        ("CURRENT_YEAR", "2026-09-28", "2026-10-11"),
        ("OPEN_PERIOD", "2026-09-28", "2026-10-11"),
    ],
)
def test_periods_by_name(ask, period, first, last):
    rule = {"filterType": "DateRange", "periodType": period, "from": "2000-01-01"}
    days = [row["OpenDate.Typed"][:10] for row in ask(["OpenDate.Typed"], [], OpenDate__Typed=rule)]
    assert (days[0], days[-1]) == (first, last)


def test_ranges_of_numbers_and_of_times(ask, chain):
    (row,) = ask([], ["UniqOrderId"], GuestNum={"filterType": "Range", "from": 2, "to": 4})
    assert row["UniqOrderId"] == chain.receipts["guests"].isin([2, 3]).sum()
    clock = {"filterType": "DateRange", "periodType": "CUSTOM", "from": "2026-10-02T18:00:00", "to": "2026-10-02T20:00"}
    (row,) = ask([], ["UniqOrderId"], OpenTime=clock)
    opened = chain.receipts["opened_at"]
    assert row["UniqOrderId"] == ((opened >= "2026-10-02 18:00") & (opened < "2026-10-02 20:00")).sum() > 0


def test_summary_has_the_grand_total_and_the_totals_of_trailing_groups(ask):
    answer = ask(["OpenDate.Typed", "Storned"], ["UniqOrderId"], summary=True)
    (grand, total), *rest = answer["summary"]
    assert grand == {}
    assert total["UniqOrderId"] == sum(row["UniqOrderId"] for row in answer["data"])
    assert [keys for keys, _ in rest] == [{"Storned": "FALSE"}, {"Storned": "TRUE"}]


def test_both_dialects_give_the_same_rows(chain):
    engine = Olap(chain)
    body = {"reportType": "SALES", "groupByRowFields": ["Department.Id"], "aggregateFields": ["DishDiscountSumInt"]}
    server = question(body | {"filters": {"OpenDate.Typed": WHOLE}}, "server", LAST)
    cloud = question(body | {"filters": [{"name": "OpenDate.Typed", **WHOLE}]}, "cloud", LAST)
    assert engine.answer(server, "server") == engine.answer(cloud, "cloud")
    engine.close()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"groupByRowFields": ["Waiter"]}, "Unknown OLAP field: Waiter"),
        ({"groupByRowFields": ["DishSumInt"]}, "not allowed for grouping"),
        ({"aggregateFields": ["DishName"]}, "not allowed for aggregation"),
        ({"reportType": "STOCK"}, "Unknown report type"),
        ({"filters": []}, "wrong type"),
        ({"filters": {"DishName": {"filterType": "Range", "from": 1, "to": 2}}}, "cannot be applied"),
        ({"filters": {"OpenDate.Typed": WHOLE | {"from": "11.10.2026"}}}, "Wrong date format"),
        ({"filters": {"OpenDate.Typed": WHOLE | {"periodType": "ALWAYS"}}}, "Unknown periodType"),
    ],
)
def test_nonsense_is_refused(change, complaint):
    body = {"reportType": "SALES", "groupByRowFields": [], "aggregateFields": [], "filters": {}} | change
    with pytest.raises(Refused, match=complaint):
        question(body, "server", LAST)
