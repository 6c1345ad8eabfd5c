"""What people say of the menu: portions in a sold unit, and go-lists."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_portions",
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("portions", sa.Numeric(precision=8, scale=3), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "product", name=op.f("pk_product_portions")),
    )
    op.create_table(
        "go_lists",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("products", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("venue_ids", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("target", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_go_lists_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_lists")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_go_lists_organization_id_name")),
    )
    for table in ("product_portions", "go_lists"):
        isolate(table)
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mozg_app")


def downgrade() -> None:
    op.drop_table("go_lists")
    op.drop_table("product_portions")
