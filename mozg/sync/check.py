"""Trying a till before trusting it: does it answer, as whom, and what does it tell."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mozg.errors import SettingsError
from mozg.model import STREAMS, Venue
from mozg.pos import About, Patience, connect

#: Somebody waits for the answer.
IMPATIENT = Patience(attempts=2, first=0.5, busy=2.0, longest=5.0, connect=5.0, answer=30.0)


@dataclass(frozen=True)
class Checked:
    """A till that answers: who it is, how many receipts it has of ``day`` (yesterday), which streams it tells or not.

    ``clock`` is the time zone that the till keeps where that is not the venue's.
    """

    venue: Venue
    about: About
    day: date
    receipts: int
    offered: tuple[str, ...]
    missing: tuple[str, ...]
    clock: str | None

    def sentences(self) -> list[str]:
        """Return what was found, for people."""
        told = [
            f"Connected to {self.about.restaurant} ({self.about.system}): "
            f"{self.receipts} {'receipt' if self.receipts == 1 else 'receipts'} on {self.day}."
        ]
        if self.offered:
            told.append(f"Besides sales it tells: {_named(self.offered)}.")
        if self.missing:
            told.append(f"It does not tell: {_named(self.missing)}.")
        if self.clock:
            told.append(f"The till keeps the time of {self.clock}, but the venue's is {self.venue.timezone}.")
        return told


def check_till(venue: Venue) -> Checked:
    """Sign in to the till of ``venue``, which need not be stored, and ask who it is and for yesterday's sales.

    Raises:
        SettingsError: a setting is missing, the kind of till is not installed, or the venue has none.
        TillError: the till cannot be read; the sentence says what is wrong and what to do.
    """
    if venue.pos == "files":
        raise SettingsError(f"{venue.name} has no till: its receipts come from files.")
    day = datetime.now(ZoneInfo(venue.timezone)).date() - timedelta(days=1)
    with connect(venue, IMPATIENT) as till:
        about, offered = till.about(), tuple(name for name in STREAMS if name in till.streams)
        receipts = till.sales(day, day).receipts
    missing = tuple(name for name in STREAMS if name not in offered)
    clock = None if about.timezone in (None, venue.timezone) else about.timezone
    return Checked(venue, about, day, len(receipts), offered, missing, clock)


def _named(streams: tuple[str, ...]) -> str:
    return ", ".join(stream.replace("_", " ") for stream in streams)
