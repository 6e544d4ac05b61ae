"""Keys of those who change rows, and the history of their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSAL = "history is only added to"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "api_key",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String()),
        sa.Column("revoked_at", sa.String()),
        sa.Column("used_at", sa.String()),
        sa.CheckConstraint("scope IN ('propose', 'review', 'admin')", name="ck_scope"),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
    op.create_index("ix_api_key_hash", "api_key", ["hash"], unique=True)
    op.create_table(
        "row_history",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("before", sa.String()),
        sa.Column("after", sa.String()),
        sa.Column("shown_before", sa.String()),
        sa.Column("shown_after", sa.String()),
        sa.CheckConstraint("action IN ('added', 'changed', 'removed')", name="ck_action"),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("ix_row_history_id", "row_history", ["type", "id", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER row_history_no_{event.lower()} BEFORE {event} ON row_history "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION row_history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER row_history_only_added BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON row_history FOR EACH STATEMENT EXECUTE FUNCTION row_history_refuse()"
        )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("row_history")
    op.drop_table("api_key")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION row_history_refuse()")
