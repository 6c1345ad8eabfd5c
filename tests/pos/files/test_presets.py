"""Exports of Toast and of Square, with the columns that their makers document, are known by their heads."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mozg.errors import MappingError
from mozg.model import Venue
from mozg.pos.files import Mapping, read_sales, suggest

NEW_YORK = Venue(1, 1, "Corner", "America/New_York")
TOAST = """\
Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Table,Dining Area,Service,Dining Option,Item Selection Id,Item Id,Master Id,SKU,PLU,Menu Item,Menu Subgroup(s),Menu Group,Menu,Sales Category,Gross Price,Discount,Net Price,Qty,Tax,Void?,Deferred,Tax Exempt,Tax Inclusion Option,Dining Option Tax,Tab Name
Downtown,900001,12,11/02/2026 12:05:09,11/02/2026 12:03:11,910001,Ann Lee,14,Patio,Lunch,Dine In,920001,930001,940001,,,Cheeseburger,,Burgers,Food,Food,28.00,2.80,25.20,2.0,2.24,False,False,False,TAX NOT INCLUDED,No Effect,
Downtown,900001,12,11/02/2026 12:05:09,11/02/2026 12:03:11,910001,Ann Lee,14,Patio,Lunch,Dine In,920002,930002,940002,,,Iced Tea,,Drinks,Food,Beverage,4.00,0.00,4.00,1.0,0.36,False,False,False,TAX NOT INCLUDED,No Effect,
Downtown,900001,12,11/02/2026 12:05:09,11/02/2026 12:03:11,910001,Ann Lee,14,Patio,Lunch,Dine In,920003,930003,940003,,,Fries,,Sides,Food,Food,5.00,0.00,5.00,1.0,0.00,True,False,False,TAX NOT INCLUDED,No Effect,
Downtown,900002,13,11/02/2026 19:40:00,11/02/2026 19:38:30,910002,Bo Kim,,,Dinner,Take Out,920004,930001,940001,,,Cheeseburger,,Burgers,Food,Food,14.00,14.00,0.00,1.0,0.00,False,False,False,TAX NOT INCLUDED,No Effect,
"""  # noqa: E501
TOAST_MODIFIERS = """\
Location,Order Id,Order #,Sent Date,Order Date,Check Id,Server,Table,Dining Area,Service,Dining Option,Item Selection Id,Modifier Id,Master Id,Modifier SKU,Modifier,Option Group ID,Option Group Name,Parent Menu Selection Item ID,Parent Menu Selection,Sales Category,Gross Price,Discount,Net Price,Qty,Void?,Void Reason ID,Void Reason
Downtown,900001,12,11/02/2026 12:05:09,11/02/2026 12:03:11,910001,Ann Lee,14,Patio,Lunch,Dine In,920001,950001,940009,,Bacon,960001,Extras,930001,Cheeseburger,Food,2.00,0.00,2.00,1.0,False,,
"""  # noqa: E501
SQUARE = """\
Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Unit,Count,Itemization Type,Commission,Employee,Fulfillment Note,Channel,Token,Card Brand,PAN Suffix
2026-11-02,09:15:20,Eastern Time (US & Canada),Coffee,Latte,2.0,Large,,"Oat milk, Extra shot",$12.00,-$1.20,$10.80,$0.96,TX1,PAY1,iPad,,https://squareup.com/x,Payment,Main,For Here,,,,ea,2,Physical Good,,Ann,,,TOK1,Visa,1111
2026-11-02,09:15:20,Eastern Time (US & Canada),Bakery,Croissant,1.0,Regular,,,$4.50,$0.00,$4.50,$0.40,TX1,PAY1,iPad,,https://squareup.com/x,Payment,Main,For Here,,,,ea,1,Physical Good,,Ann,,,TOK2,Visa,1111
2026-11-03,10:00:00,Eastern Time (US & Canada),Bakery,Croissant,-1.0,Regular,,,-$4.50,$0.00,-$4.50,-$0.40,TX2,PAY2,iPad,,https://squareup.com/x,Refund,Main,For Here,,,,ea,-1,Physical Good,,Ann,,,TOK2,Visa,1111
"""  # noqa: E501


@pytest.fixture
def read(write):
    """Read a file as `mozg import` does with the mapping that was suggested for it."""

    def _read(text):
        path = write("export.csv", text)
        mapping = suggest([path])
        done = read_sales([path], mapping, NEW_YORK)
        assert done.rejected == []
        return mapping, done.sales

    return _read


def told(rows, *names):
    return [tuple(getattr(row, name) for name in names) for row in rows]


def test_toast(read):
    mapping, sales = read(TOAST)
    assert "export.csv is Toast's export of item selections" in mapping.dumps()
    assert told(sales.receipts, "external_id", "status", "gross", "discount", "revenue", "table_name", "hall") == [
        ("910001", "sale", Decimal("32.00"), Decimal("2.80"), Decimal("29.20"), "14", "Patio"),
        ("910002", "sale", Decimal("14.00"), Decimal("14.00"), Decimal("0.00"), None, None),
    ]
    assert sales.receipts[0].opened_at == datetime(2026, 11, 2, 17, 3, 11, tzinfo=UTC)
    assert told(sales.items, "product", "quantity", "gross", "revenue", "voided") == [
        ("item:940001", 2, Decimal("28.00"), Decimal("25.20"), False),
        ("item:940002", 1, Decimal("4.00"), Decimal("4.00"), False),
        ("item:940003", 1, Decimal("5.00"), 0, True),
        ("item:940001", 1, Decimal("14.00"), 0, False),
    ]


def test_toast_of_the_years_when_it_wrote_discnt(read):
    _, sales = read(TOAST.replace("Discount", "Discnt").replace("11/02/2026 12:03:11", "11/2/26 12:03 PM"))
    assert (sales.receipts[0].discount, sales.receipts[0].opened_at.minute) == (Decimal("2.80"), 3)


def test_the_files_of_several_nights_are_read_as_one(write):
    nights = TOAST, TOAST.replace("11/02/2026", "11/03/2026").replace(",91000", ",91900")
    paths = [write(f"{number}.csv", text) for number, text in enumerate(nights)]
    done = read_sales(paths, suggest(paths), NEW_YORK)
    assert done.rejected == []
    assert sum(one.revenue for one in done.sales.receipts) == 2 * Decimal("29.20")
    assert len({one.external_id for one in done.sales.receipts}) == 4


def test_toasts_modifiers_are_not_counted_beside_the_items(write):
    paths = [write("ItemSelectionDetails.csv", TOAST), write("ModifiersSelectionDetails.csv", TOAST_MODIFIERS)]
    with pytest.raises(MappingError, match=r"ModifiersSelectionDetails.csv is Toast's export of modifiers"):
        suggest(paths)


def test_square(read):
    mapping, sales = read(SQUARE)
    assert "export.csv is Square's export of items" in mapping.dumps()
    assert told(sales.receipts, "external_id", "status", "gross", "discount", "revenue", "channel") == [
        ("TX1", "sale", Decimal("16.50"), Decimal("1.20"), Decimal("15.30"), "For Here"),
        ("TX2", "refund", Decimal("-4.50"), Decimal("0.00"), Decimal("-4.50"), "For Here"),
    ]
    assert sales.receipts[0].closed_at == datetime(2026, 11, 2, 14, 15, 20, tzinfo=UTC)
    assert told(sales.items, "product", "quantity", "revenue")[0] == ("name:latte (large)", 2, Decimal("10.80"))
    assert told(sales.payments, "receipt", "method", "kind", "amount") == [
        ("TX1", "Visa", "card", Decimal("15.30")), ("TX2", "Visa", "card", Decimal("-4.50")),
    ]  # fmt: skip


def test_square_writes_dates_both_ways(read):
    assert read(SQUARE.replace("2026-11-02", "11/02/26").replace("2026-11-03", "11/03/26"))[1] == read(SQUARE)[1]


def test_what_the_mapping_says_can_be_read_again(write, read):

    for text in (TOAST, SQUARE):
        mapping, _ = read(text)
        path = write("mapping.toml", mapping.dumps())
        assert Mapping.load(path).columns == mapping.columns
