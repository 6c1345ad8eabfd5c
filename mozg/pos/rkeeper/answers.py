"""What r_keeper answers: results of its XML interface and rows of stored procedures, whatever they are written as."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree as Tree

from mozg.errors import TillAccessDenied, TillAnswerError, TillError
from mozg.pos.patience import TryLaterError

Element = Tree.Element
Row = Mapping[str, Any]

OK, NO_CHANGES = "Ok", "No changes"
#: While a common shift is being closed, the server refuses everything.
_CLOSING = "2172"
_RIGHTS = re.compile(r"\bправ[ао]?\b|right|привилег|лиценз|licen[cs]e", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


def decoded(content: bytes) -> str:
    """Return an answer's text. It should be UTF-8; old servers and proxies in between still send Windows-1251."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def result_of(content: bytes) -> Element:
    """Return the `RK7QueryResult` of an answer.

    Raises:
        ValueError: the answer is no such result.
    """
    text = _DECLARED.sub("", decoded(content))
    try:
        root = Tree.fromstring(text)  # noqa: S314  # expat bounds entity growth
    except Tree.ParseError as error:
        raise ValueError(str(error)) from error
    if root.tag != "RK7QueryResult":
        raise ValueError(f"<{root.tag}> is not RK7QueryResult")
    return root


def check_status(name: str, result: Element) -> None:
    """Raise the error that a result's ``Status`` stands for; nothing if it is good.

    Raises:
        TryLaterError: the common shift is being closed.
        TillAccessDenied: a right or a licence is missing.
        TillAnswerError: anything else that is not good.
    """
    status, text = result.get("Status", ""), result.get("ErrorText", "")
    if status in {OK, NO_CHANGES}:
        return
    if result.get("RK7ErrorN") == _CLOSING or _CLOSING in text:
        raise TryLaterError("the common shift is being closed", 503)
    raise _refusal(name, result.get("CMD") or "a request", status, text or f"error {result.get('RK7ErrorN')}")


def _refusal(name: str, command: str, status: str, text: str) -> TillError:
    if _RIGHTS.search(text):
        return TillAccessDenied(
            f"{name} refused {command} ({text}). Give the role of its HTTP user the right, or the server the licence."
        )
    return TillAnswerError(
        f"{name} refused {command} with {status} ({text}). Its version may be too old for this adapter."
    )


def rows_of(content: bytes) -> list[Row]:
    """Return the rows that a stored procedure selected, their columns in capitals, each row once.

    How the server writes them is nowhere described: JSON as a list of rows, under any name, or as columns beside
    values; or XML with an element for each row.

    Raises:
        ValueError: there are no rows to be seen.
    """
    text = decoded(content)
    found = _xml_rows(text) if text.lstrip().startswith("<") else rows_in(json.loads(text, parse_float=Decimal))
    if found is None:
        raise ValueError("no rows")
    return unique(found)


def rows_in(body: Any) -> list[Row] | None:
    """Return the rows in a JSON value: those of the first list of objects in it; None if there is no list."""
    if isinstance(body, list):
        return body if all(isinstance(row, dict) for row in body) else None
    if not isinstance(body, dict):
        return None
    columns, values = body.get("columns"), body.get("rows")
    if isinstance(columns, list) and isinstance(values, list):
        names = [str(column.get("name") if isinstance(column, dict) else column) for column in columns]
        return [dict(zip(names, row, strict=True)) if isinstance(row, list) else row for row in values]
    parts = (rows_in(value) for value in body.values())
    return next((part for part in parts if part is not None), None)


def _xml_rows(text: str) -> list[Row]:
    try:
        root = Tree.fromstring(_DECLARED.sub("", text))  # noqa: S314  # expat bounds entity growth
    except Tree.ParseError as error:
        raise ValueError(str(error)) from error
    if root.tag.lower() == "html":
        raise ValueError("an HTML page")
    return [dict(element.attrib) or {field.tag: field.text for field in element} for element in root]


def unique(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with their columns in capitals, each row once: every table that is read has its keys in it."""
    found: dict[tuple[Any, ...], Row] = {}
    capitals: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in rows:
        names = tuple(row)
        if names not in capitals:
            capitals[names] = tuple(name.upper() for name in names)
        values = tuple(row.values())
        found[names, values] = dict(zip(capitals[names], values, strict=True))
    return list(found.values())


def amount(row: Row, name: str) -> Decimal:
    """Return a number, 0 where the row has none.

    Raises:
        ValueError: what stands there is no number.
    """
    return number(row, name) or Decimal(0)


def number(row: Row, name: str) -> Decimal | None:
    """Return a number or None where the row has none."""
    value = row.get(name)
    if type(value) is Decimal:
        return value
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name} is {value!r}") from error


def ident(row: Row, name: str) -> int:
    """Return the ident of a dictionary item, 0 where the row refers to none."""
    value = row.get(name)
    return value if type(value) is int else int(amount(row, name))


def lacks_procedure(text: str) -> bool:
    """Whether a database says that it knows no such procedure."""
    return "stored procedure" in text.lower() or "хранимую процедуру" in text.lower()


def missing_script(name: str) -> TillAnswerError:
    """Return the error for a report database in which our procedures were never created."""
    return TillAnswerError(
        f"The report database of {name} lacks the procedures that MOZG reads. Have mozg/pos/rkeeper/procedures.sql run "
        "in it once, as docs/rkeeper.md says."
    )
