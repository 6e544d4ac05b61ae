"""The year of each claim, which is that of its reference."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FILL = """
UPDATE evidence
SET year = (SELECT reference.year FROM reference WHERE reference.id = evidence.reference_id)
"""


def upgrade() -> None:
    """Apply the change."""
    op.add_column("evidence", sa.Column("year", sa.Integer(), nullable=True))
    op.execute(FILL)
    op.create_index("ix_evidence_year", "evidence", ["year", "id"])
    op.create_index("ix_evidence_mechanism_year", "evidence", ["mechanism_id", "year"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_evidence_mechanism_year", "evidence")
    op.drop_index("ix_evidence_year", "evidence")
    op.drop_column("evidence", "year")
