"""What tills tell besides sales: cash shifts, dining tables, means of payment; cursors for each stream."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = ("cash_shifts", "dining_tables", "payment_types")
ADDED = {
    "receipts": [sa.Column("cash_shift", sa.Text(), nullable=True)],
    "write_offs": [sa.Column("store", sa.Text(), nullable=True), sa.Column("document", sa.Text(), nullable=True)],
    "purchases": [sa.Column("store", sa.Text(), nullable=True), sa.Column("document", sa.Text(), nullable=True)],
    "stock_counts": [
        sa.Column("expected", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("counted", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("store", sa.Text(), nullable=True),
    ],
    "stop_list": [sa.Column("remaining", sa.Numeric(precision=12, scale=3), nullable=True)],
    "sync_cursors": [
        sa.Column("offered", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
    ],
}


def upgrade() -> None:
    _create(
        "cash_shifts",
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("register", sa.Text(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=True),
        sa.Column("revenue", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("receipts", sa.BigInteger(), nullable=True),
        sa.Column("cash", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("card", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("non_cash", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("cash_difference", sa.Numeric(precision=14, scale=2), nullable=True),
    )
    op.create_index(op.f("ix_cash_shifts_business_date_venue_id"), "cash_shifts", ["business_date", "venue_id"])
    _create(
        "dining_tables",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hall", sa.Text(), nullable=True),
        sa.Column("seats", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    _create(
        "payment_types",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    for table in NEW:
        isolate(table)
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mozg_app")
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column.copy())
    op.alter_column("sync_cursors", "read_until", nullable=True)
    op.alter_column("product_costs", "cost", type_=sa.Numeric(precision=14, scale=4))


def downgrade() -> None:
    op.alter_column("product_costs", "cost", type_=sa.Numeric(precision=14, scale=2))
    op.execute("DELETE FROM sync_cursors WHERE read_until IS NULL")
    op.alter_column("sync_cursors", "read_until", nullable=False)
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
    for table in reversed(NEW):
        op.drop_table(table)


def _create(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *columns,
        sa.Column("venue_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("venue_id", "external_id", name=op.f(f"uq_{table}_venue_id_external_id")),
    )
