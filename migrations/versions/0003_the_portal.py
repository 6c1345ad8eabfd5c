"""The page that people land on: what they starred, and journals that are quickly read from the end."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "favourites",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("starred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_favourites_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_favourites_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "report", name=op.f("pk_favourites")),
    )
    isolate("favourites", readers=False)
    op.create_index(op.f("ix_sync_runs_venue_id_id"), "sync_runs", ["venue_id", "id"])
    op.create_index(op.f("ix_report_runs_organization_id_id"), "report_runs", ["organization_id", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_report_runs_organization_id_id"), "report_runs")
    op.drop_index(op.f("ix_sync_runs_venue_id_id"), "sync_runs")
    op.drop_table("favourites")
