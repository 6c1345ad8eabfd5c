"""Venues whose till cannot be read: one for each way in which a connection is wrong, with the words that say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from mozg.simulate import Chain, serve

OLD = "5.4.1021.0"


@dataclass
class Wrong:
    """What `add_venue` is given, and what has to be said of it."""

    name: str
    venue: dict[str, Any]
    words: str


@contextmanager
def wrong_tills() -> Iterator[list[Wrong]]:
    """Serve two tills, one of them too old, and tell of five venues that reach neither as they are set up."""
    chain = Chain.generate(seed=5, first=date(2026, 11, 1), last=date(2026, 11, 2), venues=1)
    with serve(chain) as served, serve(chain) as old:
        old.faults.version = OLD
        right, late = served.venues()[0], old.venues()[0]
        encrypted = f"{served.address}/server".replace("http", "https")
        yield [
            _changed(right, "Password", {"password": "wrong"}, "did not accept the sign-in"),
            _changed(
                right, "Restaurant", {"department_id": "nobody"}, "Set department_id to one of those that it shows"
            ),
            _changed(right, "Port", {"base_url": "http://127.0.0.1:1"}, "Check its address and the network"),
            _changed(right, "TLS", {"base_url": encrypted}, "does not speak TLS at this port"),
            _changed(late, "Version", {}, f"is iiko {OLD}, and 6.0 is the oldest that can be read"),
        ]


def _changed(venue: dict[str, Any], name: str, settings: dict[str, str], words: str) -> Wrong:
    return Wrong(name, venue | {"name": name, "pos_config": venue["pos_config"] | settings}, words)
