"""SQLite too refuses to replace an entry of the history by one of the same number.

`INSERT OR REPLACE` removes the earlier row without calling the trigger for `DELETE`
(sqlite.org/lang_conflict.html).
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER row_history_no_replace BEFORE INSERT ON row_history "
            "WHEN EXISTS (SELECT 1 FROM row_history WHERE number = new.number) "
            "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
        )


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER row_history_no_replace")
