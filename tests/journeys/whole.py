"""A whole installation for the tests: one restaurant whose tills were read, served by `up` until a signal comes.

Run with DATABASE_URL naming an empty database. When everything answers, a line ``READY [[name, address, …], …]`` comes.
"""

import json
from datetime import UTC, datetime, timedelta

from mozg.access.organizations import create_organization
from mozg.access.users import add_user
from mozg.access.venues import add_venue
from mozg.lake.refresh import refresh
from mozg.serve.services import Service
from mozg.serve.supervisor import up
from mozg.simulate import Chain, serve
from mozg.store.migrate import migrate
from mozg.sync.engine import sync


def furnish() -> None:
    """Make the organisation with an owner, a venue and three weeks of checks."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    chain = Chain.generate(seed=8, first=last - timedelta(days=20), last=last, venues=1)
    organization = create_organization("whole", "Целиком", currency="RUB", timezone="Europe/Moscow")
    add_user(organization.id, "olga@whole.example", "Olga", "owner", password="several words in a row")
    with serve(chain) as served:
        venues = [add_venue(organization, **venue) for venue in served.venues()]
        sync(organization, venues, since=chain.first)
    refresh(organization)


def tell(services: list[Service]) -> None:
    """Say where everything is."""
    told = [[one.name, one.address, one.sign_in, one.pid] for one in services]
    print("READY", json.dumps(told), flush=True)


if __name__ == "__main__":
    migrate()
    furnish()
    up(ready=tell)
