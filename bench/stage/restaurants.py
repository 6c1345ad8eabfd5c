"""Four restaurants with three years behind them, in the record and in the lake; made once and kept."""

from datetime import date
from typing import Any

from rich.progress import track

from bench.stage.installation import FOLDER, organization
from bench.stage.simulated import LAST_DAY, catalogue_of, chain_of, sales_of
from mozg.access.organizations import Organization
from mozg.access.venues import add_venue, venues_of
from mozg.lake.refresh import refresh
from mozg.model import Venue
from mozg.simulate import Chain
from mozg.store.database import transaction
from mozg.store.load import load_catalogue, load_sales


def restaurants(venues: int, days: int, last: date = LAST_DAY) -> Organization:
    """Return an organisation with so many venues and days of history; they end on the same day in every run."""
    name = f"chain-{venues}-{days}" + ("" if last == LAST_DAY else f"-{last:%Y%m%d}")
    filled = FOLDER / f"{name}.filled"
    owner = organization(name)
    if not filled.exists():
        _fill(owner, chain_of(venues, days, last))
        filled.touch()
    refresh(owner)  # a lake of an older version is copied anew
    return owner


def _fill(owner: Organization, chain: Chain) -> None:
    known = {venue.name: venue for venue in venues_of(owner)}
    with transaction(owner.id) as connection:
        load_catalogue(connection, owner.id, catalogue_of(chain), run_id=1)
    for number, row in track(list(enumerate(chain.venues.to_dict("records"))), "Filling the record"):
        venue = known.get(row["name"]) or _add(owner, row)
        with transaction(owner.id) as connection:
            load_sales(connection, owner.id, venue.id, sales_of(chain, number), run_id=1)
    refresh(owner)


def _add(owner: Organization, row: dict[str, Any]) -> Venue:
    details = {name: row[name] for name in ("city", "country", "opened_on")}
    return add_venue(owner, row["name"], timezone=row["timezone"], **details)
