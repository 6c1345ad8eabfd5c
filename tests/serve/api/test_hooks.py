"""A till calls, and its venue is read at once."""

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from mozg.access.venues import add_venue
from mozg.simulate import Chain, serve
from mozg.store.database import transaction

from .conftest import V1

EVENT = {"eventType": "DeliveryOrderUpdate", "eventTime": "2026-10-25 20:05:00.000", "eventInfo": {}}


@pytest.fixture(scope="module")
def tills():
    today = datetime.now(UTC).date()
    with serve(Chain.generate(seed=5, first=today, last=today, venues=1)) as served:
        yield served


@pytest.fixture
def venue(organization, team, tills):
    till = tills.venues("iiko_cloud")[0]
    return add_venue(organization, **till | {"name": "Живая", "pos_config": till["pos_config"] | {
        "webhook_token": "the word"}})  # fmt: skip


def call(client, address, word, events):
    return client.post(address, json=events, headers={"Authorization": word}).status_code


def test_only_who_knows_the_word_is_heard_and_then_the_venue_is_read(organization, venue, team):
    client, address = team["owner"].client, f"{V1}/hooks/iiko/{organization.slug}/{venue.id}"
    assert call(client, address, "another word", [EVENT]) == 401
    assert call(client, address, "", [EVENT]) == 401
    assert call(client, f"{V1}/hooks/iiko/{organization.slug}/999999", "the word", [EVENT]) == 401
    assert call(client, f"{V1}/hooks/iiko/nobody/{venue.id}", "the word", [EVENT]) == 401
    assert call(client, address, "the word", [EVENT] * 101) == 422
    assert call(client, address, "the word", [EVENT] * 3) == 202
    for _ in range(200):
        with transaction(organization.id) as connection:
            query = text("SELECT outcome FROM sync_runs WHERE venue_id = :venue ORDER BY id DESC LIMIT 1")
            outcome = connection.scalar(query, {"venue": venue.id})
        if outcome not in (None, "running"):
            break
        time.sleep(0.05)
    assert outcome == "ok"
