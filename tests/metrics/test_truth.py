"""Each metric, asked through the whole road, is what the simulated chain says it is: money to the kopeck."""

from datetime import date
from decimal import Decimal

import pytest

from mozg.errors import QueryError
from mozg.metrics import METRICS, Period, query
from mozg.metrics.planner import plan
from mozg.simulate.chain import REASONS

FIRST, LAST = date(2026, 9, 21), date(2026, 10, 18)
MONTH = Period(FIRST, LAST)


def test_every_metric_has_a_second_definition_here(truth, numbers):
    assert set(numbers(*truth.during(FIRST, LAST))) == set(METRICS)


def test_the_whole_history(chain_lake, chain, truth, numbers, agree):
    answer = query(chain_lake, list(METRICS)).iloc[0]
    known = numbers(*truth.during(chain.first, chain.last))
    wrong = {name: (answer[name], known[name]) for name in METRICS if not agree(answer[name], known[name], name)}
    assert not wrong
    # This chain gives nothing away by a discount of 100 %.
    assert [name for name, value in known.items() if value is None] == ["comped_amount"]


def _can(name, by):
    try:
        plan(METRICS[name].needs, [by])
    except QueryError:
        return False
    return True


@pytest.mark.parametrize("by", ["venue", "business_date", "hour", "channel", "waiter"])
def test_split(chain_lake, truth, agree, by):
    names = [name for name in METRICS if _can(name, by)]
    answer = query(chain_lake, names, [by], during=MONTH).set_index(by)
    expected = dict(truth.split(by, FIRST, LAST))
    assert list(answer.index) == sorted(expected)
    assert len(names) > 25
    for value, known in expected.items():
        wrong = {n: (answer.loc[value, n], known[n]) for n in names if not agree(answer.loc[value, n], known[n], n)}
        assert not wrong, value


def test_split_by_dish(chain_lake, truth, agree):
    """A dish has no checks of its own: what is booked on its lines counts, and each check that it stands on once."""
    names = ["revenue", "units", "lines", "checks", "gross_sales", "discounts", "cost_of_sales"]
    answer = query(chain_lake, names, ["dish"], during=MONTH).set_index("dish")
    items = truth.during(FIRST, LAST)[1]
    for dish, rows in items.groupby("dish"):
        kept = rows[(rows["status"] != "void") & (rows["state"] == 0)]
        columns = {"revenue": "revenue", "gross_sales": "gross", "discounts": "discount", "cost_of_sales": "cost"}
        known = {name: kept[column].sum() for name, column in columns.items()}
        for name, kopecks in known.items():
            assert answer.loc[dish, name] * 100 == int(kopecks), (dish, name)
        assert answer.loc[dish, "units"] == int(kept["quantity"].sum())
        assert answer.loc[dish, "lines"] == len(kept)
        assert answer.loc[dish, "checks"] == kept.loc[kept["status"] == "sale", "receipt"].nunique()
    assert len(answer) == items["dish"].nunique()


def test_split_by_means_of_payment(chain_lake, truth):
    answer = query(chain_lake, ["paid"], ["payment_method"], during=MONTH).set_index("payment_method")["paid"]
    payments = truth.during(FIRST, LAST)[2]
    known = payments[payments["status"] != "void"].groupby("method")["amount"].sum()
    assert (answer * 100).astype(int).to_dict() == known.to_dict()


def test_discounts_by_what_the_till_calls_them(chain_lake, truth):
    answer = query(chain_lake, ["discounts", "discounted_checks"], ["discount_type"], during=MONTH)
    answer = answer.dropna(subset=["discount_type"]).set_index("discount_type")
    receipts = truth.during(FIRST, LAST)[0]
    off = receipts[(receipts["status"] != "void") & (receipts["discount"] != 0)]
    known = off.groupby("discount_type")["discount"].sum()
    assert len(known) == 3
    assert (answer["discounts"] * 100).astype(int).to_dict() == known.to_dict()
    checks = off[off["status"] == "sale"].groupby("discount_type").size()
    assert answer["discounted_checks"].to_dict() == checks.to_dict()


def test_struck_lines_by_the_reason_that_was_given(chain_lake, truth):
    answer = query(chain_lake, ["void_lines", "void_lines_amount"], ["void_reason"], during=MONTH)
    answer = answer.dropna(subset=["void_reason"]).query("void_lines > 0").set_index("void_reason")
    items = truth.during(FIRST, LAST)[1]
    struck = items[(items["status"] != "void") & (items["state"] != 0)]
    named = struck.groupby(struck["reason"].map(dict(enumerate(REASONS))))
    assert answer["void_lines"].to_dict() == named.size().to_dict()
    assert (answer["void_lines_amount"] * 100).astype(int).to_dict() == named["gross"].sum().to_dict()


@pytest.mark.parametrize(
    ("by", "value"),
    [("weekday", lambda day: day.isoweekday()), ("month", lambda day: day.replace(day=1))],
)
def test_days_are_put_together_rightly(chain_lake, truth, by, value):
    answer = query(chain_lake, ["revenue"], [by], during=MONTH).set_index(by)["revenue"]
    receipts = truth.during(FIRST, LAST)[0]
    known = receipts[receipts["status"] != "void"].groupby(receipts["business_date"].map(value))["revenue"].sum()
    assert {key: int(amount * 100) for key, amount in answer.items()} == known.to_dict()


ONE = ["venue", "city", "business_date", "week", "month", "weekday", "hour", "daypart", "channel", "waiter"]
OF_CHECKS = ["hall", "table", "party_size", "visit_length", "check_size"]
OF_LINES = ["dish", "category", "top_group", "category_path", "section"]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        *(([by], ("revenue", "gross_sales", "discounts", "cost_of_sales", "units", "paid")) for by in ONE + OF_CHECKS),
        *(([by], ("revenue", "units", "lines", "void_lines")) for by in OF_LINES),
        (["dish", "channel", "party_size"], ("revenue", "units")),
        (["payment_kind"], ("paid", "payments")),
    ],
)
def test_regrouping_changes_no_total(chain_lake, by, names):
    whole = query(chain_lake, names, during=MONTH).iloc[0]
    parts = query(chain_lake, names, by, during=MONTH)
    assert {name: parts[name].sum() for name in names} == whole.to_dict()


def test_checks_past_midnight_are_of_the_evening_before(chain_lake, truth):
    night = query(chain_lake, ["checks"], ["business_date"], during=MONTH, where={"hour": [0, 1, 2]})
    receipts = truth.during(FIRST, LAST)[0]
    late = receipts[(receipts["status"] == "sale") & (receipts["hour"] < 3)]
    assert (late["opened_at"].dt.date > late["business_date"]).all()
    assert (
        dict(zip(night["business_date"], night["checks"], strict=True))
        == late.groupby("business_date").size().to_dict()
    )


@pytest.mark.parametrize(
    ("where", "keep"),
    [
        ({"channel": ["delivery"]}, lambda r: r["channel"] == "delivery"),
        (
            {"channel": ["delivery"], "hour": [12, 13]},
            lambda r: (r["channel"] == "delivery") & r["hour"].between(12, 13),
        ),
        ({"weekday": [6, 7]}, lambda r: r["business_date"].map(lambda day: day.isoweekday() > 5)),
        ({"hall": [None]}, lambda r: r["hall"].isna()),
        ({"channel": []}, lambda r: r["hour"] < 0),
    ],
)
def test_filters(chain_lake, truth, where, keep, plain):
    (revenue,) = query(chain_lake, ["revenue"], during=MONTH, where=where)["revenue"]
    receipts = truth.during(FIRST, LAST)[0]
    known = receipts[(receipts["status"] != "void") & keep(receipts)]["revenue"]
    assert plain(revenue) == (None if known.empty else Decimal(int(known.sum())) / 100)
