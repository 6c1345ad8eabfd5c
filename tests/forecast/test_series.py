from decimal import Decimal

import pandas as pd
import pytest

from mozg.errors import ForecastError, ImportFileError
from mozg.forecast import read_series, write_forecast
from mozg.forecast.series import check


def _file(tmp_path, text):
    path = tmp_path / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_names_days_and_numbers_in_order(tmp_path):
    frame = read_series(_file(tmp_path, "\ufeffunique_id,ds,y,note\n02,2026-01-02,5.5,x\n02,2026-01-01,4,x\n"))
    assert list(frame["unique_id"]) == ["02", "02"]
    assert [f"{day:%F}" for day in frame["ds"]] == ["2026-01-01", "2026-01-02"]
    assert list(frame["y"]) == [4.0, 5.5]


def test_a_missing_value_is_an_absent_day_not_a_zero(tmp_path):
    frame = read_series(_file(tmp_path, "unique_id,ds,y\na,2026-01-01,4\na,2026-01-02,\n"))
    assert list(frame["y"]) == [4.0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not a comma-separated file"),
        ("unique_id;ds;y\na;2026-01-01;4\n", "column unique_id is missing"),
        ("unique_id,ds,y\na,2026-01-01,1\na,31.12.2026,4\n", "Row 3: ds is '31.12.2026'"),
        ("unique_id,ds,y\na,2026-01-01T12:30,4\n", "Row 2: ds"),
        ("unique_id,ds,y\na,2026-01-01,many\n", "Row 2: y is 'many'"),
        ("unique_id,ds,y\na,2026-01-01,inf\n", "Row 2: y is 'inf'"),
        ("unique_id,ds,y\n,2026-01-01,1\n", "Row 2: unique_id"),
        ("unique_id,ds,y\na,2026-01-01,1\na,2026-01-01,2\n", "more than one row for 2026-01-01"),
        ("unique_id,ds,y\na,2026-01-01,\n", "no rows with a value"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path, text, sentence):
    with pytest.raises(ImportFileError, match=r"series\.csv") as caught:
        read_series(_file(tmp_path, text))
    assert sentence in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ImportFileError, match="There is no file"):
        read_series(tmp_path / "none.csv")


def test_a_frame_may_hold_decimals_and_is_refused_with_a_forecast_error():
    frame = pd.DataFrame({"unique_id": ["a"], "ds": [pd.Timestamp("2026-01-01").date()], "y": [Decimal("10.50")]})
    assert list(check(frame)["y"]) == [10.5]
    with pytest.raises(ForecastError, match="column y is missing"):
        check(frame.drop(columns="y"))


def test_writes_the_long_format(tmp_path):
    points = pd.DataFrame(
        {
            "model": ["m"],
            "unique_id": ["a"],
            "ds": [pd.Timestamp("2026-01-01")],
            "yhat": [1.234],
            "lo80": 1,
            "hi80": 2.0,
        }
    )
    write_forecast(points, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "unique_id,ds,yhat,lo80,hi80,model\na,2026-01-01,1.23,1,2.00,m\n"
