"""The long format: one row per series and day, as a file and as a frame."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from mozg.errors import ForecastError, ImportFileError

SERIES = ["unique_id", "ds", "y"]
POINTS = ["unique_id", "ds", "yhat", "lo80", "hi80", "model"]


def read_series(path: Path | str) -> pd.DataFrame:
    """Read a UTF-8, comma-separated file with the columns ``unique_id, ds, y``; other columns are dropped.

    `ds` is a date (2026-01-31), `y` a number. A row without `y` says nothing about its day and is left out.
    Returns `unique_id` as text, `ds` as midnight without zone, `y` as float, sorted. Raises ImportFileError
    that names the file, the row and what to mend.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
        return check(table.replace("", None))
    except FileNotFoundError as error:
        raise ImportFileError(f"There is no file {path}.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path} is not a comma-separated file in UTF-8: {error}.") from error
    except ForecastError as error:
        raise ImportFileError(f"{path}: {error}") from error


def write_forecast(points: pd.DataFrame, path: Path | str) -> None:
    """Write the points of a forecast as ``unique_id,ds,yhat,lo80,hi80,model``, amounts with two decimals."""
    table = points[POINTS].assign(ds=points["ds"].dt.strftime("%Y-%m-%d"))
    table.to_csv(path, index=False, float_format="%.2f", lineterminator="\n")


def check(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring a frame with ``unique_id, ds, y`` (y may be Decimal or text) into the shape of `read_series`.

    Raises ForecastError at the first thing that is wrong; rows are numbered as in a file with a header, from 2.
    """
    missing = [column for column in SERIES if column not in frame]
    if missing:
        found = ", ".join(map(str, frame.columns))
        raise ForecastError(f"The column {missing[0]} is missing. Needed are unique_id, ds and y; found: {found}.")
    rows = frame[SERIES].reset_index(drop=True).dropna(subset="y")
    checked = pd.DataFrame({"unique_id": _names(rows), "ds": _days(rows), "y": _numbers(rows)})
    twice = checked.duplicated(["unique_id", "ds"], keep=False)
    if twice.any():
        row = checked[twice].iloc[0]
        raise ForecastError(f"{row['unique_id']} has more than one row for {row['ds']:%Y-%m-%d}. Add them up first.")
    if checked.empty:
        raise ForecastError("There are no rows with a value of y.")
    return checked.sort_values(["unique_id", "ds"], ignore_index=True)


def each(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Give every series of a checked frame by name: floats indexed by day, ascending, absent days absent."""
    for name, rows in frame.groupby("unique_id"):
        yield str(name), rows.set_index("ds")["y"]


def _names(rows: pd.DataFrame) -> pd.Series:
    _refuse(rows["unique_id"], rows["unique_id"].isna(), "unique_id", "the name of a series")
    return rows["unique_id"].astype(str)


def _days(rows: pd.DataFrame) -> pd.Series:
    days = pd.to_datetime(rows["ds"], errors="coerce", format="ISO8601", utc=False)
    wrong = days.isna() | (days != days.dt.normalize())
    _refuse(rows["ds"], wrong, "ds", "a day written as 2026-01-31")
    return days.astype("datetime64[us]")


def _numbers(rows: pd.DataFrame) -> pd.Series:
    numbers = pd.to_numeric(rows["y"], errors="coerce").astype(float)
    _refuse(rows["y"], ~numbers.abs().lt(float("inf")), "y", "a number with a decimal point")
    return numbers


def _refuse(column: pd.Series, wrong: pd.Series, name: str, expected: str) -> None:
    if wrong.any():
        row, value = next((row, column[row]) for row in column.index[wrong])
        raise ForecastError(f"Row {row + 2}: {name} is {value!r}, but {expected} is needed.")
