"""Limits that hold over all flow runs: one reader at a time for each till server."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from hashlib import sha256
from urllib.parse import urlsplit

from prefect import get_client
from prefect.concurrency.sync import concurrency

from mozg.model import Venue


def till_limit(venue: Venue) -> str:
    """Return the name of the limit on the server behind a venue's till, ``till:<host>``.

    Venues with one server share a limit. Of tills that are reached without an address, those with the same
    credentials do: ``till:<kind>:<fingerprint>``.
    """
    host = urlsplit(str(venue.pos_config.get("base_url", ""))).netloc.rpartition("@")[2]
    return f"till:{host or f'{venue.pos}:{_fingerprint(venue)}'}"


def _fingerprint(venue: Venue) -> str:
    # What ends in _id says which restaurant is meant, or which program asks; the rest lets one in.
    secrets = sorted(f"{name}={value}" for name, value in venue.pos_config.items() if not name.endswith("_id"))
    return sha256("\n".join(secrets).encode()).hexdigest()[:12]


def create_limits(venues: Iterable[Venue]) -> list[str]:
    """Create the limits on the tills of ``venues``, or set those that exist to one reader; return their names."""
    names = sorted({till_limit(venue) for venue in venues if venue.pos != "files"})
    with get_client(sync_client=True) as client:
        for name in names:
            client.upsert_global_concurrency_limit_by_name(name, 1)
    return names


def only_reader(venue: Venue) -> AbstractContextManager[None]:
    """Wait until nobody else reads the server of ``venue``, and keep others away for the length of the block.

    Strict: a limit that nobody created raises instead of limiting nothing.
    """
    return concurrency(till_limit(venue), strict=True)
