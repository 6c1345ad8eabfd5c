"""Tenant isolation, table by table. Every migration that adds a table calls one of these for it.

``mozg_app`` sees the organisation that its transaction has set; a reader role sees the organisation that
``organization_roles`` binds its *session* user to, whatever it sets or pretends to be.
"""

from collections.abc import Sequence

from alembic import op

READER_ORGANIZATION = """
CREATE FUNCTION reader_organization() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT bound_to FROM public.organization_roles WHERE role_name = session_user $$
"""
KNOWN_ORGANIZATIONS = """
CREATE FUNCTION known_organizations() RETURNS SETOF organizations
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT * FROM public.organizations $$
"""


def create_functions() -> None:
    """Create the function that binds a reader, and the one with which services find an organisation by name."""
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO mozg_app, mozg_reader")
    op.execute(READER_ORGANIZATION)
    op.execute("REVOKE ALL ON FUNCTION reader_organization() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION reader_organization() TO mozg_reader")
    op.execute(KNOWN_ORGANIZATIONS)
    op.execute("REVOKE ALL ON FUNCTION known_organizations() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION known_organizations() TO mozg_app")


def open_to_owner(table: str) -> None:
    """Let the table's owner through its own forced row-level security, where the owner is no superuser."""
    op.execute(f"CREATE POLICY administrator ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def isolate(
    table: str, *, column: str = "organization_id", hidden: Sequence[str] = (), columns: Sequence[str] = (),
    readers: bool = True,
) -> None:  # fmt: skip
    """Put ``table`` under forced row-level security.

    Readers may not select the ``hidden`` ones of ``columns``; without ``readers`` they may select nothing.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    chosen = "(SELECT nullif(current_setting('mozg.organization_id', true), '')::bigint)"
    op.execute(
        f"CREATE POLICY service ON {table} TO mozg_app USING ({column} = {chosen}) WITH CHECK ({column} = {chosen})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO mozg_app")
    if not readers:
        return
    op.execute(
        f"CREATE POLICY reader ON {table} FOR SELECT TO mozg_reader USING ({column} = (SELECT reader_organization()))"
    )
    visible = f" ({', '.join(name for name in columns if name not in hidden)})" if hidden else ""
    op.execute(f"GRANT SELECT{visible} ON {table} TO mozg_reader")
