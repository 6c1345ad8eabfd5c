"""Numbers, dates, money and texts as the organisation writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton, format_time, get_day_names, get_timezone_location

from mozg.charts import Unit, percent
from mozg.charts.words import Noun
from mozg.lake.reader import Owner
from mozg.language import words
from mozg.metrics import Period
from mozg.metrics.metric import Unit as Kind

MISSING = "—"
#: From here on a number of things is written in short.
LARGE = 100_000


class HouseWriter:
    """Writes in one organisation's currency, language and time zone; the `Writer` of `mozg.analysis.writing`."""

    def __init__(self, owner: Owner) -> None:
        self.locale = owner.locale
        self.words = words(owner.locale)
        self.zone = ZoneInfo(owner.timezone)
        self.money = Unit(currency=owner.currency, locale=owner.locale)
        self.plain = Unit(locale=owner.locale)

    @property
    def language(self) -> str:
        """The language of the texts, as HTML names it."""
        return self.words.language

    def say(self, text: str, /, **values: Any) -> str:
        """Say a text of the sources, with its values, in the organisation's language."""
        return self.words.say(text, **values)

    def count(self, one: str, many: str, number: float, /, **values: Any) -> str:
        """Say the form that goes with ``number``, which is written at ``{n}`` as `value` writes a count."""
        return self.words.count(one, many, _as_written(number), **{"n": self.value(number, "count"), **values})

    def names(self, names: Iterable[str]) -> str:
        """Write names one after the other, each in quotes: dishes have commas in theirs."""
        return ", ".join(self.say("“{name}”", name=name) for name in names)

    def told(self, said: str | Exception) -> str:
        """Say a `mozg.language.Sentence`, or what an error of ours says."""
        return self.words.told(said)

    def unit(self, kind: Kind, noun: Noun = "") -> Unit:
        """Return the figures' unit for a metric of this kind."""
        return self.money if kind == "money" else Unit(noun=noun, locale=self.locale, share=kind == "share")

    def value(self, value: float | None, unit: Kind) -> str:
        """Write a number in short: three digits of money and of what is large, a share in per cent."""
        if value is None or unit == "share":
            return percent(value, self.locale)
        whole = unit == "count" and abs(value) >= 10
        return self.plain.full(round(value)) if whole and abs(value) < LARGE else self.unit(unit).compact(value)

    def exact(self, value: float | None, unit: Kind, *, signed: bool = False, decimals: int | None = None) -> str:
        """Write a number in full, as in a table; `signed` puts a plus before growth, `decimals` are its column's."""
        return self.unit(unit).full(value, signed=signed, decimals=decimals)

    def difference(self, value: float | None, unit: Kind) -> str:
        """Write a difference with its sign; between two shares, in percentage points."""
        if value is None:
            return MISSING
        points = round(value * 100, 1) if unit == "share" else value
        if points == 0:
            return self.say("no change")
        text = self.say("{n} pp", n=self.plain.full(points)) if unit == "share" else self.value(value, unit)
        return f"+{text}" if value > 0 else text

    def percent(self, ratio: float | None) -> str:
        """Write a ratio in per cent."""
        return percent(ratio, self.locale)

    def growth(self, ratio: float | None) -> str:
        """Write a relative change in per cent with its sign."""
        return percent(ratio, self.locale, signed=True)

    def day(self, day: date) -> str:
        """Write a date with its weekday left out: ``Nov 22, 2026``."""
        return str(format_skeleton("yMMMd", day, locale=self.locale))

    def period(self, period: Period) -> str:
        """Write a period: ``Nov 16 – 22, 2026, 7 days``."""
        return self.count("{span}, {n} day", "{span}, {n} days", len(period), span=self.span(period))

    def span(self, period: Period) -> str:
        """Write the first and the last day of a period: ``Nov 16 – 22, 2026``."""
        return str(format_interval(period.first, period.last, "yMMMd", locale=self.locale))

    def weekday(self, day: int) -> str:
        """Write a weekday (Monday 1 … Sunday 7), as in a table."""
        return str(get_day_names("wide", "stand-alone", self.locale)[day - 1]).capitalize()

    def place(self) -> str:
        """Write whose time it is: ``Moscow``."""
        return str(get_timezone_location(self.zone.key, locale=self.locale, return_city=True))

    def moment(self, moment: datetime) -> str:
        """Write a moment in the organisation's time zone: ``Nov 22, 2026, 14:05``."""
        local = moment.astimezone(self.zone)
        return f"{self.day(local.date())}, {format_time(local, 'HH:mm', locale=self.locale)}"


def _as_written(number: float) -> float:
    """The number whose form of a noun goes with what is written: thousands of things are many, however they end."""
    return 0 if abs(number) >= LARGE else round(number) if abs(number) >= 10 else round(number, 2)
