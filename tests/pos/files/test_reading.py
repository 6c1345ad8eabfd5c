import gzip
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from mozg.errors import ImportFileError, MappingError
from mozg.model import Venue
from mozg.pos.files import Mapping, read_sales, suggest
from mozg.pos.files.mapping import Columns, Dates, Join, PriceList, Status

LINES = Columns(receipt="n", date="day", item="dish", quantity="q", line_total="sum")


def read(path, venue, columns=LINES, **options):
    return read_sales([path], Mapping(columns=columns, **options), venue)


def test_lines_become_receipts(write, moscow):
    path = write(
        "a.csv",
        "n,day,dish,q,sum\n7,2025-08-31 12:00,Борщ,2,900\n8,2025-08-31 12:05,Щи,1,300\n"
        "7,2025-08-31 12:20, БОРЩ ,1,450\n",
    )
    imported = read(path, moscow)
    first, second = imported.sales.receipts
    assert (first.external_id, first.revenue, first.number) == ("7", Decimal("1350.00"), "7")
    assert first.opened_at == datetime(2025, 8, 31, 9, tzinfo=UTC)
    assert first.gross is first.discount is first.vat is first.guests is None
    assert second.revenue == Decimal("300.00")
    assert [(i.receipt, i.line, i.product, i.quantity) for i in imported.sales.items] == [
        ("7", "1", "name:борщ", 2), ("7", "2", "name:борщ", 1), ("8", "1", "name:щи", 1)
    ]  # fmt: skip
    assert [product.name for product in imported.catalogue.products] == ["Борщ", "Щи"]
    assert imported.sales.window is None
    assert read(path, moscow) == imported


def test_repeated_lines_are_repeated_key_presses(write, moscow):
    path = write("a.csv", "n,day,dish,q,sum\n" + "7,2025-08-31,Чай,1,100\n" * 3)
    assert read(path, moscow).sales.receipts[0].revenue == 300
    assert [item.line for item in read(path, moscow).sales.items] == ["1", "2", "3"]


def test_after_midnight_belongs_to_the_evening_before(write, moscow):
    path = write(
        "a.csv", "n,day,dish,q,sum\n7,2025-08-31 05:59,Чай,1,100\n8,2025-08-31 06:00,Чай,1,100\n9,2025-08-31,Чай,1,1\n"
    )
    days = [receipt.business_date.day for receipt in read(path, moscow).sales.receipts]
    assert days == [30, 31, 31]
    assert [r.business_date.day for r in read(path, moscow, day_start_hour=0).sales.receipts] == [31, 31, 31]


@pytest.mark.parametrize("midnight", ["2025-08-31 00:00:00", "31.08.2025 0:00", "8/31/2025 12:00:00 AM"])
def test_a_column_of_midnights_is_a_column_of_bare_dates(write, moscow, midnight):
    path = write("a.csv", f"check,date,time,dish\n1,{midnight},21:00,x\n2,{midnight},,x\n")
    bare = read(path, moscow, Columns(receipt="check", date="date", item="dish")).sales.receipts
    assert [(r.business_date.day, r.opened_at) for r in bare] == [(31, None)] * 2
    timed = read_sales([path], suggest([path]), moscow).sales.receipts
    assert [(r.business_date.day, r.opened_at) for r in timed] == [
        (31, datetime(2025, 8, 31, 18, tzinfo=UTC)),
        (31, None),
    ]


def test_the_repeated_and_the_skipped_hour(write):
    venue = Venue(1, 1, "Paris", "Europe/Paris")
    path = write(
        "a.csv", "n,day,dish,q,sum\n1,2025-10-26 02:30,x,1,1\n2,2025-03-30 02:30,x,1,1\n3,2025-08-31T10:00:00Z,x,1,1\n"
    )
    receipts = read(path, venue).sales.receipts
    assert receipts[0].opened_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert receipts[1].opened_at == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert receipts[2].opened_at == datetime(2025, 8, 31, 10, tzinfo=UTC)


def test_date_and_time_columns_and_the_time_of_closing(write, moscow):
    path = write("a.csv", "n,d,t,dish\n1,1/13/23,11:38:36 PM,x\n2,1/14/23,,x\n")
    columns = Columns(receipt="n", date="d", time="t", item="dish")
    first, second = read(path, moscow, columns, dates=Dates(marks="closed")).sales.receipts
    assert (first.opened_at, first.closed_at) == (None, datetime(2023, 1, 13, 20, 38, 36, tzinfo=UTC))
    assert (second.business_date, second.closed_at) == (date(2023, 1, 14), None)


def test_a_column_of_its_own_tells_the_closing(write, moscow):
    path = write("a.csv", "n,day,out,dish\n1,2025-01-01,2025-01-01 21:00,x\n2,2025-01-01,2025-01-01 99:00,x\n")
    columns = Columns(receipt="n", date="day", closed="out", item="dish")
    imported = read(path, moscow, columns, max_rejected_share=0.5)
    assert [(r.opened_at, r.closed_at) for r in imported.sales.receipts] == [
        (None, datetime(2025, 1, 1, 18, tzinfo=UTC))
    ]
    assert [row.reason for row in imported.rejected] == ["out: hour must be in 0..23"]


def test_days_and_months_that_nothing_tells_apart_are_refused(write, moscow):
    path = write("a.csv", "n,day,dish,q,sum\n1,03/04/2025,x,1,1\n2,05/04/2025,x,1,1\n")
    with pytest.raises(MappingError, match=r"a\.csv, column 'day'.*order = \"dmy\""):
        read(path, moscow)
    receipts = read(path, moscow, dates=Dates(order="mdy")).sales.receipts
    assert [receipt.business_date for receipt in receipts] == [date(2025, 3, 4), date(2025, 5, 4)]


def test_unit_price_times_quantity_less_discount(write, moscow):
    path = write("a.csv", "n,day,q,price,off\n1,2025-01-01,0.333,100,\n1,2025-01-01,3,1.15,0.45\n2,2025-01-01,-1,5,\n")
    columns = Columns(receipt="n", date="day", quantity="q", unit_price="price", line_discount="off")
    imported = read(path, moscow, columns)
    assert [(i.gross, i.discount, i.revenue) for i in imported.sales.items] == [
        (None, None, Decimal("33.30")),
        (Decimal("3.45"), Decimal("0.45"), Decimal("3.00")),
        (None, None, Decimal("-5.00")),
    ]  # fmt: skip
    assert [r.revenue for r in imported.sales.receipts] == [Decimal("36.30"), Decimal("-5.00")]
    assert {r.status for r in imported.sales.receipts} == {"sale"}


def test_no_money_is_missing_and_not_zero(write, moscow):
    path = write("a.csv", "n,day,dish\n1,2025-01-01,x\n1,2025-01-01,NONE\n1,2025-01-01,NULL\n")
    imported = read(path, moscow, Columns(receipt="n", date="day", item="dish"))
    assert imported.sales.receipts[0].revenue is None
    assert [(i.product, i.quantity, i.revenue) for i in imported.sales.items] == [
        ("name:x", 1, None), ("name:none", 1, None), (None, None, None)
    ]  # fmt: skip
    strict = read(
        path, moscow, Columns(receipt="n", date="day", item="dish"), missing_item="reject", max_rejected_share=0.5
    )
    assert [(row.row, row.reason) for row in strict.rejected] == [(4, "no dish")]


def test_one_row_per_receipt(write, moscow):
    path = write(
        "a.csv",
        "n,day,what,sum,off,tax,type,state,pay,guests,who\n"
        '1,2025-01-01 20:00,"Tea, Cake",90,10,5,Dine In (20),Printed,Card,2,Ann\n'
        "2,2025-01-01 21:00,,50,0,,Delivery,Cancelled,Cash,,\n",
    )
    columns = Columns(
        receipt="n", date="day", items="what", total="sum", total_discount="off", total_vat="tax", channel="type",
        status="state", payment="pay", guests="guests", waiter="who",
    )  # fmt: skip
    imported = read(path, moscow, columns, shape="receipts", status=Status(void=["cancelled"]))
    first, second = imported.sales.receipts
    assert (first.gross, first.discount, first.revenue, first.vat) == (100, 10, 90, 5)
    assert (first.channel, first.table_name, first.guests, first.waiter) == ("Dine In", "20", 2, "name:ann")
    assert (second.status, second.revenue, second.channel, second.table_name) == ("void", 50, "Delivery", None)
    assert [(i.product, i.quantity, i.revenue) for i in imported.sales.items] == [
        ("name:tea", None, None), ("name:cake", None, None)
    ]  # fmt: skip
    assert [(p.receipt, p.kind, p.amount) for p in imported.sales.payments] == [("1", "card", 90)]
    assert imported.catalogue.employees[0].name == "Ann"


def test_one_column_per_dish(write, moscow):
    path = write(
        "a.csv", "n,day,sum,tea,cake,pie\n1,2025-01-01,9,2,0,\n2,2025-01-01,5,,1.0,\n3,2025-01-01,,,,\n4,,,,,\n,,,,,\n"
    )
    columns = Columns(receipt="n", date="day", total="sum")
    imported = read(path, moscow, columns, shape="wide", dishes=["tea", "cake", "pie"], max_rejected_share=0.6)
    assert [(i.receipt, i.line, i.product, i.quantity) for i in imported.sales.items] == [
        ("1", "1", "name:tea", 2), ("2", "1", "name:cake", 1)
    ]  # fmt: skip
    assert [product.name for product in imported.catalogue.products] == ["tea", "cake", "pie"]
    assert [(row.row, row.reason) for row in imported.rejected] == [
        (4, "neither a dish nor an amount"), (5, "empty row with nothing but a receipt number"), (6, "empty row")
    ]  # fmt: skip
    assert imported.rows_read == 5


def test_a_void_line_is_taken_off_the_check(write, moscow):
    path = write(
        "a.csv", "n,day,dish,q,sum,state\n1,2025-01-01,x,1,5,ok\n1,2025-01-01,y,1,7,void\n2,2025-01-01,y,1,7,void\n"
    )
    columns = LINES.model_copy(update={"status": "state"})
    imported = read(path, moscow, columns, status=Status(void=["void"]))
    assert [(r.status, r.revenue) for r in imported.sales.receipts] == [("sale", 5), ("void", 7)]
    assert [(i.voided, i.gross, i.revenue) for i in imported.sales.items] == [
        (False, None, 5), (True, 7, 0), (False, None, 7)
    ]  # fmt: skip


def test_files_are_joined_by_key_in_a_chain(write, moscow):
    rows = write("rows.csv", "order,sku,q\n1,a1,2\n1,b1,1\n2,NULL,1\n3,zz,1\n")
    orders = write("orders.csv", "order,day\n1,2025-01-01\n2,2025-01-02\n3,2025-01-03\n")
    skus = write("skus.csv", "sku,dish_id,price\na1,7,10\nb1,8,5.5\n")
    dishes = write("dishes.csv", "dish_id,name,group\n7,Crème brûlée,Sweet\n8,Soup,Hot\n".encode("cp1252"))
    columns = Columns(
        receipt="order", date="day", item="name", item_id="sku", category="group", quantity="q", unit_price="price"
    )
    joins = [
        Join(file="orders.csv", on="order", key="order"),
        Join(file="skus*", on="sku", key="sku"),
        Join(file="dishes.csv", on="dish_id", key="dish_id"),
    ]
    mapping = Mapping(columns=columns, join=joins, max_rejected_share=0.25)
    imported = read_sales([orders, rows, skus, dishes], mapping, moscow)
    assert [(r.business_date.day, r.revenue) for r in imported.sales.receipts] == [(1, Decimal("25.50")), (2, None)]
    assert [(p.external_id, p.name, p.category) for p in imported.catalogue.products] == [
        ("item:a1", "Crème brûlée", "name:sweet"), ("item:b1", "Soup", "name:hot")
    ]  # fmt: skip
    assert [row.reason for row in imported.rejected] == ["sku 'zz' is not in skus.csv"]
    with pytest.raises(MappingError, match=r"joins dishes\.csv, which was not given"):
        read_sales([orders, rows, skus], mapping, moscow)
    write("skus.csv", "sku,dish_id,price\na1,7,10\na1,8,5.5\n")
    with pytest.raises(MappingError, match=r"skus\.csv, row 3: sku 'a1' occurs a second time"):
        read_sales([orders, rows, skus, dishes], mapping, moscow)


def test_a_price_list_adds_prices_by_name(write, moscow):
    sold = write("a.csv", "n,day,dish,q,sum\n7,2025-08-31,Борщ,2,900\n")
    prices = write("prices.csv", "name,price,group\nБОРЩ,450,Супы\nЩи,300,Супы\n")
    mapping = Mapping(
        columns=LINES, price_list=PriceList(file="prices.csv", name="name", price="price", category="group")
    )
    (borscht,) = read_sales([sold, prices], mapping, moscow).catalogue.products
    assert (borscht.price, borscht.category) == (450, "name:супы")


def test_numbers_that_restart_daily(write, moscow):
    path = write("a.csv", "n,day,dish,q,sum\n1,2025-01-01,x,1,5\n1,2025-01-02,x,1,6\n")
    with pytest.raises(MappingError, match='receipt_numbers = "restart daily"'):
        read(path, moscow)
    receipts = read(path, moscow, receipt_numbers="restart daily").sales.receipts
    assert [(r.external_id, r.number) for r in receipts] == [("2025-01-01/1", "1"), ("2025-01-02/1", "1")]


def test_a_check_that_crosses_the_day_start_stays_one(write, moscow):
    path = write(
        "a.csv", "n,day,dish,q,sum\n1,2025-01-02 05:50,x,1,5\n1,2025-01-02 06:10,x,1,6\n2,2025-01-03 12:00,x,1,6\n"
    )
    receipts = read(path, moscow).sales.receipts
    assert [(r.external_id, r.business_date.day, r.revenue) for r in receipts] == [("1", 1, 11), ("2", 3, 6)]


def test_several_files_of_one_export(write, moscow):
    june = write("june.csv", "n,day,dish,q,sum\n1,2025-06-01,x,1,5\n")
    july = write("july.csv", "n,day,dish,q,sum\n2,2025-07-01,x,1,bad\n3,2025-07-01,x,1,5\n")
    mapping = Mapping(columns=LINES, max_rejected_share=0.5)
    imported = read_sales([june, july], mapping, moscow)
    assert [r.external_id for r in imported.sales.receipts] == ["1", "3"]
    assert [(row.file, row.row) for row in imported.rejected] == [("july.csv", 2)]
    with pytest.raises(ImportFileError, match=r"Receipt 1 is in june\.csv, row 2, and in again\.csv, row 2"):
        read_sales([june, write("again.csv", june.read_bytes())], mapping, moscow)
    with pytest.raises(MappingError, match=r"other\.csv has other columns than june\.csv"):
        read_sales([june, write("other.csv", "n,day\n1,2\n")], mapping, moscow)


def test_faulty_rows_are_rejected_with_a_reason(write, moscow):
    good = "".join(f"{n},2025-01-01,x,1,5\n" for n in range(10, 30))
    path = write(
        "a.csv",
        f"n,day,dish,q,sum\n{good}1,2025-01-99,x,1,5\n2,2025-01-01,x,many,5\n,2025-01-01,x,1,5\n3,2025-01-01,x\n",
    )
    rejected = read(path, moscow).rejected
    assert [(row.row, row.reason) for row in rejected] == [
        (22, "day: day is out of range for month"),
        (23, "q: 'many' is not a number"),
        (24, "no receipt number"),
        (25, "3 cells where the header has 5"),
    ]
    assert rejected[0].text == "1 | 2025-01-99 | x | 1 | 5"
    with pytest.raises(
        ImportFileError, match=r"4 of 24 rows cannot be imported, more than the allowed 10%: .*\(1 rows\)"
    ):
        read(path, moscow, max_rejected_share=0.1)


def test_a_receipt_number_twice_in_a_file_of_receipts(write, moscow):
    path = write("a.csv", "n,day,sum\n1,2025-01-01,5\n1,2025-01-01,5\n2,2025-01-01,6\n")
    imported = read(
        path, moscow, Columns(receipt="n", date="day", total="sum"), shape="receipts", max_rejected_share=0.5
    )
    assert [row.reason for row in imported.rejected] == ["receipt 1 was already in row 2"]


def test_a_file_without_dates_needs_one(write, moscow):
    path = write("a.csv", "n,dish,q,sum,at\n1,x,1,5,23:30\n2,x,1,5,02:00\n")
    mapping = Mapping(columns=Columns(receipt="n", item="dish", quantity="q", line_total="sum", time="at"))
    with pytest.raises(ImportFileError, match=r"a\.csv has no dates.*--date YYYY-MM-DD"):
        read_sales([path], mapping, moscow)
    receipts = read_sales([path], mapping, moscow, date(2025, 1, 1)).sales.receipts
    assert [r.business_date.day for r in receipts] == [1, 1]
    assert receipts[1].opened_at == datetime(2025, 1, 1, 23, tzinfo=UTC)


def test_a_mapping_for_another_file_lists_its_columns(write, moscow):
    path = write("a.csv", "check,day\n1,2025-01-01\n2,2025-01-01\n")
    with pytest.raises(MappingError, match=r"takes receipt from column 'n', but a\.csv has no.*check, day"):
        read(path, moscow)


def test_an_unknown_time_zone_is_a_sentence(write):
    path = write("a.csv", "n,day,dish,q,sum\n1,2025-01-01,x,1,5\n")
    with pytest.raises(ImportFileError, match="unknown time zone 'Mars/Base'"):
        read(path, Venue(1, 1, "Base", "Mars/Base"))


def test_a_russian_export_in_excel_and_in_a_code_page(write, tmp_path, moscow):
    header = ["Номер чека", "Дата", "Время", "Блюдо", "Кол-во", "Цена", "Сумма", "Скидка", "Гости", "Официант", "Стол"]
    rows = [
        ["101", "31.08.2025", "12:30", "Борщ", "2,000", "450,00", "1 000,00", "-100,00", "2", "Иванова", "5"],
        ["101", "31.08.2025", "12:30", "Хлеб", "0,500", "60,00", "30,00", "0,00", "2", "Иванова", "5"],
        ["102", "01.09.2025", "13:00", "Борщ", "1,000", "450,00", "450,00", "0,00", "1", "Петров", "6"],
    ]
    rows[0][6] = "800,00"
    text = "\n".join(";".join(row) for row in [header, *rows]) + "\n"
    workbook = Workbook()
    for row in [header, *rows]:
        workbook.active.append(row)
    workbook.save(tmp_path / "till.xlsx")
    for path in (
        write("a.csv", text, "cp1251"),
        write("b.csv.gz", gzip.compress(text.encode())),
        tmp_path / "till.xlsx",
    ):
        imported = read_sales([path], suggest([path]), moscow)
        first, second = imported.sales.receipts
        assert (first.revenue, first.discount, first.gross) == (Decimal("830.00"), 100, 930)
        assert (first.guests, first.waiter, first.table_name) == (2, "name:иванова", "5")
        assert first.opened_at == datetime(2025, 8, 31, 9, 30, tzinfo=UTC)
        assert (second.business_date, second.revenue) == (date(2025, 9, 1), 450)
        assert sum(item.quantity for item in imported.sales.items) == Decimal("3.5")
