"""What changed in sales, in sentences that answer a question.

Every function takes frames as `mozg.metrics.query` returns them, with ``<metric>_before`` columns where two periods
are compared, and a `Writer` for the numbers. A sentence says only what the frame knows.
"""

from collections.abc import Mapping

import pandas as pd

from mozg.analysis.calendar import WEEKDAYS, busiest, per_weekday
from mozg.analysis.change import BEFORE, Change, number
from mozg.analysis.writing import Writer
from mozg.metrics import METRICS, Period

#: A change below this, relatively, is called steady.
STEADY = 0.0005


def what_changed(found: Mapping[str, Change], write: Writer) -> str:
    """Return the sentence under a report's title: revenue first, then checks and guests where they are known.

    ``Revenue grew 4.2% to ₽12.3M; guests fell by 3%, checks grew by 1%.`` Relative changes are Σ/Σ of the periods.
    """
    known = [found[name] for name in ("revenue", "checks", "guests") if found[name].now is not None]
    if not known:
        return "Nothing was sold."
    first, *others = known
    rest = [f"{other.metric.title.lower()} {moved(other, write, 'by ')}" for other in others if other.ratio is not None]
    sentence = f"{first.metric.title} {_moved_to(first, write)}"
    return "; ".join([sentence, ", ".join(rest)]).rstrip("; ") + "."


def moved(change: Change, write: Writer, by: str = "") -> str:
    """Return ``grew 4.2%``, ``fell by 3%``, ``stayed the same`` or, where nothing is compared, nothing."""
    if change.ratio is None:
        return ""
    if abs(change.ratio) < STEADY:
        return "stayed the same"
    return f"{'grew' if change.ratio > 0 else 'fell'} {by}{write.percent(abs(change.ratio))}"


def days_title(daily: pd.DataFrame, metric: str, during: Period, before: Period | None, write: Writer) -> str:
    """Return which weekday moved most: ``Fridays lost 12 guests a day``; without a comparison, the best weekday.

    ``daily`` has one row per business date; the metric must add up over days.
    """
    weekdays = per_weekday(daily, metric, during, before).set_index("weekday")
    title, unit = METRICS[metric].title, METRICS[metric].unit
    noun = "" if unit == "money" else f" {title.lower()}"
    delta = (weekdays[metric] - weekdays[metric + BEFORE]).dropna() if before else pd.Series(dtype=float)
    if delta.empty or not delta.any():
        return _best_weekday(weekdays[metric].dropna(), title, noun, write, metric)
    day = int(delta.abs().idxmax())  # type: ignore[call-overload]  # weekdays are whole numbers
    verb = "gained" if delta[day] > 0 else "lost"
    return f"{WEEKDAYS[day - 1]}s {verb} {write.value(abs(delta[day]), unit)}{noun} a day"


def leader_title(frame: pd.DataFrame, by: str, metric: str, write: Writer) -> str:
    """Return who brought most: ``Arbat brought 38% of revenue``. ``metric`` adds up over the rows."""
    known = frame.dropna(subset=[by, metric])
    total = number(known[metric].sum()) if len(known) else None
    title = METRICS[metric].title.lower()
    if total is None or total <= 0:
        return f"No {title} in this period"
    row = known.iloc[int(known[metric].astype(float).argmax())]
    return f"{row[by]} brought {write.percent(float(row[metric]) / float(total))} of {title}"


def busy_title(hourly: pd.DataFrame, metric: str, write: Writer) -> str:
    """Return the busiest two hours of the week: ``Saturday 19–21 h is the busiest: 41 checks an hour``.

    ``hourly`` is what `mozg.analysis.calendar.per_hour` returns.
    """
    found = busiest(hourly, metric)
    if found is None:
        return "The hours of these checks are not known"
    weekday, hour, mean = found
    noun = "" if METRICS[metric].unit == "money" else f" {METRICS[metric].title.lower()}"
    until = (hour + 2) % 24 or 24
    written = write.value(mean, METRICS[metric].unit)
    return f"{WEEKDAYS[weekday - 1]} {hour}–{until} h is the busiest: {written}{noun} an hour"


def share_title(change: Change, words: str, write: Writer) -> str:
    """Return a share in ``words`` and its move in points: ``The bar made 27% of revenue, +1.2 pp``."""
    if change.now is None:
        return words.format("an unknown share")
    moved_by = "" if change.difference is None else f", {write.difference(float(change.difference), 'share')}"
    return words.format(write.percent(float(change.now))) + moved_by


def causes(moves: pd.DataFrame, write: Writer) -> str:
    """Return what the change of all dishes is made of: ``Volume +₽90K, prices +₽40K, new dishes +₽12K.``

    ``moves`` is what `mozg.analysis.movement.movements` returns; the parts named sum up to the change of all.
    """
    of = {kind: moves.loc[moves["kind"] == kind, "delta"].sum() for kind in ("new", "gone", "unknown")}
    both = moves[moves["kind"] == "both"]
    parts = {
        "volume": both["volume"].sum(),
        "prices": both["price"].sum(),
        "new dishes": of["new"],
        "dishes no longer sold": of["gone"],
        "dishes whose units are not known": of["unknown"],
    }
    told = [f"{name} {write.difference(float(amount), 'money')}" for name, amount in parts.items() if amount]
    return f"All dishes {write.difference(float(moves['delta'].sum()), 'money')}: {', '.join(told)}." if told else ""


def movers_title(moves: pd.DataFrame, write: Writer, name: str = "dish") -> str:
    """Return the dish that rose most and the one that fell most, with the larger cause of each.

    ``moves`` is what `mozg.analysis.movement.movements` returns, sorted.
    """
    moved_rows = moves[moves["delta"] != 0]
    if moved_rows.empty:
        return "No dish moved"
    best, worst = moved_rows.iloc[0], moved_rows.iloc[-1]
    told = [_mover(best, "gained", name, write)] if best["delta"] > 0 else []
    told += [_mover(worst, "lost", name, write)] if worst["delta"] < 0 else []
    return "; ".join(told)


def _mover(row: pd.Series, verb: str, name: str, write: Writer) -> str:
    amount = write.value(abs(float(row["delta"])), "money")
    if row["kind"] != "both":
        cause = {"new": "new", "gone": "no longer sold"}.get(row["kind"], "units not known")
    else:
        cause = "by volume" if abs(row["volume"]) >= abs(row["price"]) else "by price"
    return f"{row[name]} {verb} {amount} ({cause})"


def _moved_to(change: Change, write: Writer) -> str:
    value = write.value(None if change.now is None else float(change.now), change.metric.unit)
    verb = moved(change, write)
    return f"{verb} {'at' if verb.startswith('stayed') else 'to'} {value}" if verb else f"was {value}"


def _best_weekday(means: pd.Series, title: str, noun: str, write: Writer, metric: str) -> str:
    if means.empty:
        return f"{title}: nothing in this period"
    day = int(means.idxmax())  # type: ignore[call-overload]
    return f"{WEEKDAYS[day - 1]}s are the strongest: {write.value(means[day], METRICS[metric].unit)}{noun} a day"
