"""Bare FastAPI routes that run statements by hand: no sign-in, no scope, no checks, no composing.

Each statement comes ready, with the database it is for; its rows are answered as FastAPI makes JSON of them.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import create_engine, text

from mozg.lake.connection import attach_lake, attach_record, open_duckdb

TOLD, PORT = "BENCH_STATEMENTS", "BENCH_PORT"
Rows = list[tuple[Any, ...]]
app = FastAPI()


def serve(port: int) -> None:
    """Serve one route for each statement that the environment names, by its name."""
    told = json.loads(os.environ[TOLD])
    lake = open_duckdb([attach_record(told["reader"]), attach_lake(told["reader"], told["schema"])])
    lake.execute("USE lake")
    record = create_engine(told["record"])

    def of_lake(sql: str) -> Callable[[], Rows]:
        return lambda: lake.cursor().execute("USE lake").execute(sql).fetchall()

    def of_record(sql: str) -> Callable[[], Rows]:
        def rows() -> Rows:
            with record.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql))]

        return rows

    for name, sql in told["lake"].items():
        app.get(f"/{name}")(of_lake(sql))
    for name, sql in told["postgres"].items():
        app.get(f"/{name}")(of_record(sql))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    serve(int(os.environ[PORT]))
