"""``mozg query`` and ``mozg forecast``: numbers out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from mozg.access.scope import Scope
from mozg.access.venues import choose_venues
from mozg.cli.options import Format, From, To, VenueNames, organization_named, split
from mozg.cli.output import Shape, console, show, show_frame
from mozg.errors import ForecastError
from mozg.lake.reader import open_lake
from mozg.metrics import DIMENSIONS, METRICS, Period, comparison, period
from mozg.metrics import query as ask


def query(
    organization: Annotated[str, typer.Option("--organization", "-o", help="The organisation's short name.")] = "",
    metrics: Annotated[str, typer.Option(help="Comma-separated; see --list.")] = "",
    by: Annotated[str, typer.Option(help="Comma-separated dimensions; see --list.")] = "",
    venues: VenueNames = None,
    date_from: From = "",
    date_to: To = "",
    compare: Annotated[str, typer.Option(help="none, previous, last_year, plan, or FIRST..LAST.")] = "none",
    like_for_like: Annotated[bool, typer.Option("--like-for-like", help="Only venues open in both periods.")] = False,
    where: Annotated[list[str] | None, typer.Option(help="dimension=value; repeatable.")] = None,
    snapshot: Annotated[int | None, typer.Option(help="The lake as it was at this snapshot.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List all metrics and dimensions.")] = False,
    format: Format = Shape.TABLE,
) -> None:
    """Ask for numbers. Every report is made of the same answers.

    Example: [cyan]mozg query --organization demo --metrics revenue,checks --by venue --from last_week[/]
    """
    if list_:
        _list(format)
        return
    if not organization:
        raise typer.BadParameter("--organization says whose numbers.")
    owner = organization_named(organization)
    chosen = tuple(venue.id for venue in choose_venues(owner, venues)) if venues else None
    lake = open_lake(owner, Scope(owner.slug, "service", "owner", chosen), snapshot)
    during = _period(date_from, date_to, owner.timezone)
    before = comparison(during, compare) if during else None
    if during is None and compare not in ("", "none"):
        raise typer.BadParameter("--compare needs --from and --to.")
    frame = ask(
        lake, split(metrics), split(by), during=during, compare=before, where=_conditions(where or []),
        like_for_like=like_for_like,
    )  # fmt: skip
    show_frame(frame, format)


def forecast(
    series: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV with unique_id, ds, y.")],
    horizon: Annotated[int, typer.Option(min=1, max=365, help="Days ahead.")] = 28,
    output: Annotated[Path, typer.Option(help="CSV to write.")] = Path("forecast.csv"),
    country: Annotated[str, typer.Option(help="ISO 3166 code, for public holidays.")] = "",
    format: Format = Shape.TABLE,
) -> None:
    """Forecast daily series, each by the method that did best on its own past.

    Example: [cyan]mozg forecast revenue.csv --horizon 28 --output forecast.csv --country RU[/]
    """
    from mozg.forecast import forecast as forecast_series  # Prophet takes a second to import
    from mozg.forecast import read_series, write_forecast

    made = forecast_series(read_series(series), horizon, country or None)
    if made.points.empty:
        raise ForecastError(f"Nothing in {series} could be forecast: {'; '.join(made.skipped.values())}.")
    write_forecast(made.points, output)
    show_frame(made.errors, format, "How well each method did on the past (the chosen one made the forecast)")
    for name, reason in made.skipped.items():
        console.print(f"Not forecast: {name}: {reason}")


def _list(format: Shape) -> None:
    rows = [_listed(one.name, "metric", one.title, one.unit, one.definition, one.source) for one in METRICS.values()]
    rows += [_listed(one.name, "dimension", one.title, "", one.definition, "") for one in DIMENSIONS.values()]
    show(rows, format)


def _listed(*values: str) -> dict[str, str]:
    return dict(zip(("name", "kind", "title", "unit", "is", "source"), values, strict=True))


def _period(first: str, last: str, timezone: str) -> Period | None:
    if not first:
        if last:
            raise typer.BadParameter("--to needs --from.")
        return None
    return period(first, last, today=datetime.now(ZoneInfo(timezone)).date())


def _conditions(pairs: list[str]) -> dict[str, list[str]]:
    conditions: dict[str, list[str]] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise typer.BadParameter(f"--where {pair!r} must look like dimension=value.")
        conditions.setdefault(name, []).append(value)
    return conditions
