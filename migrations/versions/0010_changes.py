"""The revision of the data of each change and each release; the successor of a removed row."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REFUSAL = "history is only added to"


def upgrade() -> None:
    """Apply the change.

    The revision of earlier changes is not known: they get the present one, so that whoever asks for
    changes since an earlier revision misses none. The release counts as present from the start.
    """
    _let(changed=True)
    op.add_column(
        "row_history",
        sa.Column("revision", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.add_column("row_history", sa.Column("successor", sa.String()))
    op.execute("UPDATE row_history SET revision = (SELECT revision FROM dataset)")
    _let(changed=False)
    op.create_index("ix_row_history_revision", "row_history", ["revision", "number"])
    op.create_table(
        "release_load",
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("release"),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO release_load (release, revision) "
        "SELECT release, 0 FROM dataset WHERE release <> ''"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("release_load")
    op.drop_index("ix_row_history_revision", "row_history")
    op.drop_column("row_history", "successor")
    op.drop_column("row_history", "revision")


def _let(*, changed: bool) -> None:
    """Whether entries of the history may be changed."""
    if op.get_bind().dialect.name != "sqlite":
        word = "DISABLE" if changed else "ENABLE"
        op.execute(f"ALTER TABLE row_history {word} TRIGGER row_history_only_added")
    elif changed:
        op.execute("DROP TRIGGER row_history_no_update")
    else:
        op.execute(
            "CREATE TRIGGER row_history_no_update BEFORE UPDATE ON row_history "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
