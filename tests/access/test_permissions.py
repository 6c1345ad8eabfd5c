"""Who may do what: the table, its printed form, and what a list of venues takes away."""

from typing import get_args

import pytest
from sqlalchemy import text

from mozg.access.permissions import ALLOWED, MEANING, ROLES, WHOLE, Action, may, table
from mozg.access.vault import keep, recall
from mozg.settings import settings
from mozg.store.database import transaction


def test_every_action_is_decided_and_explained():
    assert set(ALLOWED) == set(MEANING) == set(get_args(Action))


def test_owners_may_do_everything_and_viewers_change_nothing():
    assert all(may("owner", action) for action in ALLOWED)
    assert {action for action in ALLOWED if may("viewer", action)} == {
        "organization.read", "venues.read", "reports.read", "dashboards.open",
    }  # fmt: skip


def test_each_role_up_to_admin_may_what_a_viewer_may():
    for action in ALLOWED:
        if may("viewer", action):
            assert all(may(role, action) for role in ROLES), action


@pytest.mark.parametrize("action", sorted(WHOLE))
def test_who_is_limited_to_venues_may_not_do_what_cannot_be_narrowed(action):
    assert may("owner", action)
    assert not may("owner", action, venues=(1,))
    assert not may("owner", action, venues=())


def test_the_printed_table_is_this_one():
    text_ = (settings().project_path / "docs" / "permissions.md").read_text("utf-8")
    assert table() in text_, "Write it anew: python scripts/permissions.py"


def test_the_vault_keeps_what_nobody_can_read_beside_us(organization):
    keep(organization.id, "telegram_bot", "110:token")
    keep(organization.id, "telegram_bot", "111:newer")
    assert recall(organization.id, "telegram_bot") == "111:newer"
    with transaction(organization.id) as connection:
        assert "newer" not in connection.scalar(text("SELECT sealed FROM sealed_secrets"))
    keep(organization.id, "telegram_bot", None)
    assert recall(organization.id, "telegram_bot") is None
