"""Which rows a statement may read: those of the scope's venues, of what the reader chose, and of some days.

`mozg.metrics.query` composes such conditions itself; statements that are written out, for sweeps and pairs, get them
here. Days are DuckDB's variables ``first`` and ``last``, so that a statement is parsed once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mozg.errors import QueryError
from mozg.lake.connection import quoted
from mozg.lake.reader import Lake
from mozg.language import Sentence
from mozg.metrics.periods import Period

#: What a menu can be narrowed to: columns of the lake's products.
OF_DISHES = ("dish", "category", "top_group", "category_path", "section")
#: The days of the period, as a condition on ``business_date``.
DURING = "business_date BETWEEN getvariable('first')::DATE AND getvariable('last')::DATE"


@dataclass(frozen=True)
class Part:
    """The part of a chain that is looked at: ``venues`` by id, None for all that the scope allows; ``only`` dishes
    whose columns (`OF_DISHES`) have one of some values.
    """  # fmt: skip

    venues: tuple[int, ...] | None = None
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)


def of_venues(lake: Lake, part: Part, column: str = "venue_id") -> str:
    """Return the condition that keeps the venues which the scope allows and the reader chose."""
    allowed = [ids for ids in (lake.scope.venues, part.venues) if ids is not None]
    if not allowed:
        return "true"
    kept = set(allowed[0]).intersection(*allowed)
    return f"{column} IN ({', '.join(map(str, sorted(kept)))})" if kept else "false"


def of_dishes(part: Part, table: str = "products") -> str:
    """Return the condition on the lake's products that keeps what the page is narrowed to.

    Raises:
        QueryError: it is narrowed by something that a dish does not have, such as a waiter.
    """
    unknown = [name for name in part.only if name not in OF_DISHES]
    if unknown:
        raise QueryError(
            Sentence(
                "The menu cannot be narrowed by {names}: a dish has {known}.",
                names=", ".join(unknown),
                known=", ".join(OF_DISHES),
            )
        )
    conditions = [f"{table}.{name} IN ({_listed(values)})" for name, values in part.only.items()]
    return " AND ".join(conditions) or "true"


def days(during: Period, **more: int) -> dict[str, date | int]:
    """Return the variables of a statement over ``during``."""
    return {"first": during.first, "last": during.last, **more}


def _listed(values: Iterable[str]) -> str:
    return ", ".join(quoted(value) for value in values)
