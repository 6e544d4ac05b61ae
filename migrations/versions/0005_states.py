"""States and signs of claims, arms of outcomes, sources of references, description of the dataset.

What an earlier release did not say stays null until `python -m app seed`. Signs and the outcomes
by arm follow from the content; `python -m app migrate` makes them after the schema.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORDS = ("populations", "source_kinds", "states", "verified")
WORD = "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ +/?()_.') = ''"
STRICT = {"sqlite_strict": True, "sqlite_with_rowid": False}

# New columns, each with the controlled list of its words.
CODED = {
    "entity": {"state": "states"},
    "evidence": {"sign": "signs"},
    "outcome": {"population": "populations", "source_kind": "source_kinds"},
    "reference": {"source_kind": "source_kinds", "verified": "verified"},
}
# Alembic would copy their rows into a new table, which SQLite refuses where columns are computed.
LINKS = ("evidence_object_link", "evidence_subject_link")
PLAIN = {
    "outcome": ("comparator", "grade", "repeats_id", "event_folded"),
    "dataset": ("about",),
}
NUMBERS = {"outcome": ("repeats_position", "least_grade")}
INDEXES = {"evidence": ("sign",), "outcome": ("comparator", "event_folded", "repeats_id")}


def upgrade() -> None:
    """Apply the change."""
    for name in WORDS:
        op.create_table(
            f"word_{name}",
            sa.Column("id", sa.String(), nullable=False),
            sa.CheckConstraint(WORD, name="ck_id"),
            sa.PrimaryKeyConstraint("id"),
            **STRICT,
        )
    for table in (*CODED, "dataset"):
        _add_columns(table)
    text = "TEXT" if op.get_bind().dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    for table in LINKS:
        state = f"state {text} CONSTRAINT fk_state REFERENCES word_states (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {state}")
    # A reference found outside the review has no role in it.
    op.execute("""UPDATE "reference" SET role = NULL WHERE role = 'other'""")
    op.execute("DELETE FROM word_reference_roles WHERE id = 'other'")
    _links("outcome_drug", "outcome", "entity")
    _links("outcome_test", "outcome", "entity")
    op.create_table(
        "partner_synonym",
        *_owned("partner"),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "position"),
        sa.UniqueConstraint("partner_id", "text", name="uq_partner_synonym_text"),
        **STRICT,
    )
    op.create_index("ix_partner_synonym_text", "partner_synonym", ["text", "partner_id"])
    op.create_table(
        "trial_comparison",
        *_owned("trial"),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("comparator", sa.String()),
        sa.PrimaryKeyConstraint("trial_id", "position"),
        **STRICT,
    )
    _of_comparison("trial_comparison_outcome", "outcome")
    _of_comparison("trial_comparison_test", "entity")


def downgrade() -> None:
    """Take the change back; what only the later schema can hold is lost."""
    for table in (
        "trial_comparison_test",
        "trial_comparison_outcome",
        "trial_comparison",
        "partner_synonym",
        "outcome_test",
        "outcome_drug",
    ):
        op.drop_table(table)
    op.execute("INSERT INTO word_reference_roles (id) VALUES ('other')")
    op.execute("""UPDATE "reference" SET role = 'other' WHERE role IS NULL""")
    for table in (*CODED, "dataset"):
        _drop_columns(table)
    for table in LINKS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN state")
    for name in WORDS:
        op.drop_table(f"word_{name}")


def _add_columns(table: str) -> None:
    with op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False}) as batch_op:
        for column in (*CODED.get(table, ()), *PLAIN.get(table, ())):
            batch_op.add_column(sa.Column(column, sa.String()))
        for column in NUMBERS.get(table, ()):
            batch_op.add_column(sa.Column(column, sa.Integer()))
        for column, name in CODED.get(table, {}).items():
            batch_op.create_foreign_key(f"fk_{column}", f"word_{name}", [column], ["id"])
        if table == "outcome":
            batch_op.create_foreign_key("fk_repeats_id", "outcome", ["repeats_id"], ["id"])
        if table == "reference":
            batch_op.alter_column("role", existing_type=sa.String(), nullable=True)
    for column in INDEXES.get(table, ()):
        op.create_index(f"ix_{table}_{column}", table, [column, "id"])


def _drop_columns(table: str) -> None:
    for column in INDEXES.get(table, ()):
        op.drop_index(f"ix_{table}_{column}", table)
    with op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False}) as batch_op:
        if table == "reference":
            batch_op.alter_column("role", existing_type=sa.String(), nullable=False)
        if table == "outcome":
            batch_op.drop_constraint("fk_repeats_id", type_="foreignkey")
        for column in CODED.get(table, ()):
            batch_op.drop_constraint(f"fk_{column}", type_="foreignkey")
        for columns in (CODED, PLAIN, NUMBERS):
            for column in columns.get(table, ()):
                batch_op.drop_column(column)


def _owned(owner: str) -> Iterable[SchemaItem]:
    """The columns of what belongs to a row, in order."""
    return (
        sa.Column(f"{owner}_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], ondelete="CASCADE"),
    )


def _links(name: str, owner: str, target: str) -> None:
    op.create_table(
        name,
        # The key comes first, else PRAGMA quick_check of SQLite 3.40 sees nulls in `position`.
        sa.Column(f"{owner}_id", sa.String(), nullable=False),
        sa.Column(f"{target}_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint([f"{target}_id"], [f"{target}.id"]),
        sa.PrimaryKeyConstraint(f"{owner}_id", f"{target}_id"),
        sa.UniqueConstraint(f"{owner}_id", "position", name=f"uq_{name}_position"),
        **STRICT,
    )
    op.create_index(f"ix_{name}_{target}_id", name, [f"{target}_id", f"{owner}_id"])


def _of_comparison(name: str, target: str) -> None:
    op.create_table(
        name,
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("comparison", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(f"{target}_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([f"{target}_id"], [f"{target}.id"]),
        sa.ForeignKeyConstraint(
            ["trial_id", "comparison"],
            ["trial_comparison.trial_id", "trial_comparison.position"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trial_id", "comparison", f"{target}_id"),
        **STRICT,
    )
    op.create_index(f"ix_{name}_{target}_id", name, [f"{target}_id"])
