"""The report database of r_keeper over a simulated chain: the vendor's cumulative tables, filled from the truth.

The stored procedures are the ones that a restaurant is asked to install; what they select runs here on real rows.
"""

import re
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import mozg
from mozg.simulate.chain import METHODS, Chain
from mozg.simulate.present import Present
from mozg.simulate.rkeeper import idents
from mozg.simulate.rkeeper.tables import TABLES

#: What a restaurant's engineer has run in the report database.
SCRIPT = Path(mozg.__file__).parent / "pos" / "rkeeper" / "procedures.sql"
_PROCEDURE = re.compile(
    r"CREATE OR ALTER PROCEDURE dbo\.(?P<name>\w+)\s(?P<parameters>.*?)\sAS\sBEGIN\s"
    r"SET NOCOUNT ON;\s(?P<select>.*?);\sEND",
    re.DOTALL,
)


class Missing(Exception):  # noqa: N818  # as the server puts it: could not find the procedure
    """There is no such procedure."""


class ReportBase:
    """The report database of a chain. Safe to ask from several threads.

    A shift comes here once it is closed, ``lag`` days later; with ``open_shift_too`` also the one that is open.
    """

    def __init__(self, present: Present, script: str | None = None) -> None:
        self.present = present
        self.lag = 0
        self.open_shift_too = False
        self.procedures = procedures(SCRIPT.read_text("utf-8") if script is None else script)
        self._lock = threading.Lock()

    def run(self, name: str, given: dict[str, str]) -> list[str]:
        """Return the rows of a stored procedure, each as JSON.

        Raises:
            Missing: nobody installed a procedure of this name.
            ValueError: a parameter is missing or not of its type.
        """
        if name not in self.procedures:
            raise Missing(name)
        parameters, select = self.procedures[name]
        values = {parameter: _value(kind, given.get(parameter)) for parameter, kind in parameters.items()}
        if not self.open_shift_too:
            values["ENDDATE"] = min(
                values["ENDDATE"], pd.Timestamp(open_day(self.present)) - pd.Timedelta(days=1 + self.lag)
            )
        with self._lock:
            cursor = self.present.view(filled).cursor()
        return [row for (row,) in cursor.execute(f"SELECT to_json(t)::VARCHAR FROM ({select}) AS t", values).fetchall()]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run any statement, as people with a screwdriver do."""
        with self._lock:
            return self.present.view(filled).cursor().execute(statement).fetchall()


def open_day(present: Present) -> date:
    """Return the logical date of the common shift that is open: shifts change at six in the morning."""
    return (present.now - timedelta(hours=6)).date()


def procedures(script: str) -> dict[str, tuple[dict[str, str], str]]:
    """Return ``{name: ({parameter: type}, select)}`` of the procedures that a script creates."""
    found = {}
    for match in _PROCEDURE.finditer(script):
        parameters = dict(re.findall(r"@(\w+) (\w+)", match["parameters"]))
        found[match["name"]] = (parameters, re.sub(r"@(\w+)", r"$\1", match["select"]))
    return found


def _value(kind: str, text: str | None) -> Any:
    if text is None:
        raise ValueError("expects a parameter which was not supplied")
    return int(text) if kind == "int" else pd.Timestamp(text)


def filled(chain: Chain) -> duckdb.DuckDBPyConnection:
    """Return the cumulative tables of the vendor with the chain's truth, money as DECIMAL, quantities as DOUBLE."""
    base = duckdb.connect()
    kinds = [kind for _, kind in METHODS]
    frames = {
        "receipts": _numbered(chain.receipts),
        "items": chain.items.assign(line=chain.items.groupby("receipt").cumcount()),
        "venues": _numbered(chain.venues),
        "shifts": chain.cash_shifts,
        "employees": _numbered(chain.employees),
        "attendances": chain.attendances,
        "kinds": pd.DataFrame({"kind": kinds, "line_type": map(idents.PAY_LINE_TYPES.get, kinds)}).reset_index(
            names="payment"
        ),
    }
    base.execute("CREATE MACRO rub(k) AS (k::DECIMAL(16, 2) * 0.01::DECIMAL(3, 2))::DECIMAL(14, 2)")
    for name, frame in frames.items():
        base.register(name, frame)
    for name, select in TABLES.items():
        base.execute(f"CREATE TABLE {name} AS {select}")
    for name in frames:
        base.unregister(name)
    return base


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(position=range(len(frame)))
