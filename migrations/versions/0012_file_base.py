"""What the files said, when last loaded, about rows that were changed by key."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "file_base",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entry", sa.String()),
        sa.PrimaryKeyConstraint("type", "id"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("file_base")
