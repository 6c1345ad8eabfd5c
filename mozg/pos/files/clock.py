"""From what a cell says to a business date and a moment in UTC."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mozg.errors import ImportFileError, MappingError
from mozg.model import Venue

from .moments import DateOrder, Written, order_of, parse_moment, parse_time


class Moment(NamedTuple):
    """When a row happened: its business date, and the moment in UTC where the file tells the time."""

    business_date: date
    at: datetime | None = None


class Clock:
    """Reads local dates and times of one venue.

    Local time is taken as the wall clock shows it: of the hour that is repeated in autumn the first pass, and a time
    in the hour that spring skips as if the clock had not been put forward yet. The business date is local time less
    ``day_start_hour``, or the written date where there is no time. With ``bare_days`` the dates of the column say
    midnight only because they say no time.
    """

    def __init__(
        self, venue: Venue, day_start_hour: int | None, order: DateOrder | None, bare_days: bool = False
    ) -> None:
        try:
            self._zone = ZoneInfo(venue.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ImportFileError(f"Venue {venue.name} has an unknown time zone {venue.timezone!r}.") from error
        self._shift = timedelta(hours=venue.day_start_hour if day_start_hour is None else day_start_hour)
        self._order, self._bare_days = order, bare_days
        self._days: dict[str, date] = {}

    def read(self, text: str) -> Moment:
        """Read one cell that holds a date, with or without a time. Raises ``ValueError``."""
        written = parse_moment(text, self._order)
        return Moment(written.day) if self._bare_days else self._moment(written)

    def read_pair(self, day: str, hour: str) -> Moment:
        """Read a date and a time from two cells. Raises ``ValueError``."""
        if day not in self._days:
            self._days[day] = parse_moment(day, self._order).day
        return self._moment(Written(self._days[day], parse_time(hour)))

    def read_time(self, day: date, hour: str) -> Moment:
        """Read a time of the business date ``day``: hours before the day begins are of the next morning."""
        moment = parse_time(hour)
        late = timedelta(hours=moment.hour, minutes=moment.minute) < self._shift
        return self._moment(Written(day + timedelta(days=1) if late else day, moment))

    def _moment(self, written: Written) -> Moment:
        if written.time is None:
            return Moment(written.day)
        local = datetime.combine(written.day, written.time, tzinfo=written.offset or self._zone).astimezone(self._zone)
        return Moment((local.replace(tzinfo=None) - self._shift).date(), local.astimezone(UTC))


def column_order(values: Sequence[str], file: str, column: str) -> DateOrder | None:
    """Return the order of day, month and year in a column; raises `MappingError` with what to write when unclear."""
    try:
        return order_of(values).order
    except ValueError as error:
        raise MappingError(
            f'{file}, column {column!r}: {error}. Write order = "dmy" or order = "mdy" under [dates] of the mapping.'
        ) from error
