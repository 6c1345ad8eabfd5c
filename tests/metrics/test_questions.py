"""A question that has no answer is told why, in a sentence."""

import pytest

from mozg.errors import QueryError
from mozg.metrics import query


@pytest.mark.parametrize(
    ("metrics", "by", "sentence"),
    [
        (["revenu"], [], r"There is no metric 'revenu'\. Did you mean 'revenue'\?"),
        (["revenue"], ["venu"], r"There is no dimension 'venu'\. Did you mean 'venue'\?"),
        (["xyzzy"], [], r"There is no metric 'xyzzy'\. `mozg query --list` shows them all\."),
        (["guests"], ["dish"], r"guests cannot be split or filtered by dish: no table knows both\."),
        (["lines"], ["payment_method"], r"lines cannot be split or filtered by payment_method"),
        (["paid"], ["dish", "hall"], r"paid cannot be split or filtered by dish, hall"),
        ([], ["venue"], r"Name at least one metric"),
    ],
)
def test_what_cannot_be_answered(shop, metrics, by, sentence):
    with pytest.raises(QueryError, match=sentence):
        query(shop.lake(), metrics, by)


@pytest.mark.parametrize("where", [{"dish": ["Суп"]}, {"dsh": ["Суп"]}])
def test_filters_are_checked_too(shop, where):
    with pytest.raises(QueryError, match=r"guests cannot be|Did you mean 'dish'"):
        query(shop.lake(), ["guests"], where=where)


def test_a_value_is_a_value_and_never_sql(shop):
    nasty = "'; DROP TABLE receipts; --"
    assert query(shop.lake(), ["checks"], where={"venue": [nasty]})["checks"].tolist() == [0]
    assert query(shop.lake(), ["checks"])["checks"].tolist()[0] > 0


def test_checks_lines_and_payments_are_asked_together(shop):
    answer = query(shop.lake(), ["revenue", "lines", "paid"], ["status"])
    assert answer["status"].tolist() == ["sale"]
    assert answer["lines"].tolist() == query(shop.lake(), ["lines"])["lines"].tolist()
    assert answer["paid"].isna().all()


def test_rows_come_sorted_and_columns_as_asked(shop):
    answer = query(shop.lake(), ["checks", "revenue"], ["venue", "month"])
    assert list(answer.columns) == ["venue", "month", "checks", "revenue"]
    keys = list(zip(answer["venue"], answer["month"], strict=True))
    assert keys == sorted(keys)


def test_a_limit_keeps_the_first_rows(shop):
    everything = query(shop.lake(), ["revenue"], ["venue"])
    assert query(shop.lake(), ["revenue"], ["venue"], limit=1).equals(everything.head(1))
    assert len(everything) > 1
