"""DuckDB with the lake attached: one connection per process and lake, cursors for everything else.

The catalogue is a schema of the organisation's in Postgres; the Parquet files are encrypted with keys that are
kept in that schema, so what Postgres lets a role read decides what it can decrypt.
"""

import functools
import os
from collections.abc import Iterable

import duckdb
from duckdb_extensions import import_extension

from mozg.errors import LakeError

EXTENSIONS = ("httpfs", "icu", "postgres_scanner", "ducklake")
_LOAD = "".join(f"LOAD {name};" for name in EXTENSIONS)


@functools.cache
def _checked() -> None:
    """Put the extensions from their wheels where DuckDB looks, and check their signatures; nothing is downloaded.

    To check them takes half a second, which every later connection of the process saves.
    """
    for name in EXTENSIONS:
        import_extension(name)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute(_LOAD)


def quoted(value: str) -> str:
    """Return ``value`` as an SQL string literal, for statements that take no parameters."""
    return "'" + value.replace("'", "''") + "'"


def open_duckdb(statements: Iterable[str] = ()) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection in UTC with the extensions loaded and downloads off, after ``statements``.

    Raises:
        LakeError: an attach failed: Postgres is away, the role may not read the catalogue, or there is no lake yet.
    """
    _checked()
    threads = os.cpu_count() or 1
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "allow_unsigned_extensions": True, "threads": threads}
    )
    connection.execute(f"{_LOAD} SET allow_unsigned_extensions = false; SET TimeZone = 'UTC'")
    try:
        for statement in statements:
            connection.execute(statement)
    except duckdb.Error as error:
        connection.close()
        raise LakeError(f"The lake cannot be opened: {_without_secrets(str(error))}") from None
    return connection


def attach_lake(
    dsn: str, schema: str, *, alias: str = "lake", data_path: str | None = None, snapshot: int | None = None
) -> str:
    """Return the statement that attaches a lake under the name ``alias``: for writing where ``data_path`` is given."""
    options = [f"METADATA_SCHEMA {quoted(schema)}"]
    if data_path is not None:
        options += [f"DATA_PATH {quoted(data_path)}", "ENCRYPTED"]
    else:
        options.append("READ_ONLY")
    if snapshot is not None:
        options.append(f"SNAPSHOT_VERSION {int(snapshot)}")
    return f"ATTACH {quoted('ducklake:postgres:' + dsn)} AS {alias} ({', '.join(options)})"


def attach_record(dsn: str, *, schema: str | None = None) -> str:
    """Return the statement that attaches Postgres itself, read-only, under the name ``record``.

    With ``schema``, only that one: otherwise every organisation's catalogue is described first.
    """
    only = f", SCHEMA {quoted(schema)}" if schema else ""
    return f"ATTACH {quoted(dsn)} AS record (TYPE postgres, READ_ONLY{only})"


def _without_secrets(message: str) -> str:
    return " ".join(word for word in message.split() if not word.startswith("password="))
