"""One person of each role in the chain, signed in at the API."""

import functools

from mozg.access.organizations import Organization
from mozg.access.permissions import ROLES
from mozg.access.sessions import access_token, open_session
from mozg.access.users import add_user
from mozg.access.venues import venues_of

from .conftest import Api, Person


@functools.cache
def crew_of(api: Api, organization: Organization) -> dict[str, Person]:
    """Return everybody by role, and ``limited``: a manager of the first venue by name."""
    first = venues_of(organization)[0].id
    crew = {role: _person(api, organization, role, None, role) for role in ROLES}
    return crew | {"limited": _person(api, organization, "manager", (first,), "limited")}


def _person(api, organization, role, venues, name):
    email = f"{name}@{organization.slug}.example"
    user = add_user(organization.id, email, name.title(), role, venues=venues)
    token = access_token(open_session(user))
    return Person(user, token, api.client(token))
