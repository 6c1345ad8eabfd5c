import gzip
from datetime import datetime

import pytest
from openpyxl import Workbook

from mozg.errors import ImportFileError, MappingError
from mozg.pos.files import FileOptions, read_table

RUSSIAN = "Чек;Дата;Блюдо;Сумма\n1;31.08.2025;Борщ с пампушками;450,00\n2;31.08.2025;Пельмени сибирские;390,50\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_the_encoding_is_found(write, encoding):
    table = read_table(write("till.csv", RUSSIAN, encoding))
    assert table.header == ("Чек", "Дата", "Блюдо", "Сумма")
    assert table.columns["Блюдо"] == ["Борщ с пампушками", "Пельмени сибирские"]


def test_western_letters_are_found(write):
    table = read_table(write("till.csv", "check,dish,sum\n1,Crème brûlée,5\n2,Jalapeño Café,6\n", "cp1252"))
    assert table.columns["dish"] == ["Crème brûlée", "Jalapeño Café"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(write, separator):
    text = '"a b","c","d"\n"1","x, y; z","2"\n"3","q","4"\n'.replace('","', f'"{separator}"')
    table = read_table(write("till.csv", text))
    assert table.header == ("a b", "c", "d")
    assert table.columns["c"] == ["x, y; z", "q"]


def test_rows_have_the_numbers_of_the_file(write):
    table = read_table(write("till.csv", 'n,dish\r\n1,"two\r\nlines"\r\n\r\n2,soup\r\n'))
    assert table.rows == [2, 5]
    assert table.columns["dish"] == ["two\r\nlines", "soup"]


def test_gzip_is_unpacked(write):
    assert read_table(write("till.csv.gz", gzip.compress(RUSSIAN.encode()))).columns["Чек"] == ["1", "2"]


def test_titles_above_the_header_are_passed(write):
    text = "Отчёт о продажах,,,\nза август,,,\nЧек,Дата,Блюдо,Сумма\n1,31.08.2025,Борщ,450\n2,31.08.2025,Щи,300\n"
    table = read_table(write("till.csv", text))
    assert table.header[0] == "Чек"
    assert table.rows == [4, 5]


def test_excel_is_read_as_text(tmp_path):
    workbook = Workbook()
    sheet = workbook.active
    for row in (["Чек", "Дата", "Кол-во", "Сумма"], [1, datetime(2025, 8, 31, 0, 58), 2, 450.5], [2, None, "1", "7"]):
        sheet.append(row)
    workbook.save(tmp_path / "till.xlsx")
    table = read_table(tmp_path / "till.xlsx")
    assert [table.columns[name][0] for name in table.header] == ["1", "2025-08-31 00:58:00", "2", "450.5"]
    assert table.rows == [2, 3]
    comma = read_table(tmp_path / "till.xlsx", FileOptions(decimal=","))
    assert comma.columns["Сумма"][0] == "450,5"
    with pytest.raises(ImportFileError, match=r"no sheet 'May'\. Its sheets are: Sheet"):
        read_table(tmp_path / "till.xlsx", FileOptions(sheet="May"))


def test_repeated_column_names_get_numbers(write):
    assert read_table(write("menu.csv", "a,b,b,\n1,2,3,4\n")).header == ("a", "b", "b (2)", "column 4")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\n \n", "blank.csv is empty"),
        ("header.csv", b"check,dish,sum\n", "header and nothing below"),
        ("cut.csv", b"check,dish,sum\n1,soup,5\n2,so", r"row 3: the last row has 2 cells instead of 3.*cut short"),
        ("quote.csv", b'check,dish,sum\n1,soup,5\n2,"so', "cut short or a quote never closes"),
        ("cut.csv.gz", gzip.compress(RUSSIAN.encode() * 50)[:-20], "not a whole gzip file"),
        ("cut.xlsx", b"PK\x03\x04 and no more", "not a whole Excel workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old .xls format"),
        ("nul.csv", b"check,dish\n1,so\x00up\n", "row 2: byte 0x00 at offset 15"),
        (
            "bad.csv",
            "чек,блюдо\n1,щи\n2,".encode() + b"\xff\n",
            "row 3: byte 0xff at offset 27 cannot be read as utf-8",
        ),
        ("noise.csv", b"check,dish,sum\n1,soup,5\n2,so\xff\xfe\x81up,6\n", "row 3: byte 0xff at offset 28"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(write, name, content, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        read_table(write(name, content))


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ImportFileError, match=r"nowhere\.csv cannot be read: No such file"):
        read_table(tmp_path / "nowhere.csv")


def test_an_unknown_column_lists_the_known(write):
    with pytest.raises(MappingError, match=r"no column 'sum'\. Its columns are: check, dish"):
        read_table(write("till.csv", "check,dish\n1,soup\n")).column("sum")


def test_uneven_rows_are_marked(write):
    assert read_table(write("till.csv", "a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,\n")).uneven == {0: 2, 2: 4}
