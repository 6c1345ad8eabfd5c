"""The sentences of the sales report, each whole, for each number that it is about."""

from dataclasses import dataclass
from typing import Literal

from mozg.analysis.writing import Writer
from mozg.language import later

Direction = Literal["up", "down", "same", "alone"]
Counted = Literal["revenue", "checks", "guests"]

#: What the number named did, as the beginning of a sentence.
MOVED_TO: dict[tuple[str, Direction], str] = {
    ("revenue", "up"): later("Revenue grew {ratio} to {value}"),
    ("revenue", "down"): later("Revenue fell {ratio} to {value}"),
    ("revenue", "same"): later("Revenue stayed the same at {value}"),
    ("revenue", "alone"): later("Revenue was {value}"),
    ("checks", "up"): later("Checks grew {ratio} to {value}"),
    ("checks", "down"): later("Checks fell {ratio} to {value}"),
    ("checks", "same"): later("Checks stayed the same at {value}"),
    ("checks", "alone"): later("Checks were {value}"),
    ("guests", "up"): later("Guests grew {ratio} to {value}"),
    ("guests", "down"): later("Guests fell {ratio} to {value}"),
    ("guests", "same"): later("Guests stayed the same at {value}"),
    ("guests", "alone"): later("Guests were {value}"),
}
#: What the number named did, after another has been told of.
MOVED: dict[str, dict[Direction, str]] = {
    "revenue": {},
    "checks": {
        "up": later("checks grew by {ratio}"),
        "down": later("checks fell by {ratio}"),
        "same": later("checks stayed the same"),
    },
    "guests": {
        "up": later("guests grew by {ratio}"),
        "down": later("guests fell by {ratio}"),
        "same": later("guests stayed the same"),
    },
}
NOTHING: dict[Counted, str] = {
    "revenue": later("Revenue: nothing in this period"),
    "checks": later("Checks: nothing in this period"),
    "guests": later("Guests: nothing in this period"),
}
#: The parts of a change of revenue.
PARTS = {
    "volume": later("volume {amount}"),
    "price": later("prices {amount}"),
    "new": later("new dishes {amount}"),
    "gone": later("dishes no longer sold {amount}"),
    "unknown": later("dishes whose units are not known {amount}"),
}
GAINED = {
    "volume": later("{name} gained {amount} (by volume)"),
    "price": later("{name} gained {amount} (by price)"),
    "new": later("{name} gained {amount} (new)"),
    "gone": later("{name} gained {amount} (no longer sold)"),
    "unknown": later("{name} gained {amount} (units not known)"),
}
LOST = {
    "volume": later("{name} lost {amount} (by volume)"),
    "price": later("{name} lost {amount} (by price)"),
    "new": later("{name} lost {amount} (new)"),
    "gone": later("{name} lost {amount} (no longer sold)"),
    "unknown": later("{name} lost {amount} (units not known)"),
}
_WEEKDAYS = (
    *(later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday"), later("Friday")),
    *(later("Saturday"), later("Sunday")),
)
#: Weekdays as what happens on every one of them; in other languages this is not their plural alone.
_EVERY_WEEKDAY = (
    *(later("Mondays"), later("Tuesdays"), later("Wednesdays"), later("Thursdays"), later("Fridays")),
    *(later("Saturdays"), later("Sundays")),
)


@dataclass(frozen=True)
class Share:
    """How a share is told: alone, with its move in points, and where it is not known."""

    known: str
    moved: str
    unknown: str


BAR = Share(
    later("The bar made {share} of revenue"),
    later("The bar made {share} of revenue, {points}"),
    later("The bar made an unknown share of revenue"),
)
DISCOUNTS = Share(
    later("Discounts took {share} of gross sales"),
    later("Discounts took {share} of gross sales, {points}"),
    later("Discounts took an unknown share of gross sales"),
)
VOIDS = Share(
    later("voided lines {share}"),
    later("voided lines {share}, {points}"),
    later("voided lines an unknown share"),
)


def weekday(day: int, write: Writer) -> str:
    """Return the name of a weekday (Monday 1 … Sunday 7)."""
    return write.say(_WEEKDAYS[day - 1])


def on_weekdays(day: int, write: Writer) -> str:
    """Return a weekday as the beginning of a sentence about all of them: ``Fridays``, *по пятницам*."""
    return write.say(_EVERY_WEEKDAY[day - 1])


def weekday_gained(metric: Counted, days: str, by: float, write: Writer) -> str:
    """Return that there was more of something on these weekdays, by so much a day."""
    match metric:
        case "checks":
            return write.count(
                "{weekdays} gained {n} check a day", "{weekdays} gained {n} checks a day", by, weekdays=days
            )
        case "guests":
            return write.count(
                "{weekdays} gained {n} guest a day", "{weekdays} gained {n} guests a day", by, weekdays=days
            )
    return write.say("{weekdays} gained {amount} a day", weekdays=days, amount=write.value(by, "money"))


def weekday_lost(metric: Counted, days: str, by: float, write: Writer) -> str:
    """Return that there was less of something on these weekdays, by so much a day."""
    match metric:
        case "checks":
            return write.count("{weekdays} lost {n} check a day", "{weekdays} lost {n} checks a day", by, weekdays=days)
        case "guests":
            return write.count("{weekdays} lost {n} guest a day", "{weekdays} lost {n} guests a day", by, weekdays=days)
    return write.say("{weekdays} lost {amount} a day", weekdays=days, amount=write.value(by, "money"))


def weekday_is_best(metric: Counted, days: str, mean: float, write: Writer) -> str:
    """Return that these weekdays have the most of something, and how much a day."""
    match metric:
        case "checks":
            return write.count(
                "{weekdays} are the strongest: {n} check a day",
                "{weekdays} are the strongest: {n} checks a day",
                mean,
                weekdays=days,
            )
        case "guests":
            return write.count(
                "{weekdays} are the strongest: {n} guest a day",
                "{weekdays} are the strongest: {n} guests a day",
                mean,
                weekdays=days,
            )
    return write.say("{weekdays} are the strongest: {amount} a day", weekdays=days, amount=write.value(mean, "money"))
