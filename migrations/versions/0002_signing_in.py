"""Signing in: sessions, signing keys, sealed secrets, and how services find an account by its address."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate, open_to_owner

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Finding whose account it is comes before there is an organisation to set; a service learns where to look, no more.
FIND_ACCOUNTS = """
CREATE FUNCTION find_accounts(address text) RETURNS TABLE (organization_id bigint, user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT organization_id, id FROM public.users WHERE email = address AND active $$
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("credential_version", sa.BigInteger(), server_default="1", nullable=False))
    op.create_unique_constraint(
        op.f("uq_users_organization_id_telegram_id"), "users", ["organization_id", "telegram_id"]
    )
    op.add_column("report_runs", sa.Column("venue_ids", sa.ARRAY(sa.BigInteger()), nullable=True))
    op.create_table(
        "sessions",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("credential_version", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('api', 'browser')", name=op.f("ck_sessions_known_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_sessions_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_table(
        "sealed_secrets",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_sealed_secrets_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_sealed_secrets")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("accepted_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
    )
    for table in ("sessions", "sealed_secrets"):
        isolate(table, readers=False)
    op.execute("INSERT INTO signing_keys (kid) VALUES (gen_random_uuid()::text)")
    op.execute("GRANT SELECT ON signing_keys TO mozg_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mozg_app")
    op.execute("GRANT SELECT (credential_version) ON users TO mozg_reader")
    # DuckDB asks for rows by their place, once Postgres knows how many there are.
    op.execute("GRANT SELECT (ctid) ON users, venues TO mozg_reader")
    open_to_owner("users")
    op.execute(FIND_ACCOUNTS)
    op.execute("REVOKE ALL ON FUNCTION find_accounts(text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION find_accounts(text) TO mozg_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION find_accounts(text)")
    op.execute("DROP POLICY administrator ON users")
    op.execute("REVOKE SELECT (ctid) ON users, venues FROM mozg_reader")
    op.drop_table("signing_keys")
    op.drop_table("sealed_secrets")
    op.drop_table("sessions")
    op.drop_column("report_runs", "venue_ids")
    op.drop_constraint(op.f("uq_users_organization_id_telegram_id"), "users")
    op.drop_column("users", "credential_version")
