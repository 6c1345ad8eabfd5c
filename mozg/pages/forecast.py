"""The sections of the revenue forecast: what is to come, how good such a forecast was, and what has none."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from mozg.charts import forecast_band
from mozg.language import later
from mozg.pages.blocks import Block, figure, sentence
from mozg.pages.context import Context
from mozg.pages.definitions import explained
from mozg.pages.section import section
from mozg.pages.tables import Column, table

if TYPE_CHECKING:
    from mozg.forecast import Forecasts

#: How many days of the past stand before the forecast in a figure.
SHOWN_PAST = 90
#: How many days ahead the table on the page has; the workbook has all.
SHOWN_AHEAD = 7
_POINTS = (
    Column("ds", "Day", "date"),
    Column("unique_id", "Venue", "text"),
    Column("yhat", "Expected revenue", "money"),
    Column("lo80", "Low, 80 % band", "money"),
    Column("hi80", "High, 80 % band", "money"),
    Column("model", "Method", "text"),
)
_ERRORS = (
    Column("unique_id", "Venue", "text"),
    Column("model", "Method", "text"),
    Column("wape", "Error (WAPE)", "percent"),
    Column("bias", "Bias", "percent", signed=True),
    Column("coverage", "Days inside the 80 % band", "percent"),
    Column("cutoffs", "Past forecasts tried", "integer"),
    Column("days", "Days compared", "integer"),
    Column("served", "Used", "text"),
)


HOW_IT_IS_MEASURED = later(
    "Each method forecast past days from what was known before them. WAPE is the sum of what it missed ÷ the sum "
    "that came; a bias above zero promised too much. The better method serves each venue."
)
#: What the numbers of a forecast mean, beside the definitions of metrics.
_TERMS = {
    later("Expected revenue"): later(
        "Revenue as the venue's method expects it, fitted to the history up to the last day."
    ),
    later("80 % band"): later("Eight of ten days to come should lie between low and high; how many did is measured."),
    later("Error (WAPE)"): later("Σ of what each past forecast missed, whichever way ÷ Σ of what came."),
    later("Bias"): later("Σ (forecast − what came) ÷ Σ of what came: above zero, too much was promised."),
}
#: What the methods are called.
METHODS = {
    "seasonal_naive_4": later("Seasonal naive 4"),
    "prophet": later("Prophet"),
    "prophet_multiplicative": later("Prophet multiplicative"),
}


@section("The weeks ahead")
def ahead(context: Context) -> Iterator[Block]:
    """Each venue's daily revenue to come with its 80 % band, and the points as a table."""
    all_points, history = _called(_forecasts(context).points, context), _history(context)
    for venue, points in all_points.groupby("unique_id"):
        past = history[history["unique_id"] == venue].tail(SHOWN_PAST)
        title = _title(str(venue), points, context)
        yield figure(forecast_band(past, points, title=title, unit=context.write.money))
    near = all_points[all_points["ds"].rank(method="dense") <= SHOWN_AHEAD]
    yield table("forecast", "Expected revenue by day", all_points, _POINTS, context.write, shown=near)


@section("How good such forecasts were")
def how_good_it_was(context: Context) -> Iterator[Block]:
    """The error of each method on the past, for each venue: forecasts from earlier days beside what came."""
    errors = _forecasts(context).errors
    yes = context.write.say("yes")
    served = _called(errors.assign(served=[yes if chosen else "" for chosen in errors["chosen"]]), context)
    yield sentence(context.write.say(HOW_IT_IS_MEASURED), "mozg-note")
    yield from (explained(context.write.say(term), context.write.say(text)) for term, text in _TERMS.items())
    yield table("past_errors", "Past errors by venue and method", served, _ERRORS, context.write)


@section("Without a forecast")
def not_forecast(context: Context) -> Iterator[Block]:
    """The venues that could not be forecast, and why."""
    skipped = _forecasts(context).skipped
    if not skipped:
        yield sentence(context.write.say("Every venue has a forecast."), "muted")
        return
    rows = pd.DataFrame({"venue": list(skipped), "reason": [context.write.told(reason) for reason in skipped.values()]})
    columns = [Column("venue", "Venue", "text"), Column("reason", "Why", "text")]
    yield table("not_forecast", "Venues without a forecast", rows, columns, context.write)


def _history(context: Context) -> pd.DataFrame:
    daily = context.ask(("revenue",), ("venue", "business_date"), compare=False)
    named = daily.rename(columns={"venue": "unique_id", "business_date": "ds", "revenue": "y"})
    return named.dropna(subset="y").astype({"y": float})


def _forecasts(context: Context) -> "Forecasts":
    return context.once("forecasts", lambda: _forecast(context))


def _forecast(context: Context) -> "Forecasts":
    from mozg.forecast import forecast  # Prophet takes a second to import, and no other page needs it

    horizon = int(context.options["horizon_days"])
    return forecast(_history(context), horizon, context.owner.country, as_of=context.during.last)


def _called(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    names = (METHODS.get(name, name.replace("_", " ").capitalize()) for name in map(str, rows["model"]))
    return rows.assign(model=[context.write.say(name) for name in names])


def _title(venue: str, points: pd.DataFrame, context: Context) -> str:
    total = context.write.value(float(points["yhat"].sum()), "money")
    until = context.write.day(points["ds"].max())
    return context.write.say("{venue} can expect {amount} up to {day}", venue=venue, amount=total, day=until)
