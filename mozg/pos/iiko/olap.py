"""Asking iiko's reports: no more columns a call than the vendor allows, and only those that this version has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mozg.errors import TillAnswerError
from mozg.pos.iiko.doors import Door, Row

#: The vendor's limit on the columns that one call groups by, and on the figures that it asks for.
MOST_COLUMNS = 7


@dataclass(frozen=True)
class Question:
    """One report. ``key`` tells its rows apart, ``about`` has one value for each of them, ``figures`` are numbers.

    Columns in ``optional`` are missing from older versions or smaller licences: then they are None in every row.
    """

    key: list[str]
    figures: list[str]
    about: list[str] = field(default_factory=list)
    optional: frozenset[str] = frozenset()
    report: str = "SALES"


def ask(door: Door, question: Question, filters: dict[str, Row]) -> list[Row]:
    """Return the rows of a report, put together where one call cannot ask for all columns.

    Raises:
        TillAnswerError: this version of iiko lacks a column without which nothing can be told.
    """
    known = door.columns(question.report)
    _check(door, question, known)
    key = [name for name in question.key if name in known]
    first, *others = _parts(key, _having(question.about, known), _having(question.figures, known))
    rows = _distinct(door.report(question.report, *first, filters), first[0])
    for groups, figures in others:
        rows = _joined(key, rows, door.report(question.report, groups, figures, filters))
    missing = dict.fromkeys(question.optional - known)
    return [{**missing, **row} for row in rows] if missing else rows


def _having(names: Sequence[str], known: frozenset[str]) -> list[str]:
    return [name for name in names if name in known]


def _check(door: Door, question: Question, known: frozenset[str]) -> None:
    wanted = [*question.key, *question.about, *question.figures]
    missing = [name for name in wanted if name not in known and name not in question.optional]
    if missing:
        raise TillAnswerError(
            f"{door.name} has no column {', '.join(missing)} in its report {question.report}, without which it cannot "
            "be read: it speaks another version. Update iiko to 6.0 or newer, or import files that it exports."
        )


def _parts(key: list[str], about: list[str], figures: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the columns and figures of each call: all with the key, and with one figure at least."""
    room = MOST_COLUMNS - len(key)
    columns = [about[at : at + room] for at in range(0, len(about), room)] if room else []
    numbers = [figures[at : at + MOST_COLUMNS] for at in range(0, len(figures), MOST_COLUMNS)]
    for at in range(max(len(columns), len(numbers), 1)):
        yield key + (columns[at] if at < len(columns) else []), numbers[at] if at < len(numbers) else figures[:1]


def _distinct(rows: list[Row], groups: list[str]) -> list[Row]:
    """Return each row once: a report has one row for each combination, whatever a proxy makes of it."""
    return list({tuple(row[name] for name in groups): row for row in rows}.values())


def _joined(key: list[str], rows: list[Row], more: list[Row]) -> list[Row]:
    """Return ``rows`` with what ``more`` says of the same keys; a row that came up between the calls is left out."""
    told: dict[tuple[Any, ...], Row] = {}
    for row in more:
        told.setdefault(tuple(row[name] for name in key), row)
    nothing = dict.fromkeys(more[0]) if more else {}
    return [{**nothing, **told.get(tuple(row[name] for name in key), {}), **row} for row in rows]
