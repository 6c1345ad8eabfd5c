"""The rows of an export with the columns of the files that complete them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from mozg.errors import MappingError

from .mapping import Join, Mapping
from .options import FileOptions
from .table import Table, read_table


@dataclass(frozen=True)
class Joined:
    """A completing file and, for each row of the export, its position there (``None``: the row has no key)."""

    table: Table
    positions: list[int | None]

    def column(self, name: str) -> list[str]:
        """Return the completing column for each row of the export; empty where the row has no key."""
        cells = self.table.columns[name]
        return ["" if position is None else cells[position] for position in self.positions]


@dataclass(frozen=True)
class Export:
    """All rows of the main files, in order, and the files joined to them.

    ``problems`` says by row position why a row cannot be used.
    """

    tables: list[Table]
    joined: list[Joined] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(table) for table in self.tables)

    @cached_property
    def origins(self) -> list[tuple[str, int]]:
        """File name and row number of each row."""
        return [(table.path.name, row) for table in self.tables for row in table.rows]

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Names of all columns; a joined column whose name is taken is called ``file:column``."""
        names = list(self.tables[0].header)
        for joined in self.joined:
            file = joined.table.path.name
            names += [name if name not in names else f"{file}:{name}" for name in joined.table.header]
        return tuple(names)

    def column(self, name: str, role: str = "") -> list[str]:
        """Return the cells of one column. Raises `MappingError` that lists what exists when there is none."""
        if name in self.tables[0].columns:
            return [cell for table in self.tables for cell in table.column(name)]
        owners = [joined for joined in self.joined if self._owns(joined.table, name)]
        if not owners:
            raise MappingError(self._unknown(name, role))
        return owners[0].column(name.removeprefix(f"{owners[0].table.path.name}:"))

    def row_text(self, position: int) -> str:
        """Return one row as a person would read it in the file."""
        for table in self.tables:
            if position < len(table):
                return table.row_text(position)
            position -= len(table)
        raise IndexError(position)

    def is_empty(self, position: int, but: set[str]) -> bool:
        """Whether a row has nothing in any column of its file but the columns ``but``."""
        for table in self.tables:
            if position < len(table):
                return not any(table.columns[name][position] for name in table.header if name not in but)
            position -= len(table)
        raise IndexError(position)

    @staticmethod
    def _owns(table: Table, name: str) -> bool:
        return name in table.columns or name.removeprefix(f"{table.path.name}:") in table.columns

    def _unknown(self, name: str, role: str) -> str:
        files = ", ".join(dict.fromkeys(table.path.name for table in self.tables))
        asked = (
            f"The mapping takes {role} from column {name!r}, but " if role else f"Column {name!r} is asked for, but "
        )
        return f"{asked}{files} has no such column. Its columns are: {', '.join(self.header)}."


def open_export(paths: Sequence[Path], mapping: Mapping) -> Export:
    """Read ``paths`` and join them as ``mapping`` says. Files that no join names are the export itself."""
    beside = [join.file for join in mapping.join] + ([mapping.price_list.file] if mapping.price_list else [])
    main = [path for path in paths if not any(fnmatch(path.name, pattern) for pattern in beside)]
    if not main:
        raise MappingError("Every file given is one that the mapping joins to another. Give the file of receipts too.")
    decimal = FileOptions(decimal=mapping.file.decimal)
    completing = [(join, read_table(find_file(paths, join.file), decimal)) for join in mapping.join]
    return join_tables([read_table(path, mapping.file) for path in main], completing, mapping.missing_values)


def join_tables(tables: list[Table], completing: Sequence[tuple[Join, Table]], missing: Sequence[str]) -> Export:
    """Put tables of one export below each other and join the ``completing`` ones, in this order."""
    _refuse_other_columns(tables)
    export = Export(tables)
    _mark_uneven(export)
    for join, table in completing:
        export = replace(export, joined=[*export.joined, _join(export, table, join, set(missing))])
    return export


def find_file(paths: Sequence[Path], pattern: str) -> Path:
    """Return the one file of ``paths`` that ``pattern`` names; raises `MappingError` when it was not given."""
    for path in paths:
        if fnmatch(path.name, pattern):
            return path
    raise MappingError(f"The mapping joins {pattern}, which was not given. Name it among the files to import.")


def _refuse_other_columns(tables: list[Table]) -> None:
    first = tables[0]
    for table in tables[1:]:
        if table.header != first.header:
            raise MappingError(
                f"{table.path.name} has other columns than {first.path.name}, and no join says how they belong "
                "together. Import them one by one, or add a [[join]] to the mapping."
            )


def _mark_uneven(export: Export) -> None:
    start = 0
    for table in export.tables:
        for position, cells in table.uneven.items():
            export.problems[start + position] = f"{cells} cells where the header has {len(table.header)}"
        start += len(table)


def _join(export: Export, table: Table, join: Join, missing: set[str]) -> Joined:
    keys = _key_positions(table, join.key, missing)
    positions: list[int | None] = []
    for i, value in enumerate(export.column(join.on, f"the key of {join.file}")):
        positions.append(None if value in missing else keys.get(value))
        if positions[-1] is None and value not in missing:
            export.problems.setdefault(i, f"{join.on} {value!r} is not in {table.path.name}")
    return Joined(table, positions)


def _key_positions(table: Table, key: str, missing: set[str]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for i, value in enumerate(table.column(key)):
        if value in positions:
            raise MappingError(
                f"{table.path.name}, row {table.rows[i]}: {key} {value!r} occurs a second time, so it cannot be a key."
            )
        if value not in missing:
            positions[value] = i
    return positions
