"""iikoCloud calls back: it tells of what happened to whom it was told to tell."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from mozg.simulate import edits
from mozg.simulate.identity import guid
from mozg.simulate.world import World

#: iikoCloud sends no more events in one call.
MOST = 100


def sell(world: World, venue: int, closed_at: datetime, dishes: Sequence[tuple[int, int]]) -> list[int]:
    """Close a check as `mozg.simulate.edits.sold` does, and tell the restaurant's listener; return as `call` does."""
    world.replace(edits.sold(world.chain, venue, closed_at, dishes))
    return call(world, world.chain.venues["external_id"][venue], "TableOrderUpdate")


def call(world: World, organization: str, *kinds: str) -> list[int]:
    """Tell the listener of an organisation of events of these kinds; return the status of each of its answers.

    Kinds are iiko's own: DeliveryOrderUpdate, TableOrderUpdate, StopListUpdate, PersonalShift.
    """
    told = world.webhooks.get(organization) or {}
    if not told.get("webHooksUri"):
        return []
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
    events: list[dict[str, Any]] = [
        {"eventType": kind, "eventTime": now, "organizationId": organization,
         "correlationId": guid(world.chain.seed, "event", now, number), "eventInfo": {}}
        for number, kind in enumerate(kinds)
    ]  # fmt: skip
    parts = [events[at : at + MOST] for at in range(0, len(events), MOST)]
    headers = {"Authorization": str(told.get("authToken") or "")}
    return [httpx.post(told["webHooksUri"], json=part, headers=headers).status_code for part in parts]
