"""Who holds a token, in one question: every request to the API and to the dashboards begins with it."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: It has the rights of its caller and no more: the organisation is set as for any other question of a service.
SESSION_HOLDER = """
CREATE FUNCTION session_holder(organization bigint, person bigint, session bigint, session_kind text, key text)
RETURNS TABLE (holder public.users, employer public.organizations) LANGUAGE plpgsql AS
$$ BEGIN
    PERFORM set_config('mozg.organization_id', organization::text, true);
    RETURN QUERY
        SELECT users, organizations
        FROM public.sessions
        JOIN public.users ON users.id = sessions.user_id AND users.credential_version = sessions.credential_version
        JOIN public.organizations ON organizations.id = users.organization_id
        JOIN public.signing_keys ON signing_keys.kid = key
        WHERE sessions.id = session AND sessions.kind = session_kind AND users.id = person AND users.active
            AND sessions.closed_at IS NULL AND sessions.expires_at > now()
            AND (signing_keys.accepted_until IS NULL OR signing_keys.accepted_until > now());
END $$
"""
ARGUMENTS = "bigint, bigint, bigint, text, text"


def upgrade() -> None:
    op.execute(SESSION_HOLDER)
    op.execute(f"REVOKE ALL ON FUNCTION session_holder({ARGUMENTS}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION session_holder({ARGUMENTS}) TO mozg_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION session_holder({ARGUMENTS})")
