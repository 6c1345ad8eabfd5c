"""What the till calls the discounts on a check."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipts", sa.Column("discount_type", sa.Text()))


def downgrade() -> None:
    op.drop_column("receipts", "discount_type")
