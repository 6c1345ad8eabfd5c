"""Real exports, from the file to the answer: imported by the suggested mapping alone, asked by `query`, exact."""

import json
from datetime import date
from decimal import Decimal

import pytest

from mozg.access.venues import add_venue
from mozg.errors import ImportFileError
from mozg.lake.reader import open_lake
from mozg.lake.refresh import refresh
from mozg.metrics import METRICS, query
from mozg.sync.imports import import_files
from tests.recomputed import recomputed

pytestmark = pytest.mark.slow
FRENCH = "french_bakery/clean_bakery_sales.csv.gz"
LONDON = "london_takeaway/restaurant-1-orders.csv.gz"
PETPOOJA = "petpooja_india/juneToAug.csv.gz"
KOREA = "korea_bakery/Bakery_sales.csv"
BREAD_BASKET = "bread_basket_edinburgh/BreadBasket_DMS.csv"
MAVEN = "SYNTHETIC_maven_restaurant_orders/order_details.csv"
PLATO = "SYNTHETIC_plato_pizza/order_details.csv.gz"
CHIPOTLE = "chipotle/chipotle.tsv"


@pytest.fixture
def totals(real):
    return json.loads(real("totals.json").read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture
def bring(real, new_organization):
    """Import a set into an organisation of its own, refresh, and give the import's report and the lake.

    Sets of which a second import is slow are imported once: what the others show holds for them, too.
    """

    def _bring(names, timezone, *, day_start_hour=0, default_date=None, twice=True):
        organization = new_organization("real", currency="EUR")
        venue = add_venue(organization, "Real", timezone=timezone, day_start_hour=day_start_hour)
        paths = [real(name) for name in names]
        report = import_files(organization, venue, paths, default_date=default_date)
        refresh(organization)
        if twice:
            assert import_files(organization, venue, paths, default_date=default_date).changed == 0
            assert refresh(organization).venue_days == 0
        lake = open_lake(organization)
        hold_to_plain_python(lake, recomputed(organization, timezone))
        return report, lake

    return _bring


def hold_to_plain_python(lake, known):
    """Hold every metric to what plain Python makes of the record: sums exactly, ratios to a float's last digits."""
    assert known.keys() == METRICS.keys()
    answer = query(lake, list(METRICS))
    row, missing = answer.iloc[0], answer.isna().iloc[0]
    for name, expected in known.items():
        found = None if missing[name] else row[name]
        same = pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected
        assert (float(found) if isinstance(expected, float) and found is not None else found) == same, name


def asked(lake, *metrics, by=(), where=None):
    answer = query(lake, metrics, by, where=where)
    assert len(answer) == 1
    row = answer.iloc[0]
    return tuple(None if row.isna()[name] else row[name] for name in metrics)


def day(moment):
    return date.fromisoformat(moment[:10])


def span(known):
    return day(known["date_min"]), day(known["date_max"])


def test_french_bakery(bring, totals):
    report, lake = bring([FRENCH], "Europe/Paris", twice=False)
    known = totals[FRENCH]
    # A check of this bakery with returned goods alone is a refund; all of them are rows, units and money.
    assert asked(lake, "lines", "units", "revenue", "first_date", "last_date") == (
        known["rows"],
        known["units"],
        known["revenue"],
        *span(known),
    )
    assert sum(asked(lake, "checks", "refunds")) == known["checks"]
    assert len(query(lake, ["revenue"], ["business_date"])) == known["days_with_sales"]
    assert report.rows_read == known["rows"]


def test_london_takeaway(bring, totals):
    _, lake = bring([LONDON], "Europe/London")
    known = totals[LONDON]
    assert asked(lake, "lines", "units", "revenue", "checks", "first_date", "last_date") == (
        known["rows"],
        known["units"],
        known["revenue"],
        known["checks"],
        *span(known),
    )
    opened = asked(lake, "first_opened", "last_opened")
    assert [str(moment) for moment in opened] == [known["date_min"], known["date_max"]]
    hours = query(lake, ["checks"], ["hour"]).set_index("hour")["checks"]
    assert hours[hours.index < 6].sum() == known["orders_00_to_05h"]


def test_petpooja(bring, totals):
    report, lake = bring([PETPOOJA], "Asia/Kolkata", day_start_hour=6)
    known = totals[PETPOOJA]
    assert (report.rows_read, report.receipts) == (known["rows"], known["checks"])
    revenue, checks = asked(lake, "revenue", "checks")
    voids, voided = asked(lake, "void_checks", "void_checks_amount")
    assert (revenue, checks, voids) == (Decimal("15100395.00"), 9888, known["cancelled"])
    ((void_revenue,),) = lake.rows("SELECT sum(revenue) FROM receipts WHERE status = 'void'")
    assert revenue + void_revenue == known["revenue"] == Decimal("15108214.00")
    assert voided >= void_revenue == Decimal("7819.00")
    assert checks + voids == known["checks"]
    assert asked(lake, "first_date") == (day(known["date_min"]),)
    assert asked(lake, "last_date") == (date(2025, 8, 30),)  # the last bill is of 02:54, before the day's start
    first, last = asked(lake, "first_opened", "last_opened")
    assert (str(first), str(last)) == (known["date_min"], known["date_max"])
    assert len(query(lake, ["revenue"], ["business_date"])) == known["business_days_cut_06h"]
    by_channel = query(lake, ["revenue", "void_checks"], ["channel"]).set_index("channel")
    assert by_channel["revenue"].sum() == revenue


def test_korea_bakery(bring, totals):
    report, lake = bring([KOREA], "Asia/Seoul")
    known = totals[KOREA]
    assert (report.rows_read, len(report.rejected)) == (known["rows"], 234)
    assert asked(lake, "checks", "revenue", "units", "first_date") == (
        known["checks"],
        known["revenue"],
        known["units"],
        day(known["date_min"]),
    )
    assert asked(lake, "last_date")[0] < day(known["date_max"])  # that day is of the stray row, which was rejected


def test_bread_basket_has_no_money(bring, totals):
    _, lake = bring([BREAD_BASKET], "Europe/London")
    known = totals[BREAD_BASKET]
    assert asked(lake, "lines", "checks", "revenue", "average_check", "first_date", "last_date") == (
        known["rows"],
        known["checks"],
        None,
        None,
        *span(known),
    )
    assert asked(lake, "lines", where={"dish": ["Coffee"]}) == (known["coffee_rows"],)


def test_maven(bring, totals):
    _, lake = bring([MAVEN, "SYNTHETIC_maven_restaurant_orders/menu_items.csv"], "America/New_York")
    known = totals[MAVEN]
    assert asked(lake, "lines", "checks", "revenue", "units", "first_date", "last_date") == (
        known["rows"],
        known["checks"],
        known["revenue"],
        known["units"],
        *span(known),
    )
    assert asked(lake, "lines", where={"dish": [None]}) == (known["missing_item_rows"],)


def test_plato_pizza(bring, totals):
    others = ("orders.csv", "pizzas.csv", "pizza_types.csv")
    _, lake = bring([PLATO, *(f"SYNTHETIC_plato_pizza/{name}" for name in others)], "America/New_York")
    known, orders = totals[PLATO], totals["SYNTHETIC_plato_pizza/orders.csv"]
    assert asked(lake, "lines", "checks", "revenue", "units", "first_date", "last_date") == (
        known["rows"],
        known["checks"],
        known["revenue"],
        known["units"],
        *span(orders),
    )


def test_chipotle_needs_a_date(bring, totals):
    with pytest.raises(ImportFileError, match=r"chipotle\.tsv has no dates"):
        bring([CHIPOTLE], "America/New_York")
    _, lake = bring([CHIPOTLE], "America/New_York", default_date=date(2014, 7, 1))
    known = totals[CHIPOTLE]
    assert asked(lake, "lines", "checks", "revenue", "units", "first_date", "last_date") == (
        known["rows"],
        known["checks"],
        Decimal("34500.16"),
        known["units"],
        date(2014, 7, 1),
        date(2014, 7, 1),
    )
