"""How several files belong together: which one holds the receipts, and which complete it by a key."""

from collections.abc import Sequence
from typing import NamedTuple

from mozg.errors import MappingError

from .mapping import MISSING, Join
from .table import Table
from .vocabulary import fit, words

LEAST_FOUND = 0.95
_ABSENT = frozenset(MISSING)


class Linked(NamedTuple):
    """``main`` tables share their columns; ``joins`` complete them, in an order in which each key is there.

    ``loose`` tables have no key in common with the others.
    """

    main: list[Table]
    joins: list[tuple[Join, Table]]
    loose: list[Table]


def link(tables: Sequence[Table]) -> Linked:
    """Find the main tables and the joins by the names and the values of their columns.

    A column refers to a file when that file has a column of the same name (or one that ends so, as ``menu_item_id``
    ends in ``item_id``), without repeated values, that holds nearly all of its values.
    """
    groups: dict[tuple[str, ...], list[Table]] = {}
    for table in tables:
        groups.setdefault(table.header, []).append(table)
    firsts = [group[0] for group in groups.values()]
    main = max(firsts, key=lambda table: (len(_reach(table, firsts)), len(table)))
    joins = _reach(main, firsts)
    joined = [main, *(table for _, table in joins)]
    return Linked(
        groups[main.header], joins, [table for table in firsts if all(table is not other for other in joined)]
    )


def _reach(main: Table, tables: Sequence[Table]) -> list[tuple[Join, Table]]:
    joins: list[tuple[Join, Table]] = []
    reached = [main]
    while True:
        rest = [table for table in tables if _is_none_of(table, reached)]
        found = next(((join, table) for source in reached for table in rest if (join := _join(source, table))), None)
        if found is None:
            return joins
        joins.append(found)
        reached.append(found[1])


def _is_none_of(table: Table, others: Sequence[Table]) -> bool:
    return all(table is not other for other in others)


def _join(source: Table, target: Table) -> Join | None:
    for key in target.header:
        values = target.columns[key]
        if fit(key, "item") == 1.0 or len(set(values)) != len(values):
            continue
        for on in source.header:
            if _same_name(on, key) and _found_share(source.columns[on], set(values)) >= LEAST_FOUND:
                return Join(file=target.path.name, on=on, key=key)
    return None


def _same_name(on: str, key: str) -> bool:
    short, long = words(on), words(key)
    return bool(short) and (short == long or (len(short) > 1 and long[-len(short) :] == short))


def _found_share(values: Sequence[str], keys: set[str]) -> float:
    known = {value for value in values if value not in _ABSENT}
    return len(known & keys) / len(known) if known else 0.0


def refuse_loose(main: Table, loose: Table) -> MappingError:
    """Return the error for a file that has nothing to do with the receipts."""
    return MappingError(
        f"{loose.path.name} has no key in common with {main.path.name}: no column of the same name holds its values. "
        "Leave the file out, or write a [[join]] into the mapping by hand."
    )
