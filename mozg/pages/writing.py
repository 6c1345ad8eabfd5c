"""Numbers, dates and money as the organisation writes them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton, format_time

from mozg.charts import Unit, percent
from mozg.lake.reader import Owner
from mozg.metrics import Period
from mozg.metrics.metric import Unit as Kind

MISSING = "—"
NO_CHANGE = "no change"


class HouseWriter:
    """Writes in one organisation's currency, language and time zone; the `Writer` of `mozg.analysis.writing`."""

    def __init__(self, owner: Owner) -> None:
        self.locale = owner.locale
        self.zone = ZoneInfo(owner.timezone)
        self.money = Unit(currency=owner.currency, locale=owner.locale)
        self.plain = Unit(locale=owner.locale)

    def unit(self, kind: Kind, noun: str = "") -> Unit:
        """Return the figures' unit for a metric of this kind."""
        return self.money if kind == "money" else Unit(noun=noun, locale=self.locale)

    def value(self, value: float | None, unit: Kind) -> str:
        """Write a number in short: three digits of money and of what is large, a share in per cent."""
        if value is None or unit == "share":
            return percent(value, self.locale)
        whole = unit == "count" and abs(value) >= 10
        return self.plain.full(round(value)) if whole and abs(value) < 100_000 else self.unit(unit).compact(value)

    def exact(self, value: float | None, unit: Kind) -> str:
        """Write a number in full, as in a table."""
        return percent(value, self.locale) if value is None or unit == "share" else self.unit(unit).full(value)

    def difference(self, value: float | None, unit: Kind) -> str:
        """Write a difference with its sign; between two shares, in percentage points."""
        if value is None:
            return MISSING
        points = round(value * 100, 1) if unit == "share" else value
        text = f"{self.plain.full(points)} pp" if unit == "share" else self.value(value, unit)
        return NO_CHANGE if points == 0 else f"+{text}" if value > 0 else text

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
        return f"{self.span(period)}, {len(period)} {'day' if len(period) == 1 else 'days'}"

    def span(self, period: Period) -> str:
        """Write the first and the last day of a period: ``Nov 16 – 22, 2026``."""
        return str(format_interval(period.first, period.last, "yMMMd", locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """Write a moment in the organisation's time zone: ``Nov 22, 2026, 14:05``."""
        local = moment.astimezone(self.zone)
        return f"{self.day(local.date())}, {format_time(local, 'HH:mm', locale=self.locale)}"
