"""Controlled words become rows that coded columns refer to.

Going up, the tables of words receive the words in use; `python -m app seed` completes the lists.
Going down, a column may hold what its table of words held.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The controlled list of each coded column, as of this migration.
CODED = {
    "conflict": {"state": "conflict_states"},
    "edge": {
        "relation": "relations",
        "sign": "signs",
        "type": "edge_types",
        "basis": "bases",
    },
    "entity": {"kind": "entity_kinds"},
    "evidence": {
        "kind": "fact_kinds",
        "relation": "relations",
        "setting": "settings",
        "level": "levels",
        "origin": "origins",
        "confidence": "confidence",
    },
    "evidence_context": {"context": "contexts"},
    "evidence_partner": {"interaction": "interactions", "line": "lines"},
    "mechanism": {"mode": "modes", "in_review_basis": "in_review_basis"},
    "outcome": {"measure": "measures", "unit": "units"},
    "partner": {"kind": "partner_kinds"},
    "reference": {"type": "reference_types", "role": "reference_roles"},
    "subtype": {"course": "courses"},
    "trial": {"phase": "trial_phases", "design": "designs", "line": "lines"},
}
LISTS = sorted({name for columns in CODED.values() for name in columns.values()})
WORD = "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ +/?()_.') = ''"


def upgrade() -> None:
    """Apply the change."""
    for name in LISTS:
        op.create_table(
            f"word_{name}",
            sa.Column("id", sa.String(), nullable=False),
            sa.CheckConstraint(WORD, name="ck_id"),
            sa.PrimaryKeyConstraint("id"),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
        words = sa.table(f"word_{name}", sa.column("id"))
        op.execute(sa.insert(words).from_select(["id"], _in_use(name)))
    for table, columns in CODED.items():
        with op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False}) as batch_op:
            for column, name in columns.items():
                batch_op.drop_constraint(f"ck_{column}", type_="check")
                batch_op.create_foreign_key(f"fk_{column}", f"word_{name}", [column], ["id"])


def downgrade() -> None:
    """Take the change back."""
    for table, columns in CODED.items():
        with op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False}) as batch_op:
            for column, name in columns.items():
                batch_op.drop_constraint(f"fk_{column}", type_="foreignkey")
                batch_op.create_check_constraint(f"ck_{column}", f"{column} IN ({_held(name)})")
    for name in LISTS:
        op.drop_table(f"word_{name}")


def _in_use(name: str) -> sa.CompoundSelect[str]:
    """The words of a list that rows hold."""
    columns = (
        sa.table(table, sa.column(column)).c[column]
        for table, columns in CODED.items()
        for column, of in columns.items()
        if of == name
    )
    return sa.union(*(sa.select(one).distinct().where(one.is_not(None)) for one in columns))


def _held(name: str) -> str:
    """The words of a list, as written in a condition; null if there are none."""
    words = (
        sa.select(sa.column("id", sa.String())).select_from(sa.table(f"word_{name}")).order_by("id")
    )
    return ", ".join(f"'{word}'" for word in op.get_bind().scalars(words)) or "NULL"
