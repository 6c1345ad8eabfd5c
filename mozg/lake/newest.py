"""Which snapshot of a lake is the newest, asked without opening the lake."""

from psycopg.errors import UndefinedTable
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from mozg.access.organizations import Organization
from mozg.errors import LakeError
from mozg.store.database import reading

NO_LAKE = "This organisation has no lake yet: nothing has been synced or imported."


def newest_snapshot(organization: Organization) -> int:
    """Return the number of the newest snapshot of ``organization``'s lake.

    Raises:
        LakeError: there is no lake yet.
        StoreError: Postgres is away.
    """
    query = text(f"SELECT max(snapshot_id) FROM {organization.lake_schema}.ducklake_snapshot")
    try:
        with reading() as connection:
            newest: int = connection.execute(query).scalar_one()
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable):
            raise LakeError(NO_LAKE) from None
        raise
    return newest
