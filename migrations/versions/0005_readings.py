"""How far each stream was read, backwards too, and what each reading of a day found."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sync_cursors", sa.Column("read_from", sa.Date(), nullable=True))
    op.add_column("sync_cursors", sa.Column("wanted_from", sa.Date(), nullable=True))
    op.add_column("sync_cursors", sa.Column("deep_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "day_readings",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("venue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("run_changed", sa.BigInteger(), nullable=False),
        sa.Column("revenue", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("receipts", sa.BigInteger(), nullable=False),
        sa.Column("till_revenue", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rereads", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("was_over", sa.Boolean(), nullable=False),
        sa.Column("late_receipts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("late_amount", sa.Numeric(precision=14, scale=2), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_day_readings_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("venue_id", "business_date", name=op.f("pk_day_readings")),
    )
    isolate("day_readings")


def downgrade() -> None:
    op.drop_table("day_readings")
    for column in ("deep_at", "wanted_from", "read_from"):
        op.drop_column("sync_cursors", column)
