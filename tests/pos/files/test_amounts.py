from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mozg.pos.files.amounts import decimal_mark_of, money, parse_number, quantity


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("$2.39 ", ".", "2.39"),
        ("1,234.50", ".", "1234.50"),
        ("1,30,265.00", ".", "130265.00"),
        ("1 234,50 ₽", ",", "1234.50"),
        ("1\u00a0234,5 руб.", ",", "1234.5"),
        ("1.234.567,89", ",", "1234567.89"),
        ("(12.00)", ".", "-12.00"),
        ("−7", ".", "-7"),
        ("7-", ".", "-7"),
        ("-$5", ".", "-5"),
        ("$-5", ".", "-5"),
        ("3.5999999999999996", ".", "3.5999999999999996"),
        ("1e-05", ".", "0.00001"),
        (".5", ".", "0.5"),
        ("2 шт", ".", "2"),
    ],
)
def test_numbers_as_people_write_them(text, decimal, value):
    assert parse_number(text, decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("", "."), ("abc", "."), ("12,5", "."), ("12.5", ","), ("1.2.3", "."), ("(12", "."), ("12:30", "."), ("-", "."),
     ("0,350", "."), ("12 34", ".")],
)  # fmt: skip
def test_other_texts_are_refused_rather_than_guessed(text, decimal):
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text, decimal)


def test_money_rounds_halves_away_from_zero():
    assert [money(Decimal(text)) for text in ("3.5999999999999996", "0.125", "-0.005")] == [
        Decimal("3.60"), Decimal("0.13"), Decimal("-0.01")
    ]  # fmt: skip


def test_quantities_keep_grams():
    assert quantity(Decimal("0.30000000000000004")) == Decimal("0.300")
    assert quantity(Decimal("0.35")) == Decimal("0.35")


@pytest.mark.parametrize(
    ("values", "mark"),
    [(["1,000", "12,50"], ","), (["1,000", "12.50"], "."), (["1.000", "0,350"], ","), (["1,000"], "."), ([], ".")],
)
def test_the_column_tells_the_decimal_mark(values, mark):
    assert decimal_mark_of(values, ".") == mark


cents = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(cents, st.sampled_from([(".", ","), (",", "."), (",", " "), (",", "\u00a0"), (".", "'"), (".", "")]))
def test_a_printed_number_reads_back(value, marks):
    decimal, group = marks
    printed = f"{value:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    assert parse_number(printed, decimal) == value


@given(cents)
def test_accountants_parentheses_read_back(value):
    assert parse_number(f"({abs(value)})") == -abs(value)


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), st.sampled_from([".", ","]))
def test_a_float_of_a_machine_reads_back(value, decimal):
    assert float(parse_number(repr(value).replace(".", decimal), decimal)) == value
