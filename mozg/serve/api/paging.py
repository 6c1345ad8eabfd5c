"""Lists by the page: one shape for all of them.

A list is in the order of a text key, and a page begins after the key that ``after`` names, so that what is added or
removed between two pages neither repeats nor hides anything. Any text is a position: there is no wrong one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Generic, TypeVar

import httpx
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

MOST, USUAL = 200, 50
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """Some of a list, and where it goes on."""

    items: list[Item]
    next: str | None = Field(None, description="The path of the next page; null on the last one.")


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for."""

    path: str
    limit: int
    after: str | None
    others: tuple[tuple[str, str], ...] = ()

    def of(self, everything: Iterable[Item], key: Callable[[Item], str]) -> tuple[list[Item], str | None]:
        """Cut a whole list, in any order, and return the items asked for with the path of the page after them."""
        ordered = sorted(everything, key=key)
        start = self.after
        rest = (item for item in ordered if start is None or key(item) > start)
        return self.cut(list(islice(rest, self.limit + 1)), key)

    def cut(self, fetched: Sequence[Item], key: Callable[[Item], str]) -> tuple[list[Item], str | None]:
        """Return the items of a page, of which one more than ``limit`` was fetched, and the next page's path."""
        items = list(fetched[: self.limit])
        return items, self._next(key(items[-1])) if len(fetched) > self.limit else None

    def _next(self, last: str) -> str:
        query = httpx.QueryParams([*self.others, ("limit", str(self.limit)), ("after", last)])
        return f"{self.path}?{query}"


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
    after: Annotated[
        str | None,
        Query(max_length=400, pattern=r"^[^\x00]*$", description="Begin after this key; ``next`` gives it."),
    ] = None,
) -> Paging:
    others = tuple(
        (name, value) for name, value in request.query_params.multi_items() if name not in ("limit", "after")
    )
    return Paging(request.url.path, limit, after, others)


Asked = Annotated[Paging, Depends(_paging)]
