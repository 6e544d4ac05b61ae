"""Keys that sort names as people do."""

import sqlalchemy as sa
from alembic import op

from app.spelling import order_key

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
        _fill(table, column, key)
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{key}", table, [key, "id"])


def _fill(table: str, column: str, key: str) -> None:
    """Give every row its key; the rows that readers see stay as they are."""
    rows = sa.table(table, sa.column("id"), sa.column(column), sa.column(key))
    found = op.get_bind().execute(sa.select(rows.c.id, rows.c[column])).all()
    keys = [{"one": row_id, "key": order_key(name)} for row_id, name in found]
    if keys:
        filled = (
            sa.update(rows)
            .where(rows.c.id == sa.bindparam("one"))
            .values({key: sa.bindparam("key")})
        )
        op.get_bind().execute(filled, keys)


def downgrade() -> None:
    """Take the change back."""
    for table, column in SORTED.items():
        key = f"{column}_key"
        op.drop_index(f"ix_{table}_{key}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, "id"])
        op.drop_column(table, key)
