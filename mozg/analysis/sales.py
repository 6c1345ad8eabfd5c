"""What changed in sales, in sentences that answer a question.

Every function takes frames as `mozg.metrics.query` returns them, with ``<metric>_before`` columns where two periods
are compared, and a `Writer` for the numbers and the language. A sentence says only what the frame knows. Each one is
written whole in `mozg.analysis.sentences`: languages order and bend their words in their own ways.
"""

from collections.abc import Mapping

import pandas as pd

from mozg.analysis import sentences as told
from mozg.analysis.calendar import busiest, per_weekday
from mozg.analysis.change import BEFORE, Change, number
from mozg.analysis.writing import Writer
from mozg.metrics import Period

#: A change below this, relatively, is called steady.
STEADY = 0.0005


def what_changed(found: Mapping[str, Change], write: Writer) -> str:
    """Return the sentence under a report's title: revenue first, then checks and guests where they are known.

    ``Revenue grew 4.2% to ₽12.3M; guests fell by 3%, checks grew by 1%.`` Relative changes are Σ/Σ of the periods.
    """
    known = [name for name in told.MOVED if found[name].now is not None]
    if not known:
        return write.say("Nothing was sold.")
    first, *others = known
    rest = [_moved_too(name, found[name], write) for name in others if found[name].ratio is not None]
    return "; ".join(filter(None, [_moved_to(first, found[first], write), ", ".join(rest)])) + "."


def days_title(daily: pd.DataFrame, metric: told.Counted, during: Period, before: Period | None, write: Writer) -> str:
    """Return which weekday moved most: ``Fridays lost 12 guests a day``; without a comparison, the best weekday.

    ``daily`` has one row per business date; the metric must add up over days.
    """
    weekdays = per_weekday(daily, metric, during, before).set_index("weekday")
    delta = (weekdays[metric] - weekdays[metric + BEFORE]).dropna() if before else pd.Series(dtype=float)
    if delta.empty or not delta.any():
        return _best_weekday(weekdays[metric].dropna(), metric, write)
    day = int(delta.abs().idxmax())  # type: ignore[call-overload]  # weekdays are whole numbers
    moved = told.weekday_gained if delta[day] > 0 else told.weekday_lost
    return moved(metric, told.on_weekdays(day, write), float(abs(delta[day])), write)


def leader_title(frame: pd.DataFrame, by: str, write: Writer) -> str:
    """Return who brought the most revenue: ``Arbat brought 38% of revenue``."""
    known = frame.dropna(subset=[by, "revenue"])
    total = number(known["revenue"].sum()) if len(known) else None
    if total is None or total <= 0:
        return write.say("No revenue in this period")
    row = known.iloc[int(known["revenue"].astype(float).argmax())]
    share = write.percent(float(row["revenue"]) / float(total))
    return write.say("{name} brought {share} of revenue", name=row[by], share=share)


def difference_title(moved: pd.DataFrame, by: str, write: Writer) -> str:
    """Return which part added most to a change of revenue, and which took most off: ``Arbat +₽1.2M, Nord −₽90K``.

    ``moved`` is sorted by ``revenue_difference``, the largest rise first.
    """
    known = moved.dropna(subset=["revenue_difference"])
    ends = [row for row in (known.iloc[0], known.iloc[-1]) if row["revenue_difference"]] if len(known) else []
    if not ends:
        return write.say("Nothing changed")
    told = [f"{row[by]} {write.difference(float(row['revenue_difference']), 'money')}" for row in ends]
    return ", ".join(dict.fromkeys(told))


def busy_title(hourly: pd.DataFrame, write: Writer) -> str:
    """Return the busiest two hours of the week: ``Saturday 19–21 h is the busiest: 41 checks an hour``.

    ``hourly`` is what `mozg.analysis.calendar.per_hour` returns for checks.
    """
    found = busiest(hourly, "checks")
    if found is None:
        return write.say("The hours of these checks are not known")
    weekday, hour, mean = found
    return write.count(
        "{weekday} {first}–{last} h is the busiest: {n} check an hour",
        "{weekday} {first}–{last} h is the busiest: {n} checks an hour",
        mean,
        weekday=told.weekday(weekday, write),
        first=hour,
        last=(hour + 2) % 24 or 24,
    )


def share_title(change: Change, words: told.Share, write: Writer) -> str:
    """Return a share and its move in points: ``The bar made 27% of revenue, +1.2 pp``."""
    if change.now is None:
        return write.say(words.unknown)
    share = write.percent(float(change.now))
    if change.difference is None:
        return write.say(words.known, share=share)
    return write.say(words.moved, share=share, points=write.difference(float(change.difference), "share"))


def causes(moves: pd.DataFrame, write: Writer) -> str:
    """Return what the change of all dishes is made of: ``Volume +₽90K, prices +₽40K, new dishes +₽12K.``

    ``moves`` is what `mozg.analysis.movement.movements` returns; the parts named sum up to the change of all.
    """
    of = {kind: moves.loc[moves["kind"] == kind, "delta"].sum() for kind in ("new", "gone", "unknown")}
    both = moves[moves["kind"] == "both"]
    amounts = of | {"volume": both["volume"].sum(), "price": both["price"].sum()}
    parts = [
        write.say(text, amount=write.difference(float(amounts[part]), "money"))
        for part, text in told.PARTS.items()
        if amounts[part]
    ]
    whole = write.difference(float(moves["delta"].sum()), "money")
    return write.say("All dishes {amount}: {parts}.", amount=whole, parts=", ".join(parts)) if parts else ""


def movers_title(moves: pd.DataFrame, write: Writer, name: str = "dish") -> str:
    """Return the dish that rose most and the one that fell most, with the larger cause of each.

    ``moves`` is what `mozg.analysis.movement.movements` returns, sorted.
    """
    moved_rows = moves[moves["delta"] != 0]
    if moved_rows.empty:
        return write.say("No dish moved")
    best, worst = moved_rows.iloc[0], moved_rows.iloc[-1]
    found = [_mover(best, told.GAINED, name, write)] if best["delta"] > 0 else []
    found += [_mover(worst, told.LOST, name, write)] if worst["delta"] < 0 else []
    return "; ".join(found)


def _mover(row: pd.Series, texts: Mapping[str, str], name: str, write: Writer) -> str:
    cause = row["kind"]
    if cause == "both":
        cause = "volume" if abs(row["volume"]) >= abs(row["price"]) else "price"
    return write.say(texts[cause], name=row[name], amount=write.value(abs(float(row["delta"])), "money"))


def _moved_to(name: str, change: Change, write: Writer) -> str:
    value = write.value(None if change.now is None else float(change.now), change.metric.unit)
    return write.say(told.MOVED_TO[name, _direction(change)], ratio=_ratio(change, write), value=value)


def _moved_too(name: str, change: Change, write: Writer) -> str:
    return write.say(told.MOVED[name][_direction(change)], ratio=_ratio(change, write))


def _ratio(change: Change, write: Writer) -> str:
    return write.percent(None if change.ratio is None else abs(change.ratio))


def _direction(change: Change) -> told.Direction:
    if change.ratio is None:
        return "alone"
    return "same" if abs(change.ratio) < STEADY else "up" if change.ratio > 0 else "down"


def _best_weekday(means: pd.Series, metric: told.Counted, write: Writer) -> str:
    if means.empty:
        return write.say(told.NOTHING[metric])
    day = int(means.idxmax())  # type: ignore[call-overload]
    return told.weekday_is_best(metric, told.on_weekdays(day, write), float(means[day]), write)
