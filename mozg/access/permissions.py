"""Who may do what. This table is the only place that says so; ``docs/permissions.md`` is made from it."""

from collections.abc import Mapping
from typing import Literal, get_args

from mozg.access.scope import Role
from mozg.language import Sentence, later

Action = Literal[
    "organization.read",
    "organization.change",
    "users.read",
    "users.change",
    "venues.read",
    "venues.change",
    "venues.sync",
    "metrics.query",
    "reports.read",
    "reports.run",
    "forecasts.read",
    "dashboards.open",
    "lab.open",
    "usage.read",
]
ROLES: tuple[Role, ...] = get_args(Role)

_EVERYBODY = frozenset(ROLES)
_HEADS = frozenset[Role]({"owner", "admin"})
_ASKING = frozenset[Role]({"owner", "admin", "manager", "analyst"})

ALLOWED: Mapping[Action, frozenset[Role]] = {
    "organization.read": _EVERYBODY,
    "organization.change": _HEADS,
    "users.read": _HEADS,
    "users.change": _HEADS,
    "venues.read": _EVERYBODY,
    "venues.change": _HEADS,
    "venues.sync": frozenset({"owner", "admin", "manager"}),
    "metrics.query": _ASKING,
    "reports.read": _EVERYBODY,
    "reports.run": _ASKING,
    "forecasts.read": _ASKING,
    "dashboards.open": _EVERYBODY,
    "lab.open": frozenset({"owner", "admin", "analyst"}),
    "usage.read": _HEADS,
}
#: What needs every venue of the organisation: there is no way to narrow a free prompt or a list of users.
WHOLE: frozenset[Action] = frozenset(
    {"organization.change", "users.read", "users.change", "venues.change", "lab.open", "usage.read"}
)
MEANING: Mapping[Action, str] = {
    "organization.read": later("see the organisation's name, currency and time zone"),
    "organization.change": later("change the organisation and its Telegram bot's token"),
    "users.read": later("see who may sign in"),
    "users.change": later("invite and change people (only an owner: other owners)"),
    "venues.read": later("see venues and how fresh their data are"),
    "venues.change": later("add, change and close venues, and their tills' credentials"),
    "venues.sync": later("read a till now"),
    "metrics.query": later("ask for any metric"),
    "reports.read": later("see reports that name the role, and download finished runs of venues one may see"),
    "reports.run": later("run a report that names the role"),
    "forecasts.read": later("see forecasts"),
    "dashboards.open": later("open dashboards of reports that name the role"),
    "lab.open": later("work in JupyterLab with the organisation's own database role"),
    "usage.read": later("see who opened, ran and downloaded what"),
}


def may(role: Role, action: Action, venues: tuple[int, ...] | None = None) -> bool:
    """Tell whether ``role`` may do ``action``; ``venues`` is what the person is limited to, None for every venue."""
    return role in ALLOWED[action] and (venues is None or action not in WHOLE)


def refusal(role: Role, action: Action, venues: tuple[int, ...] | None) -> Sentence:
    """Return what somebody is told who may not do ``action``."""
    told = {"role": Sentence(role), "what": Sentence(MEANING[action])}
    if venues is None:
        return Sentence("Your role ({role}) does not allow you to {what}.", **told)
    return Sentence("Your role ({role}, of some venues only) does not allow you to {what}.", **told)


def table() -> str:
    """Return all permissions as a Markdown table."""
    head = (
        f"| action | {' | '.join(ROLES)} | every venue | what it lets one do |\n|---|{':-:|' * (len(ROLES) + 1)}---|\n"
    )
    return head + "".join(_line(action) for action in ALLOWED)


def _line(action: Action) -> str:
    marks = ["✓" if role in ALLOWED[action] else "" for role in ROLES] + ["needed" if action in WHOLE else ""]
    return f"| `{action}` | {' | '.join(marks)} | {MEANING[action]} |\n"
