"""Real exports, each read by the mapping that `suggest` writes and by nothing else; totals must agree exactly."""

import json
from datetime import date
from decimal import Decimal

import pytest

from mozg.errors import ImportFileError
from mozg.model import Venue
from mozg.pos.files import Mapping, read_sales, suggest

FRENCH = "french_bakery/clean_bakery_sales.csv.gz"
LONDON = "london_takeaway/restaurant-1-orders.csv.gz"
PETPOOJA = "petpooja_india/juneToAug.csv.gz"
KOREA = "korea_bakery/Bakery_sales.csv"
BREAD_BASKET = "bread_basket_edinburgh/BreadBasket_DMS.csv"
MAVEN = "SYNTHETIC_maven_restaurant_orders/order_details.csv"
MAVEN_MENU = "SYNTHETIC_maven_restaurant_orders/menu_items.csv"
PLATO = [
    f"SYNTHETIC_plato_pizza/{name}" for name in ("order_details.csv.gz", "orders.csv", "pizzas.csv", "pizza_types.csv")
]
CHIPOTLE = "chipotle/chipotle.tsv"


@pytest.fixture
def totals(real):
    return json.loads(real("totals.json").read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture
def load(real, tmp_path):
    """Read files of a set through the written form of the suggested mapping."""

    def _load(names, timezone, day_start_hour=0, default_date=None):
        paths = [real(name) for name in names]
        written = tmp_path / "mapping.toml"
        written.write_text(suggest(paths).dumps(), encoding="utf-8")
        venue = Venue(1, 1, "Real", timezone, day_start_hour=day_start_hour)
        return read_sales(paths, Mapping.load(written), venue, default_date)

    return _load


def revenue(imported, status=None):
    known = [r.revenue for r in imported.sales.receipts if status is None or r.status == status]
    return sum(amount for amount in known if amount is not None)


def units(imported):
    return sum(item.quantity for item in imported.sales.items if item.quantity is not None)


def span(imported):
    days = [receipt.business_date.isoformat() for receipt in imported.sales.receipts]
    return min(days), max(days)


def check(imported, expected):
    assert imported.rows_read == expected["rows"]
    assert len(imported.sales.receipts) == expected["checks"]
    assert len({(item.receipt, item.line) for item in imported.sales.items}) == len(imported.sales.items)
    if "units" in expected:
        assert units(imported) == expected["units"]
    if "items" in expected:
        assert len(imported.catalogue.products) == expected["items"]
    if "date_min" in expected:
        assert span(imported) == (expected["date_min"][:10], expected["date_max"][:10])


@pytest.mark.slow
def test_french_bakery(load, totals):
    imported = load([FRENCH], "Europe/Paris")
    check(imported, totals[FRENCH])
    assert revenue(imported) == totals[FRENCH]["revenue"]
    negative = [item for item in imported.sales.items if item.quantity < 0]
    assert len(negative) == totals[FRENCH]["negative_qty_lines"]
    assert sum(item.revenue for item in negative) == totals[FRENCH]["negative_revenue"]
    assert len({r.business_date for r in imported.sales.receipts}) == totals[FRENCH]["days_with_sales"]
    assert imported.rejected == []


@pytest.mark.slow
def test_london_takeaway(load, totals):
    imported = load([LONDON, "london_takeaway/restaurant-1-products-price.csv"], "Europe/London")
    check(imported, totals[LONDON])
    assert revenue(imported) == totals[LONDON]["revenue"]
    assert sum(product.price is not None for product in imported.catalogue.products) == 248


def test_petpooja(load, totals):
    imported = load([PETPOOJA], "Asia/Kolkata", day_start_hour=6)
    expected = totals[PETPOOJA]
    receipts = imported.sales.receipts
    assert (imported.rows_read, len(receipts)) == (expected["rows"], expected["checks"])
    assert revenue(imported) == expected["grand_total"]
    assert revenue(imported, "sale") == expected["grand_total_without_cancelled"]
    assert revenue(imported, "void") == expected["grand_total"] - expected["grand_total_without_cancelled"]
    assert sum(r.status == "void" for r in receipts) == expected["cancelled"]
    assert sum(r.discount for r in receipts) == expected["discount"]
    assert sum(r.vat for r in receipts) == expected["tax"]
    assert all(r.gross == r.revenue + r.discount for r in receipts)
    assert len({r.business_date for r in receipts}) == expected["business_days_cut_06h"]
    for channel, amount in expected["grand_total_by_type"].items():
        assert sum(r.revenue for r in receipts if r.channel == channel) == amount
        assert sum(r.channel == channel for r in receipts) == expected["orders_by_type"][channel]
    assert all((r.table_name is not None) == (r.channel == "Dine In") for r in receipts)
    names = {item.product for item in imported.sales.items}
    assert names == {product.external_id for product in imported.catalogue.products}
    assert {item.quantity for item in imported.sales.items} == {None}


def test_korea_bakery(load, totals):
    imported = load([KOREA, "korea_bakery/Bakery_calories_prices.csv"], "Asia/Seoul")
    expected = {key: value for key, value in totals[KOREA].items() if not key.startswith("date_")}
    check(imported, expected)
    assert revenue(imported) == expected["revenue"]
    assert len(imported.rejected) == expected["empty_rows"] + 1
    assert imported.rejected[-1].row == expected["rows"] + 1
    assert imported.rejected[-1].reason == "neither a dish nor an amount"
    assert span(imported)[0] == totals[KOREA]["date_min"][:10]
    assert {item.revenue for item in imported.sales.items} == {None}


def test_bread_basket_has_no_money(load, totals):
    imported = load([BREAD_BASKET], "Europe/London")
    check(imported, totals[BREAD_BASKET])
    assert units(imported) == totals[BREAD_BASKET]["rows"]
    assert {receipt.revenue for receipt in imported.sales.receipts} == {None}
    assert sum(item.product == "name:none" for item in imported.sales.items) == totals[BREAD_BASKET]["none_rows"]
    assert sum(item.product == "name:coffee" for item in imported.sales.items) == totals[BREAD_BASKET]["coffee_rows"]


def test_maven_menu_is_joined(load, totals):
    imported = load([MAVEN, MAVEN_MENU], "America/New_York")
    check(imported, totals[MAVEN])
    assert revenue(imported) == totals[MAVEN]["revenue"]
    nameless = [item for item in imported.sales.items if item.product is None]
    assert len(nameless) == totals[MAVEN]["missing_item_rows"]
    assert {(item.quantity, item.revenue) for item in nameless} == {(None, None)}
    assert len(imported.catalogue.products) == totals[MAVEN_MENU]["rows"]


def test_plato_pizza_is_joined_from_four_files(load, totals):
    imported = load(PLATO, "America/New_York")
    check(imported, totals[PLATO[0]])
    assert revenue(imported) == totals[PLATO[0]]["revenue"]
    assert span(imported) == (totals[PLATO[1]]["date_min"], totals[PLATO[1]]["date_max"])
    assert len({r.business_date for r in imported.sales.receipts}) == totals[PLATO[1]]["days"]
    assert "The Brie Carre Pizza (S)" in {product.name for product in imported.catalogue.products}
    assert len(imported.catalogue.categories) == 4


def test_chipotle_needs_a_date_and_has_line_totals(load, totals):
    with pytest.raises(ImportFileError, match=r"chipotle\.tsv has no dates.*--date YYYY-MM-DD"):
        load([CHIPOTLE], "America/New_York")
    imported = load([CHIPOTLE], "America/New_York", default_date=date(2014, 7, 1))
    check(imported, totals[CHIPOTLE])
    assert revenue(imported) == totals[CHIPOTLE]["revenue"] == Decimal("34500.16")
    assert span(imported) == ("2014-07-01", "2014-07-01")


@pytest.mark.parametrize("damage", ["cut", "recoded"])
def test_a_damaged_real_file_is_refused(real, tmp_path, damage):
    raw = real(KOREA).read_bytes()
    broken = raw[:100_000] if damage == "cut" else raw[:100_000] + b"\xff\xfe" + raw[100_000:]
    (tmp_path / "sales.csv").write_bytes(broken)
    with pytest.raises(ImportFileError, match=r"sales\.csv"):
        suggest([tmp_path / "sales.csv"])
