"""One typed parameter of a report, and how a value that somebody typed becomes the value a notebook gets.

Papermill writes values into a notebook as source text and only logs a name it does not know, so everything is
checked here, before a kernel starts. The values that leave are plain: str, int, bool and lists of str.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict

from mozg.errors import ParameterError
from mozg.language import Sentence
from mozg.metrics.periods import WORDS

Kind = Literal["date", "str", "int", "bool", "list[str]", "choice"]
Value = str | int | bool | list[str]

_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True)
class Parameter:
    """A declared parameter. Without a `default` it must be given; `minimum` and `maximum` bound an int."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    type: Kind
    title: str
    default: Value | None = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    @property
    def allowed(self) -> Sentence:
        """What may be given, in words for an error or a form."""
        match self.type:
            case "date":
                return Sentence("a date such as 2026-01-31, or one of {words}", words=", ".join(WORDS))
            case "str":
                return Sentence("a text")
            case "int":
                return _bounded(self.minimum, self.maximum)
            case "bool":
                return Sentence("{yes} or {no}", yes="true", no="false")
            case "list[str]":
                return Sentence("a list of texts, or texts separated by commas")
        return Sentence("one of {choices}", choices=", ".join(self.choices))

    def read(self, given: Any) -> Value:
        """Return `given` as this parameter's type.

        Raises:
            ParameterError: the value has the wrong type or is not allowed.
        """
        try:
            return _READERS[self.type](self, given)
        except (ValueError, TypeError, KeyError):
            raise ParameterError(
                Sentence(
                    "The parameter {name} is {given}. It takes {allowed}.",
                    name=self.name,
                    given=repr(given),
                    allowed=self.allowed,
                )
            ) from None


def _bounded(low: int | None, high: int | None) -> Sentence:
    if low is not None and high is not None:
        return Sentence("a whole number, at least {low}, at most {high}", low=low, high=high)
    if low is not None:
        return Sentence("a whole number, at least {low}", low=low)
    return Sentence("a whole number") if high is None else Sentence("a whole number, at most {high}", high=high)


def _date(_: Parameter, given: Any) -> str:
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given.isoformat()
    text = given.strip() if isinstance(given, str) else ""
    return text if text in WORDS else dt.datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007


def _text(parameter: Parameter, given: Any) -> str:
    if not isinstance(given, str) or (parameter.default is None and not given.strip()):
        raise TypeError
    return given.strip()


def _whole(parameter: Parameter, given: Any) -> int:
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise TypeError
    number = int(given)
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError
    return number


def _truth(_: Parameter, given: Any) -> bool:
    return given if isinstance(given, bool) else _TRUTH[str(given).strip().lower()]


def _texts(_: Parameter, given: Any) -> list[str]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise TypeError
    return [part.strip() for part in parts if part.strip()]


def _choice(parameter: Parameter, given: Any) -> str:
    return parameter.choices[parameter.choices.index(given)]


_READERS: dict[Kind, Callable[[Parameter, Any], Value]] = {
    "date": _date,
    "str": _text,
    "int": _whole,
    "bool": _truth,
    "list[str]": _texts,
    "choice": _choice,
}
