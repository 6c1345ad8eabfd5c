"""Numbers, dates and money as the organisation writes them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from mozg.charts import Unit, percent
from mozg.lake.reader import Owner
from mozg.metrics import Period
from mozg.metrics.metric import Unit as Kind

MISSING = "—"


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
        whole = unit == "count" and abs(value) >= 100
        return self.plain.full(round(value)) if whole and abs(value) < 100_000 else self.unit(unit).compact(value)

    def exact(self, value: float | None, unit: Kind) -> str:
        """Write a number in full, as in a table."""
        return percent(value, self.locale) if value is None or unit == "share" else self.unit(unit).full(value)

    def difference(self, value: float | None, unit: Kind) -> str:
        """Write a difference with its sign; between two shares, in percentage points."""
        if value is None:
            return MISSING
        text = f"{self.plain.full(round(value * 100, 1))} pp" if unit == "share" else self.value(value, unit)
        return f"+{text}" if value > 0 else text

    def percent(self, ratio: float | None) -> str:
        """Write a ratio in per cent."""
        return percent(ratio, self.locale)

    def growth(self, ratio: float | None) -> str:
        """Write a relative change in per cent with its sign."""
        return percent(ratio, self.locale, signed=True)

    def day(self, day: date) -> str:
        """Write a date with its weekday left out: ``22 Nov 2026``."""
        return str(format_date(day, "d MMM y", locale=self.locale))

    def period(self, period: Period) -> str:
        """Write a period: ``16 Nov 2026 – 22 Nov 2026, 7 days``."""
        days = "1 day" if len(period) == 1 else f"{len(period)} days"
        span = self.day(period.first) + (f" – {self.day(period.last)}" if len(period) > 1 else "")
        return f"{span}, {days}"

    def moment(self, moment: datetime) -> str:
        """Write a moment in the organisation's time zone: ``22 Nov 2026 14:05``."""
        return str(format_datetime(moment.astimezone(self.zone), "d MMM y HH:mm", locale=self.locale))
