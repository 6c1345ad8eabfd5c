"""The reports on the portal: those that a role may read, starred ones first, then by what they are about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from mozg.access.favourites import favourites
from mozg.access.sessions import SignedIn
from mozg.language import later
from mozg.pages.writing import HouseWriter
from mozg.reports.catalogue import Group, Report, Schedule, readable

#: What the groups are called, in their order on the page; the first are those that somebody starred.
STARRED = later("Favourites")
GROUPS: dict[Group, str] = {
    "sales": later("Sales"),
    "menu": later("Menu"),
    "tables": later("Guests and tables"),
    "forecast": later("Forecast"),
    "upkeep": later("Data and readers"),
    "more": later("More reports"),
}
#: Weekdays of a cron line as a list of numbers and ranges.
_WEEKDAYS = re.compile(r"[0-7](-[0-7])?(,[0-7](-[0-7])?)*")


@dataclass(frozen=True)
class Shelved:
    """A report that somebody may read, in their words; ``starred`` by them, ``rhythm`` empty without a schedule."""

    report: Report
    starred: bool
    rhythm: str


def shelf(person: SignedIn, write: HouseWriter) -> list[Shelved]:
    """Return the reports that a person may read, starred ones first, the others by group.

    Of each part, those that are made every day come first, then the others; both by title.
    """
    stars = favourites(person.user)
    shelved = [
        Shelved(report.translated(write.locale), report.name in stars, rhythm(report.schedule, write))
        for report in readable(person.user.role)
    ]
    return sorted(shelved, key=lambda one: (_place(one), not _is_daily(one), one.report.title))


def grouped(shelved: list[Shelved]) -> Iterator[tuple[str, list[Shelved]]]:
    """Yield each group's name, to be translated, and its reports, in the order of `shelf`."""
    names = (STARRED, *GROUPS.values())
    for place, reports in groupby(shelved, _place):
        yield names[place], list(reports)


def _is_daily(one: Shelved) -> bool:
    return one.report.schedule is not None and one.report.schedule.cron.endswith(" * * *")


def _place(one: Shelved) -> int:
    return 0 if one.starred else 1 + list(GROUPS).index(one.report.group)


def rhythm(schedule: Schedule | None, write: HouseWriter) -> str:
    """Return when a report is made by itself, in words; a schedule of an unusual form as its cron line."""
    if schedule is None:
        return ""
    minute, hour, day, month, weekdays = schedule.cron.split()
    if not (minute.isdigit() and hour.isdigit() and month == "*" and "*" in (day, weekdays)):
        return write.say("by the schedule {cron}", cron=schedule.cron)
    time = f"{int(hour):02}:{int(minute):02}"
    if day.isdigit():
        return write.say("on day {day} of each month, {time}", day=int(day), time=time)
    if _WEEKDAYS.fullmatch(weekdays):
        return f"{', '.join(write.weekday(number) for number in _numbers(weekdays))}, {time}"
    if (day, weekdays) == ("*", "*"):
        return write.say("every day, {time}", time=time)
    return write.say("by the schedule {cron}", cron=schedule.cron)


def _numbers(weekdays: str) -> list[int]:
    """Return the weekdays of a cron line, Monday 1 … Sunday 7; cron calls Sunday 0 too."""
    found = set()
    for part in weekdays.split(","):
        first, _, last = part.partition("-")
        found |= {number or 7 for number in range(int(first), int(last or first) + 1)}
    return sorted(found)
