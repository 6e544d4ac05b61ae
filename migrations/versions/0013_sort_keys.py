"""Keys that sort names as people do; `python -m app migrate` makes them from the content."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAMED = ("entity", "mechanism", "partner", "subtype", "trial")
SORTED = {**dict.fromkeys(NAMED, "name"), "reference": "title"}


def upgrade() -> None:
    """Apply the change."""
    for table, column in SORTED.items():
        key = f"{column}_key"
        op.add_column(table, sa.Column(key, sa.String(), nullable=False, server_default=""))
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{key}", table, [key, "id"])


def downgrade() -> None:
    """Take the change back."""
    for table, column in SORTED.items():
        key = f"{column}_key"
        op.drop_index(f"ix_{table}_{key}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, "id"])
        op.drop_column(table, key)
