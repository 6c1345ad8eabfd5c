"""What a report is made of: its columns as SQL over the fact tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A report column. ``sql`` is an expression over the report's source, ``measure`` one over its sums."""

    title: str
    kind: str
    sql: str = ""
    measure: str = ""

    @property
    def groups(self) -> bool:
        """Whether one may group and filter by it."""
        return bool(self.sql)

    @property
    def aggregates(self) -> bool:
        """Whether one may ask for it as a figure."""
        return bool(self.measure)


@dataclass(frozen=True)
class Report:
    """One kind of report. ``sums`` are made for each ``unit`` of a group first, then figures of them.

    A question must have a filter on one of the ``required`` columns.
    """

    name: str
    columns: dict[str, Column]
    source: str
    sums: dict[str, str]
    unit: str
    required: tuple[str, ...]
