"""Tables as people read them: numbers that are alike have as many decimals, and no column says nothing."""

from decimal import Decimal

import pandas as pd
import pytest

from mozg.lake.reader import Owner
from mozg.metrics import METRICS
from mozg.pages.blocks import TABLE_MIME
from mozg.pages.dishes import FOOD_COST
from mozg.pages.tables import Column, table
from mozg.pages.writing import HouseWriter

ENGLISH = HouseWriter(Owner("bistro", "Bistro", "EUR", "en", "UTC", None))


def cells(values, kind, **given):
    """The texts of a column of numbers."""
    frame = pd.DataFrame({"name": [str(n) for n in range(len(values))], "x": pd.Series(values, dtype=object)})
    block = table("t", "T", frame, [Column("name", "Name", "text"), Column("x", "X", kind, **given)], ENGLISH)
    html = block.bundle["text/html"]
    return [cell.partition("</td>")[0] for cell in html.split('<td class="number">')[1:]]


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("number", [75.15, 45.32, 6.38, None], ["75.2", "45.3", "6.4", "—"]),
        ("number", [3.8, 2.364, 0], ["3.80", "2.36", "0.00"]),
        ("number", [12, Decimal("3.000")], ["12", "3"]),
        ("number", [1234.5, 1.5], ["1,234", "2"]),
        ("number", [1234.5, 0.25], ["1,234", "0.25"]),
        ("money", [1204.5, -24.35, 0], ["€1,204", "−€24", "€0"]),
        ("money", [24.3, 7], ["€24.30", "€7.00"]),
        ("money", [24, 7], ["€24", "€7"]),
        ("integer", [3, 1204], ["3", "1,204"]),
    ],
)
def test_numbers_of_a_column_have_as_many_decimals(kind, values, told):
    assert cells(values, kind) == told


def test_a_column_of_several_metrics_writes_each_by_its_size():
    assert cells([5086574, 587.2, 24.35], "money", mixed=True) == ["€5,086,574", "€587", "€24.35"]


def test_a_column_of_words_without_any_is_for_the_workbook_alone():
    frame = pd.DataFrame({"name": ["a", "b"], "note": [None, ""], "other": [None, "x"]})
    columns = [Column(name, name.title(), "text") for name in frame]
    block = table("t", "T", frame, columns, ENGLISH)
    assert block.bundle["text/html"].count('<th scope="col"') == 2
    told = {column["name"]: column["shown"] for column in block.bundle[TABLE_MIME]["columns"]}
    assert told == {"name": True, "note": False, "other": True}


def test_a_definition_is_that_of_the_number_which_is_shown():
    assert FOOD_COST.metric is METRICS["net_food_cost"]
    assert Column("food_cost", "Food cost up to", "percent").metric is None
    assert Column("food_cost", "Food cost", "percent").metric is METRICS["food_cost"]
