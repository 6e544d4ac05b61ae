"""The search index; `python -m app migrate` fills it from the content."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PLAIN = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "search_row",
        sa.Column("document", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document"),
        sa.UniqueConstraint("type", "id", name="uq_search_row_id"),
        **PLAIN,
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("document", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "document"),
        **PLAIN,
    )
    op.create_table(
        "search_name",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", "document"),
        **PLAIN,
    )
    op.create_index("ix_search_name_document", "search_name", ["document"])
    op.create_table(
        "search_term",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
        **PLAIN,
    )


def downgrade() -> None:
    """Take the change back."""
    for table in ("search_term", "search_name", "search_word", "search_row"):
        op.drop_table(table)
