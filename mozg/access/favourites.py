"""The reports that a person starred, to find them first. Whether they may read a report is asked elsewhere."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from mozg.access.users import User
from mozg.store.database import transaction
from mozg.store.tables import Favourite


def favourites(user: User) -> frozenset[str]:
    """Return the names of the reports that a person starred."""
    query = select(Favourite.report).where(Favourite.user_id == user.id)
    with transaction(user.organization_id) as connection:
        return frozenset(connection.scalars(query))


def star(user: User, report: str) -> None:
    """Star a report for a person; one that is starred already stays so."""
    row = {"organization_id": user.organization_id, "user_id": user.id, "report": report}
    with transaction(user.organization_id) as connection:
        connection.execute(insert(Favourite).values(row).on_conflict_do_nothing())


def unstar(user: User, report: str) -> None:
    """Take a person's star off a report, if there is one."""
    query = delete(Favourite).where(Favourite.user_id == user.id, Favourite.report == report)
    with transaction(user.organization_id) as connection:
        connection.execute(query)
