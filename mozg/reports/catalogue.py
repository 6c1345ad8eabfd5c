"""The catalogue: one declaration per report, ``reports/<name>.toml``.

From the declaration come parameter checking, the form in the dashboard, the command line's options, the API's
schema and the schedule.
"""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from mozg.access.scope import Role
from mozg.errors import ParameterError, ReportError
from mozg.language import Sentence, words
from mozg.metrics.periods import WORDS
from mozg.reports.parameter import Parameter, Value
from mozg.settings import settings

Format = Literal["html", "pdf", "xlsx"]
#: What a report is about: where it stands on the portal.
Group = Literal["sales", "menu", "tables", "forecast", "upkeep", "more"]
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Schedule:
    """When a report runs by itself: a cron line, read in each venue's own time zone."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    cron: str


@dataclass(frozen=True)
class Translation:
    """What a declaration says, in one other language; of ``parameters``, their titles by name."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: str
    description: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """A declared report: its notebook, who may read it, what it leaves as, and the parameters it takes.

    Its texts are English; `translated` gives it with those of another language.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    title: str
    description: str
    notebook: Path
    roles: tuple[Role, ...]
    formats: tuple[Format, ...]
    freshness_hours: int
    parameters: tuple[Parameter, ...]
    schedule: Schedule | None = None
    group: Group = "more"
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def translated(self, locale: str) -> "Report":
        """Return this report with title, description and titles of parameters in the language of ``locale``.

        A language that the declaration does not have is English.
        """
        told = self.translations.get(words(locale).language)
        if told is None:
            return self
        named = (replace(one, title=told.parameters.get(one.name, one.title)) for one in self.parameters)
        return replace(self, title=told.title, description=told.description, parameters=tuple(named))

    def validate(self, given: Mapping[str, Any]) -> dict[str, Value]:
        """Return every parameter of this report, typed: what was given, and defaults for the rest.

        Dates stay text (ISO, or a word such as "last_week"), because papermill carries only plain values.

        Raises:
            ParameterError: a name is unknown, a value is missing or of the wrong type, or the period is upside down.
        """
        names = [parameter.name for parameter in self.parameters]
        if unknown := [name for name in given if name not in names]:
            raise ParameterError(
                Sentence(
                    "The report {report} has no parameter {unknown}. It takes {names}.",
                    report=self.name,
                    unknown=", ".join(unknown),
                    names=", ".join(names),
                )
            )
        values = {parameter.name: self._value(parameter, given) for parameter in self.parameters}
        _check_period(values)
        return values

    def _value(self, parameter: Parameter, given: Mapping[str, Any]) -> Value:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise ParameterError(
                Sentence(
                    "The report {report} needs {parameter}: {allowed}.",
                    report=self.name,
                    parameter=parameter.name,
                    allowed=parameter.allowed,
                )
            )
        return parameter.read(value)


def load(name: str, folder: Path | None = None) -> Report:
    """Read the declaration of the report `name` from `folder` (by default the project's ``reports``).

    Raises:
        ReportError: there is no such report, or its declaration is wrong.
    """
    path = (folder or _folder()) / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(file.stem for file in _files(folder or _folder()))
        raise ReportError(f"There is no report {name!r}. The reports are: {known}.")
    return _declared(path)


def all_reports(folder: Path | None = None) -> tuple[Report, ...]:
    """Read every declaration in `folder` (by default the project's ``reports``), sorted by name.

    Raises:
        ReportError: a declaration is wrong.
    """
    return tuple(_declared(path) for path in _files(folder or _folder()))


def readable(role: Role) -> list[Report]:
    """Return the reports that a role may read, by name."""
    return [report for report in all_reports() if role in report.roles]


def _folder() -> Path:
    return settings().project_path / "reports"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _declared(path: Path) -> Report:
    return _read(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=200)
def _read(path: Path, changed_at: int) -> Report:  # a file that has changed is read anew
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        parameters = [{"name": name, **fields} for name, fields in table.pop("parameters", {}).items()]
        notebook = path.parent.parent / "notebooks" / table.pop("notebook", f"{path.stem}.ipynb")
        table |= {"name": path.stem, "notebook": notebook, "parameters": parameters}
        report = TypeAdapter(Report).validate_python(table)
        for parameter in report.parameters:
            _check_default(parameter)
    except (tomllib.TOMLDecodeError, ValidationError, TypeError, ParameterError) as error:
        raise ReportError(f"{path} is not a valid declaration of a report: {error}") from None
    return report


def _check_default(parameter: Parameter) -> None:
    if parameter.type == "choice" and not parameter.choices:
        raise ParameterError(f"The parameter {parameter.name} is a choice without choices.")
    if parameter.default is not None:
        parameter.read(parameter.default)


def _check_period(values: Mapping[str, Value]) -> None:
    first, last = values.get("date_from"), values.get("date_to")
    if first is None or last is None or first in WORDS or last in WORDS:
        return
    if str(first) > str(last):
        raise ParameterError(
            Sentence("The period is upside down: it begins on {first} and ends on {last}.", first=first, last=last)
        )
