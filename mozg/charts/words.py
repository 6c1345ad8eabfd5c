"""The few words that a figure says by itself, in the reader's language. Titles come from the caller."""

from datetime import date
from typing import Literal

from babel.dates import format_skeleton, get_day_names

from mozg.language import Words, words

#: What can be counted in a figure, in English.
Noun = Literal["", "checks", "guests", "times", "points"]
#: d3's formats of a day, of a day on an axis, and of a month. Plotly knows the names of months in English only.
_FORMATS = {"en": ("%a, %b %-d, %Y", "%b %-d", "%b %Y")}
_NUMERIC = ("%d.%m.%Y", "%d.%m", "%m.%Y")


def counted(noun: Noun, number: float, written: str, said: Words) -> str:
    """Return a number of something: ``1 check``, ``1,204 checks``; ``written`` is how the number is written."""
    match noun:
        case "checks":
            return said.count("{n} check", "{n} checks", number, n=written)
        case "guests":
            return said.count("{n} guest", "{n} guests", number, n=written)
        case "times":
            return said.count("{n} time", "{n} times", number, n=written)
        case "points":
            return said.say("{n} pp", n=written)
    return written


def pointed_at(noun: Noun, written: str, said: Words) -> str:
    """Return what stands under the pointer for a number that only the browser knows: ``310 checks``, *чеков: 310*."""
    match noun:
        case "checks":
            return said.meant("under the pointer", "{n} checks", n=written)
        case "guests":
            return said.meant("under the pointer", "{n} guests", n=written)
        case "times":
            return said.meant("under the pointer", "{n} times", n=written)
        case "points":
            return said.say("{n} pp", n=written)
    return written


def day_formats(locale: str) -> tuple[str, str, str]:
    """Return d3's formats of a whole day, of a day on an axis and of a month."""
    return _FORMATS.get(words(locale).language, _NUMERIC)


def weekdays(locale: str) -> list[str]:
    """Return the short names of the weekdays from Monday to Sunday."""
    names = get_day_names("abbreviated", "stand-alone", locale)
    return [str(names[day]).capitalize() for day in range(7)]


def spoken_day(day: str, locale: str) -> str:
    """Return an ISO date as people say it."""
    return str(format_skeleton("yMMMd", date.fromisoformat(day), locale=locale))
