"""Changes that await another's decision, and what the history says about them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = ("source", "proposal", "accepted_by")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "proposal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger()),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("before", sa.String()),
        sa.Column("after", sa.String()),
        sa.Column("successor", sa.String()),
        sa.Column("decided_at", sa.String()),
        sa.Column("decided_by", sa.String()),
        sa.Column("comment", sa.String()),
        sa.CheckConstraint("state IN ('open', 'accepted', 'rejected')", name="ck_state"),
        sa.CheckConstraint("action IN ('added', 'changed', 'removed')", name="ck_action"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("ix_proposal_state", "proposal", ["state", "number"])
    op.create_index("ix_proposal_id", "proposal", ["type", "id", "number"])
    for name in NEW:
        kind = sa.BigInteger() if name == "proposal" else sa.String()
        op.add_column("row_history", sa.Column(name, kind))


def downgrade() -> None:
    """Take the change back."""
    for name in reversed(NEW):
        op.drop_column("row_history", name)
    op.drop_table("proposal")
