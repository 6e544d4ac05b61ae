"""References in one line; `python -m app migrate` makes them from the content."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    for table in ("reference", "evidence"):
        op.add_column(table, sa.Column("cite", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the change back."""
    for table in ("reference", "evidence"):
        op.drop_column(table, "cite")
