import pytest

from mozg.errors import ImportFileError, MappingError
from mozg.pos.files import Mapping, read_sales, suggest
from mozg.pos.files.mapping import Join, PriceList
from mozg.pos.files.vocabulary import fit, words


def rows(*lines):
    return "\n".join(lines) + "\n"


def roles(path, *more):
    return suggest([path, *more]).columns.used()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("OrderID", ("order", "id")),
        ("order_item_total", ("order", "item", "total")),
        ("Grand Total (₹)", ("grand", "total")),
        ("№ чека", ("номер", "чека")),
        ("Сумма, руб.", ("сумма",)),
    ],
)
def test_words_of_a_header(header, expected):
    assert words(header) == expected


def test_a_whole_phrase_fits_better_than_a_part():
    assert fit("Grand Total", "amount") == 1 > fit("My Amount", "amount") > fit("Colour", "amount") == 0


def test_a_price_that_grows_with_the_quantity_is_the_line_total(write):
    path = write(
        "a.csv",
        rows("check,date,dish,qty,price", "1,2025-01-01,Tea,1,2", "2,2025-01-13,Tea,2,4", "3,2025-01-14,Tea,3,6"),
    )
    assert roles(path)["line_total"] == "price"
    assert "already the total of the line" in suggest([path]).dumps()


def test_a_price_that_stays_is_a_unit_price(write):
    path = write(
        "a.csv",
        rows("check,date,dish,qty,price", "1,2025-01-01,Tea,1,2", "2,2025-01-13,Tea,2,2", "3,2025-01-14,Tea,3,2"),
    )
    assert roles(path)["unit_price"] == "price"


def test_a_price_that_does_both_is_a_question(write):
    path = write(
        "a.csv",
        rows("check,date,dish,qty,price", "1,2025-01-01,Tea,1,2", "2,2025-01-13,Tea,2,2", "3,2025-01-14,Tea,3,6"),
    )
    with pytest.raises(MappingError, match="may be a unit price or the total of the line"):
        suggest([path])


def test_a_total_is_checked_against_quantity_and_price(write, moscow):
    head = "check,date,dish,qty,price,total"
    line = write("line.csv", rows(head, "1,2025-01-01,Tea,2,3,6", "1,2025-01-01,Pie,1,5,5", "2,2025-01-13,Pie,2,5,10"))
    bill = write(
        "bill.csv", rows(head, "1,2025-01-01,Tea,2,3,11", "1,2025-01-01,Pie,1,5,11", "2,2025-01-13,Pie,2,5,10")
    )
    assert roles(line)["line_total"] == "total"
    assert (roles(bill)["total"], roles(bill)["unit_price"]) == ("total", "price")
    for path in (line, bill):
        assert [r.revenue for r in read_sales([path], suggest([path]), moscow).sales.receipts] == [11, 10]


def test_a_total_without_prices_is_told_by_its_repetition(write):
    head = "check,date,dish,total"
    body = ["1,2025-01-01,Tea,11", "1,2025-01-01,Pie,11", "2,2025-01-13,Pie,12", "2,2025-01-13,Tea,12"]
    assert roles(write("bill.csv", rows(head, *body)))["total"] == "total"
    differing = ["1,2025-01-01,Tea,11", "1,2025-01-01,Pie,10", "2,2025-01-13,Pie,12", "2,2025-01-13,Tea,9"]
    assert roles(write("line.csv", rows(head, *differing)))["line_total"] == "total"


def test_a_discount_decides_what_a_total_is(write, moscow):
    head = "check,date,dish,qty,price,amount,discount"
    before = write(
        "before.csv", rows(head, "1,2025-01-01,Tea,2,3,6,1", "1,2025-01-01,Pie,1,5,5,0", "2,2025-01-13,Pie,2,5,10,2")
    )
    after = write(
        "after.csv", rows(head, "1,2025-01-01,Tea,2,3,5,1", "1,2025-01-01,Pie,1,5,5,0", "2,2025-01-13,Pie,2,5,8,2")
    )
    for path in (before, after):
        receipts = read_sales([path], suggest([path]), moscow).sales.receipts
        assert [(r.gross, r.discount, r.revenue) for r in receipts] == [(11, 1, 10), (10, 2, 8)]


def test_dates_without_a_name_are_found_by_their_values(write):
    path = write("a.csv", rows("check,when it was,at,dish", "1,13/01/2025,10:05,Tea", "2,14/01/2025,10:06,Tea"))
    found = suggest([path])
    assert (found.columns.date, found.columns.time, found.dates.order) == ("when it was", "at", "dmy")


def test_undecided_days_are_left_to_the_reader_of_the_mapping(write, moscow):
    path = write("a.csv", rows("check,date,dish", "1,03/04/2025,Tea", "2,05/04/2025,Tea"))
    found = suggest([path])
    assert found.dates.order is None
    assert "Undecided" in found.dumps()
    with pytest.raises(MappingError, match="order = "):
        read_sales([path], found, moscow)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2025-01-01", "2025-01-02", "2025-01-02"], "restart daily"),
        (["2025-01-01", "2025-01-01", "2025-01-03"], "unique"),
        (["2025-01-01", "2025-01-01", "2025-01-01"], "restart daily"),
        (["2025-01-01 23:50", "2025-01-02 00:10", "2025-01-05 10:00"], "unique"),
    ],
)
def test_receipt_numbers_that_start_again_are_noticed(write, days, expected):
    path = write("a.csv", rows("check,date,dish", f"1,{days[0]},Tea", f"1,{days[1]},Tea", f"2,{days[2]},Pie"))
    assert suggest([path]).receipt_numbers == expected


def test_one_row_per_receipt_with_words_for_void(write):
    path = write(
        "a.csv", rows("Чек,Дата,Состав,Итого,Статус", '1,31.01.2025,"Борщ, Щи",5,Оплачен', "2,31.01.2025,Щи,5,Отменён")
    )
    found = suggest([path])
    assert (found.shape, found.columns.items, found.columns.total) == ("receipts", "Состав", "Итого")
    assert found.status.void == ["Отменён"]


def test_dish_columns_are_mostly_blank_counts(write):
    head = "check,date,total,district,tea,cake,pie,jam,ham,discount"
    often = [f"{n},2025-01-{n:02},9,North,1,,,{n % 2 or ''},,1" for n in range(1, 21)]
    rare = ["21,2025-01-21,9,North,,1,,,,1", "22,2025-01-22,9,North,3,,,,1,0"]
    found = suggest([write("a.csv", rows(head, *often, *rare))])
    assert found.dishes == ["tea", "cake", "pie", "jam", "ham"]


def test_a_menu_is_joined_by_its_key_and_a_price_list_by_name(write, moscow):
    sold = write("sold.csv", rows("order_id,date,item_id", "1,2025-01-01,7", "1,2025-01-01,8", "2,2025-01-13,NULL"))
    menu = write("menu.csv", rows("menu_item_id,item_name,price", "7,Tea,2", "8,Pie,5", "9,Jam,1"))
    found = suggest([menu, sold])
    assert found.join == [Join(file="menu.csv", on="item_id", key="menu_item_id")]
    assert (found.columns.item_id, found.columns.item, found.columns.unit_price) == ("item_id", "item_name", "price")
    assert [r.revenue for r in read_sales([menu, sold], found, moscow).sales.receipts] == [7, None]
    named = write(
        "named.csv", rows("check,date,dish,sum", "1,2025-01-01,Tea,2", "1,2025-01-01,Pie,5", "2,2025-01-13,Tea,2")
    )
    assert suggest([named, menu]).price_list == PriceList(file="menu.csv", name="item_name", price="price")


def test_a_file_that_does_not_belong_is_named(write):
    sold = write("sold.csv", rows("check,date,dish,sum", "1,2025-01-01,Tea,2", "2,2025-01-13,Pie,5"))
    other = write("weather.csv", rows("station,wind,rain", "a,1,2", "b,3,4"))
    with pytest.raises(MappingError, match=r"weather\.csv has no key in common with sold\.csv"):
        suggest([sold, other])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,price\nTea,2\nPie,5\n", "cannot hold receipts: it has 2 columns"),
        ("station,wind,rain\na,1,2\nb,3,4\n", "no column looks like a receipt number"),
        ("check,date,colour\n1,2025-01-01,red\n2,2025-01-02,blue\n", "no column looks like a dish or an amount"),
    ],
)
def test_what_cannot_be_receipts_is_refused(write, text, sentence):
    with pytest.raises(MappingError, match=sentence):
        suggest([write("a.csv", text)])


def test_a_damaged_file_is_refused(write):
    with pytest.raises(ImportFileError, match=r"a\.csv is empty"):
        suggest([write("a.csv", b"")])


def test_the_written_mapping_reads_the_file(write, moscow):
    path = write("a.csv", rows("check;date;dish;qty;sum", "1;31.01.2025;Tea;2;5,50", "2;31.01.2025;Pie;1;1 000,00"))
    found = suggest([path])
    loaded = Mapping.load(write("till.toml", found.dumps()))
    assert read_sales([path], loaded, moscow) == read_sales([path], found, moscow)
    assert sum(r.revenue for r in read_sales([path], loaded, moscow).sales.receipts) * 2 == 2011
