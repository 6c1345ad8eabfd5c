"""Asking for numbers on the command line."""

import pytest

from mozg.errors import QueryError

PERIOD = ["--from", "2026-10-05", "--to", "2026-10-18"]


def test_json_has_the_dimensions_and_both_periods(answer, chain_organization, chain):
    rows = answer(
        "query", "-o", "chain", "--metrics", "revenue,checks", "--by", "venue,business_date", *PERIOD,
        "--compare", "previous",
    )  # fmt: skip
    assert list(rows[0]) == ["venue", "business_date", "revenue", "checks", "revenue_before", "checks_before"]
    assert len(rows) == 3 * 14
    kept = chain.receipts[chain.receipts["business_date"].between("2026-10-05", "2026-10-18")]
    assert round(sum(row["revenue"] for row in rows) * 100) == kept.loc[kept["status"] != "void", "revenue"].sum()
    assert sum(row["checks"] for row in rows) == (kept["status"] == "sale").sum()


def test_venues_narrow_every_answer(answer, chain_organization, chain):
    name = chain.venues["name"].iloc[0]
    rows = answer("query", "-o", "chain", "--metrics", "revenue", "--by", "venue", "--venues", name, *PERIOD)
    assert [row["venue"] for row in rows] == [name]


def test_where_filters_by_a_dimension(answer, chain_organization):
    rows = answer("query", "-o", "chain", "--metrics", "units", "--by", "section", *PERIOD, "--where", "section=bar")
    assert [row["section"] for row in rows] == ["bar"]


def test_the_list_explains_every_metric(answer):
    rows = answer("query", "--list")
    assert all(row["is"] for row in rows if row["kind"] == "metric")
    assert {"revenue", "average_check", "venue", "business_date"} <= {row["name"] for row in rows}


def test_a_misspelt_metric_gets_a_suggestion(mozg, chain_organization):
    with pytest.raises(QueryError, match="Did you mean 'revenue'"):
        mozg("query", "-o", "chain", "--metrics", "revenu")


@pytest.mark.parametrize("words", [["--compare", "previous"], ["--to", "2026-10-18"]])
def test_half_a_period_is_bad_usage(mozg, chain_organization, words):
    assert mozg("query", "-o", "chain", "--metrics", "revenue", *words).exit_code == 2
