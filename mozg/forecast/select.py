"""Which model serves a series: the one that erred least in the past, the simpler one in doubt."""

from collections.abc import Sequence

import pandas as pd

from mozg.forecast.backtest import Errors, backtest, cut_offs, errors
from mozg.forecast.models import Model

# A difference in WAPE below three per cent of the simpler model's is within the luck of a few cut-offs.
MARGIN = 0.03
CUT_OFFS = 3


def past_errors(history: pd.Series, models: Sequence[Model], horizon: int) -> dict[str, Errors]:
    """Backtest every model that the history is long enough for, all on the same cut-offs, by model name.

    Cut-offs are those that the first (simplest) model allows; a model that needs more history than the
    oldest of them leaves is not compared, for errors on different days say nothing about each other.
    """
    cuts = cut_offs(history, horizon, models[0].shortest, CUT_OFFS)
    if not cuts:
        return {}
    room = (cuts[0] - history.index[0]).days + 1
    able = [model for model in models if model.shortest <= room]
    tested = {model.name: errors(backtest(history, model, horizon, cuts)) for model in able}
    return {name: found for name, found in tested.items() if found.wape is not None}


def best(found: dict[str, Errors], models: Sequence[Model]) -> Model | None:
    """Choose from `models`, ordered from simple to complex: a later one must err less by `MARGIN`, relatively."""
    chosen: Model | None = None
    lowest = float("inf")
    for model in models:
        wape = found[model.name].wape if model.name in found else None
        if wape is not None and wape < lowest * (1 - MARGIN):
            chosen, lowest = model, wape
    return chosen
