"""Rows that real servers may send and the simulated chain does not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mozg.pos.clock import Clock
from mozg.pos.iiko import records
from mozg.pos.menu import Tree

CLOCK = Clock(ZoneInfo("Asia/Yekaterinburg"))
CHECK = {
    "UniqOrderId.Id": "o1", "OpenDate.Typed": "2026-11-20", "OpenTime": "2026-11-21T00:41:30.123",
    "CloseTime": "2026-11-21T01:22:47", "OrderDeleted": "NOT_DELETED", "Storned": "FALSE",
    "DeletedWithWriteoff": "NOT_DELETED", "GuestNum": 2, "DishSumInt": 780, "DiscountSum": Decimal("78.5"),
    "DishDiscountSumInt": Decimal("701.5"), "VAT.Sum": 0, "ProductCostBase.ProductCost": None,
}  # fmt: skip
TABLE = {
    "UniqOrderId.Id": "o1", "OrderNum": 1841, "OrderWaiter.Id": "w1", "TableNum": 12, "RestaurantSection": "Зал",
    "OrderType": None, "Delivery.ServiceType": None,
}  # fmt: skip


def test_a_check_as_a_real_server_writes_it():
    (receipt,) = records.receipts([CHECK], [TABLE], {}, CLOCK)
    assert receipt.business_date == date(2026, 11, 20)
    assert receipt.opened_at == datetime(2026, 11, 20, 19, 41, 30, 123000, UTC)
    assert (receipt.gross, receipt.discount, receipt.revenue) == (
        Decimal("780.00"),
        Decimal("78.50"),
        Decimal("701.50"),
    )
    assert receipt.cost is None
    assert (receipt.number, receipt.table_name, receipt.waiter, receipt.channel) == ("1841", "12", "w1", "dine_in")


def test_struck_lines_do_not_count_and_a_check_without_any_other_is_worth_nothing():
    struck = CHECK | {"DeletedWithWriteoff": "DELETED_WITHOUT_WRITEOFF", "DishDiscountSumInt": 0}
    (both,) = records.receipts([CHECK, struck], [TABLE], {}, CLOCK)
    assert (both.gross, both.guests) == (Decimal("780.00"), 2)
    (nothing,) = records.receipts([struck], [TABLE], {}, CLOCK)
    assert (nothing.gross, nothing.revenue, nothing.status) == (Decimal("0.00"), Decimal("0.00"), "sale")


@pytest.mark.parametrize("flag", ["TRUE", True])
def test_a_return_check_with_the_orders_own_identifier_is_a_second_receipt(flag):
    sale, back = records.receipts([CHECK, CHECK | {"Storned": flag, "DishSumInt": -780}], [TABLE], {}, CLOCK)
    assert (sale.external_id, sale.status) == ("o1", "sale")
    assert (back.external_id, back.status, back.gross) == ("o1/storno", "refund", Decimal("-780.00"))


@pytest.mark.parametrize(
    ("service", "kind", "channel"),
    [
        ("PICKUP", "Доставка самовывоз", "takeaway"),
        ("COURIER", "Доставка", "delivery"),
        (None, "С собой", "takeaway"),
        (None, "Обычный заказ", "dine_in"),
    ],
)
def test_channels(service, kind, channel):
    (receipt,) = records.receipts([CHECK], [TABLE | {"OrderType": kind, "Delivery.ServiceType": service}], {}, CLOCK)
    assert receipt.channel == channel


def test_a_check_of_which_the_second_report_knows_nothing():
    (receipt,) = records.receipts([CHECK], [], {}, CLOCK)
    assert (receipt.number, receipt.waiter, receipt.channel) == (None, None, None)


def test_sections_follow_the_tree_from_the_top():
    rows = [
        ("a", "Напитки", None),
        ("b", "К завтраку", "a"),
        ("c", "Сезонное", None),
        ("d", "Супы", "c"),
        ("e", "Акции", "e"),
    ]
    tree = Tree.of([{"id": key, "name": name, "up": up} for key, name, up in rows], parent="up")
    assert [tree.section(key) for key, _, _ in rows] == ["bar", "bar", None, "kitchen", None]
    assert tree.section("unknown") is None


def test_a_check_with_several_discounts_names_them_all_the_largest_first():
    row = {"UniqOrderId.Id": "a", "OpenDate.Typed": "2026-11-20", "Storned": "FALSE"}
    told = [
        row | {"OrderDiscount.Type": "Card", "DiscountSum": 10},
        row | {"OrderDiscount.Type": "Birthday", "DiscountSum": 90},
        row | {"OrderDiscount.Type": None, "DiscountSum": 0},
        row | {"UniqOrderId.Id": "b", "OrderDiscount.Type": "Card", "DiscountSum": 0},
    ]
    assert records.discount_types(told) == {"a": "Birthday, Card"}
