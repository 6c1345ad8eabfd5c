"""A mapping written down as TOML that explains itself."""

from typing import Any

import tomlkit
from tomlkit.items import Table

from .mapping import Mapping


def written(mapping: Mapping) -> str:
    """Return ``mapping`` as TOML: what differs from the defaults, and each note as a comment above its key."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Which column of the export means what. Edit freely; unknown keys are errors."))
    for line in mapping.notes.get("", "").splitlines():
        document.add(tomlkit.comment(line))
    values = mapping.model_dump(exclude={"notes"}, exclude_defaults=True, exclude_none=True)
    values |= {"shape": mapping.shape, "receipt_numbers": mapping.receipt_numbers}
    for key in (name for name in Mapping.model_fields if name in values):
        _add(document, key, values[key], mapping.notes)
    return tomlkit.dumps(document)


def _add(document: tomlkit.TOMLDocument, key: str, value: Any, notes: dict[str, str]) -> None:
    if isinstance(value, dict):
        document.add(tomlkit.nl())
        document.add(key, _table(value, key, notes))
    elif key == "join":
        document.add(key, _tables(value, notes))
    else:
        _explain(document, notes.get(key))
        document.add(key, value if key != "dishes" else tomlkit.array(value).multiline(True))


def _tables(values: list[dict[str, Any]], notes: dict[str, str]) -> tomlkit.items.AoT:
    tables = tomlkit.aot()
    for value in values:
        table = tomlkit.table()
        _explain(table, notes.get(f"join.{value['file']}"))
        table.update(value)
        tables.append(table)
    return tables


def _table(values: dict[str, Any], prefix: str, notes: dict[str, str]) -> Table:
    table = tomlkit.table()
    _explain(table, notes.get(prefix))
    for key, value in values.items():
        _explain(table, notes.get(f"{prefix}.{key}"))
        table.add(key, value)
    return table


def _explain(container: Any, note: str | None) -> None:
    for line in (note or "").splitlines():
        container.add(tomlkit.comment(line))
