"""What pages say of the period before: which it is, and no growth on half of it."""

from datetime import timedelta

import pytest

from mozg import pages
from mozg.pages.blocks import FIGURE_MIME
from tests.shown import tables, text


def titles(shown):
    return [block.above for block in shown.blocks if FIGURE_MIME in block.bundle]


def test_growth_on_a_year_that_is_known_in_part_is_none(open_report, chain):
    page = open_report("dynamics")
    begins = page.context.write.day(chain.first)
    (title,) = titles(page.run(pages.dynamics.beside_last_year))
    assert f"данные начинаются только {begins}" in title
    (rows,) = tables(page.run(pages.dynamics.by_venue)).values()
    assert rows
    assert not any(name.endswith("_change") for name in rows[0])
    whole = open_report("dynamics", date_from="last_week")
    assert "к прошлому году" in titles(whole.run(pages.dynamics.beside_last_year))[0]
    (rows,) = tables(whole.run(pages.dynamics.by_venue)).values()
    assert all(row["revenue_change"] is not None for row in rows)


def test_the_digest_says_beside_which_days_it_stands(open_report, chain):
    page = open_report("digest")
    week_before = page.context.write.day(chain.last - timedelta(days=7))
    assert f"К тому же дню недели неделю назад, {week_before}" in text(page.run(pages.digest.in_short))
    assert "К тем же дням недели прошлого года" in text(page.run(pages.digest.month_to_date))


def test_a_share_changes_by_points_and_money_by_per_cent(open_report):
    rows = tables(open_report("losses").run(pages.losses.by_venue))["losses_by_venue"]
    assert len(rows) == 3
    for row in rows:
        rate, before = row["discount_rate"], row["discount_rate_before"]
        assert row["discount_rate_change"] == pytest.approx((rate - before) * 100)
        money, earlier = float(row["discounts"]), float(row["discounts_before"])
        assert row["discounts_change"] == pytest.approx(money / earlier - 1)


def test_what_there_is_none_of_has_no_line(open_report):
    page = open_report("like_for_like")
    shown = page.run(pages.like_for_like.in_short)
    assert [row["venues"] for row in tables(shown)["growth"]] == [3, 3]
    assert "Все заведения сопоставимы" in text(shown)
