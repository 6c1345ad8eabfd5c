"""One person of each role in the chain, signed in at the API."""

import functools

from mozg.access.organizations import Organization
from mozg.access.permissions import ROLES
from mozg.access.sessions import access_token, open_session
from mozg.access.users import User, add_user
from mozg.access.venues import venues_of

from .conftest import Api, Person


def crew_of(api: Api, organization: Organization) -> dict[str, Person]:
    """Return everybody by role, and ``limited``: a manager of the first venue by name. They have just signed in."""
    return {name: _signed_in(api, user) for name, user in _users(organization).items()}


@functools.cache
def _users(organization: Organization) -> dict[str, User]:
    first = venues_of(organization)[0].id
    users = {role: _user(organization, role, None, role) for role in ROLES}
    return users | {"limited": _user(organization, "manager", (first,), "limited")}


def _user(organization, role, venues, name):
    return add_user(organization.id, f"{name}@{organization.slug}.example", name.title(), role, venues=venues)


def _signed_in(api, user):
    token = access_token(open_session(user))
    return Person(user, token, api.client(token))
