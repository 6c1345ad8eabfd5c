"""Who uses what: the journal of opened, run and downloaded reports, as the organisation's own reader sees it.

The journal lies in Postgres and is of no snapshot: the same question tells more tomorrow. It is for those who may see
the use of others (``usage.read``), whatever notebook asks. Days and weeks are of the organisation's time zone.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mozg.access.permissions import may, refusal
from mozg.access.scope import Scope
from mozg.errors import ForbiddenError
from mozg.lake.reader import Lake
from mozg.metrics.periods import Period

#: How often a report was opened, run and downloaded; ``times`` is their sum.
COUNTS = ("opened", "ran", "downloaded", "times")
#: What the audit log calls a sign-in that succeeded.
SIGNED_IN = "sign-in"
_OPENED, _DOWNLOADED = "('dashboard', 'notebook')", "('html', 'pdf', 'xlsx')"


def require_usage(scope: Scope) -> None:
    """Do nothing if ``scope`` may see who used what.

    Raises:
        ForbiddenError: its role may not, or it is limited to some venues: use cannot be told apart by venue.
    """
    if not may(scope.role, "usage.read", scope.venues):
        raise ForbiddenError(refusal(scope.role, "usage.read", scope.venues))


def uses(lake: Lake, during: Period) -> pd.DataFrame:
    """Return what was used in a period: ``week`` (its Monday), ``user_id``, ``report``, `COUNTS`, ``last`` (UTC).

    One row per week, person and report; ``user_id`` is missing where nobody known was signed in.

    Raises:
        ForbiddenError: see `require_usage`.
    """
    local = "opened_at AT TIME ZONE $1"
    return _frame(
        lake,
        ("week", "user_id", "report", *COUNTS, "last"),
        f"SELECT date_trunc('week', {local})::date, user_id, report, "
        f"count(*) FILTER (WHERE channel IN {_OPENED}), count(*) FILTER (WHERE channel = 'run'), "
        f"count(*) FILTER (WHERE channel IN {_DOWNLOADED}), count(*), max(opened_at) "
        f"FROM record.public.report_views WHERE ({local})::date BETWEEN $2 AND $3 GROUP BY ALL ORDER BY ALL",
        [lake.owner.timezone, during.first, during.last],
    )


def last_uses(lake: Lake) -> dict[str, Any]:
    """Return when each report was last used at all, by its name (UTC).

    Raises:
        ForbiddenError: see `require_usage`.
    """
    require_usage(lake.scope)
    return dict(lake.rows("SELECT report, max(opened_at) FROM record.public.report_views GROUP BY report"))


def people(lake: Lake) -> pd.DataFrame:
    """Return everybody of the organisation by name: ``user_id``, ``person``, ``email``, ``role``, ``active``,
    ``since`` and ``last_sign_in`` (UTC), which is missing where the journal has none.

    Raises:
        ForbiddenError: see `require_usage`.
    """  # fmt: skip
    return _frame(
        lake,
        ("user_id", "person", "email", "role", "active", "since", "last_sign_in"),
        "SELECT id, name, email, role, active, created_at, last FROM record.public.users LEFT JOIN "
        "(SELECT actor, max(happened_at) AS last FROM record.public.audit_log WHERE action = $1 GROUP BY actor) "
        "ON actor = email ORDER BY name, email",
        [SIGNED_IN],
    )


def notes(lake: Lake, during: Period) -> pd.DataFrame:
    """Return what people did in a period, newest first: ``at`` (UTC), ``actor``, ``action``, ``subject``.

    Raises:
        ForbiddenError: see `require_usage`.
    """
    return _frame(
        lake,
        ("at", "actor", "action", "subject"),
        "SELECT happened_at, actor, action, subject FROM record.public.audit_log "
        "WHERE (happened_at AT TIME ZONE $1)::date BETWEEN $2 AND $3 ORDER BY happened_at DESC, id DESC",
        [lake.owner.timezone, during.first, during.last],
    )


def journal_began(lake: Lake) -> Any:
    """Return the day of the journal's first note, or None while it is empty.

    Raises:
        ForbiddenError: see `require_usage`.
    """
    require_usage(lake.scope)
    query = (
        "SELECT least((SELECT min(happened_at) FROM record.public.audit_log), "
        "(SELECT min(opened_at) FROM record.public.report_views))"
    )
    return lake.rows(f"SELECT (({query}) AT TIME ZONE $1)::date", [lake.owner.timezone])[0][0]


def _frame(lake: Lake, columns: Sequence[str], sql: str, parameters: list[Any]) -> pd.DataFrame:
    require_usage(lake.scope)
    return pd.DataFrame(lake.rows(sql, parameters), columns=list(columns))
