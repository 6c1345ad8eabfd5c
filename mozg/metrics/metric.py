"""What a metric is, and the register of all metrics.

A metric is a function from measures (`mozg.lake.measures`) to a number. The function's parameters name the
measures it needs, the first paragraph of its docstring is its definition, a second one ("Source: …") tells whose
definition that is, and its name is the metric's name everywhere: on the command line, in the API, in a report.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ibis.expr.types import Value

from mozg.lake.measures import MEASURES

Unit = Literal["money", "count", "number", "share", "minutes", "date", "moment"]
Formula = Callable[..., Value]


@dataclass(frozen=True)
class Metric:
    """One number with one definition. ``better`` says which direction pleases a restaurant, if any does.

    ``family`` is the module that defines it.
    """

    name: str
    family: str
    title: str
    unit: Unit
    better: Literal["up", "down"] | None
    needs: tuple[str, ...]
    formula: Formula
    definition: str
    source: str


METRICS: dict[str, Metric] = {}


def metric(
    title: str, unit: Unit = "money", better: Literal["up", "down"] | None = None
) -> Callable[[Formula], Formula]:
    """Register the decorated function as a metric."""

    def register(formula: Formula) -> Formula:
        needs = tuple(inspect.signature(formula).parameters)
        unknown = [name for name in needs if name not in MEASURES]
        assert not unknown, f"{formula.__name__} needs unknown measures {unknown}"
        definition, _, source = inspect.cleandoc(formula.__doc__ or "").partition("\n\nSource: ")
        name, family = formula.__name__, formula.__module__.rpartition(".")[2]
        METRICS[name] = Metric(name, family, title, unit, better, needs, formula, definition, source)
        return formula

    return register


def ratio(part: Value, whole: Value) -> Value:
    """Return Σ/Σ, missing where the whole is zero or unknown; every division of the house goes through here."""
    return part / whole.nullif(0)
