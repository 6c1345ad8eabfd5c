"""The restaurant's clock: tills write most moments as it shows them, and some days as the calendar has them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mozg.model import Venue
from mozg.pos.config import zone_of


class Clock:
    """Reads moments at one venue."""

    def __init__(self, zone: ZoneInfo, day_start_hour: int = 0) -> None:
        self.zone, self._start = zone, timedelta(hours=day_start_hour)

    @classmethod
    def of(cls, venue: Venue) -> "Clock":
        """Return the clock of ``venue``.

        Raises:
            SettingsError: its time zone is unknown.
        """
        return cls(zone_of(venue), venue.day_start_hour)

    def moment(self, text: str | None, after: datetime | None = None) -> datetime | None:
        """Return a moment in UTC; one without an offset is the restaurant's own time.

        Where clocks are put back, an hour comes twice: the second is meant if the first would be before ``after``.

        Raises:
            ValueError: the text is no moment.
        """
        if not text:
            return None
        read = datetime.fromisoformat(text)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        found = read.replace(tzinfo=self.zone).astimezone(UTC)
        if after is not None and found < after:
            return read.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        return found

    def business_date(self, moment: datetime) -> date:
        """Return the business date of a moment for which the till names none."""
        return (moment.astimezone(self.zone) - self._start).date()

    def end_of(self, day: date) -> datetime:
        """Return the last second of a day on the restaurant's clock."""
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=self.zone)
