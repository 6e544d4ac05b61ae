"""An index that finds the last change of a claim without reading all claims."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEX, TABLE = "ix_evidence_updated_at", "evidence"


def upgrade() -> None:
    """Apply the change."""
    op.create_index(INDEX, TABLE, ["updated_at", "id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(INDEX, TABLE)
