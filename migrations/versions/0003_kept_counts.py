"""Counts that the writer keeps, filled from the claims."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EVIDENCE_COUNT = """
INSERT INTO evidence_count (type, id, level, origin, own, rows)
WITH RECURSIVE tree(below, above) AS (
  SELECT id, id FROM subtype
  UNION
  SELECT tree.below, subtype.parent_id FROM tree JOIN subtype ON subtype.id = tree.above
  WHERE subtype.parent_id IS NOT NULL
),
linked(type, id, claim, own) AS (
  SELECT 'mechanism', mechanism_id, id, 1 FROM evidence WHERE mechanism_id IS NOT NULL
  UNION ALL SELECT 'reference', reference_id, id, 1 FROM evidence
  UNION ALL SELECT 'partner', partner_id, evidence_id, 1 FROM evidence_partner
  UNION ALL SELECT 'trial', trial_id, evidence_id, 1 FROM evidence_trial
  UNION ALL SELECT 'edge', edge_id, evidence_id, 1 FROM edge_evidence
  UNION ALL SELECT 'entity', entity_id, evidence_id, 1 FROM evidence_subject_link
    WHERE entity_id IS NOT NULL
  UNION ALL SELECT 'entity', entity_id, evidence_id, 1 FROM evidence_object_link
    WHERE entity_id IS NOT NULL
  UNION ALL SELECT 'subtype', above, evidence_id, CASE WHEN above = subtype_id THEN 1 ELSE 0 END
    FROM evidence_subtype JOIN tree ON below = subtype_id
),
once AS (
  SELECT type, id, claim, max(own) = 1 AS own FROM linked GROUP BY type, id, claim
)
SELECT once.type, once.id, evidence.level, evidence.origin, once.own, count(*)
FROM once JOIN evidence ON evidence.id = once.claim
GROUP BY once.type, once.id, evidence.level, evidence.origin, once.own
"""

LISTED = """coalesce((SELECT {joined}(item, ' ') FROM (
  SELECT {column} AS item FROM {table} WHERE evidence_id = evidence.id ORDER BY {column}
) AS listed), '') AS {name}"""

CLAIM_KIND = """
INSERT INTO claim_kind
  (mechanism, cell, setting, level, origin, in_review, subtypes, partners, contexts, rows)
SELECT mechanism, cell, setting, level, origin, in_review, subtypes, partners, contexts, count(*)
FROM (
  SELECT coalesce(mechanism_id, '') AS mechanism, coalesce(cell_id, '') AS cell,
    setting, level, origin, in_review, {lists}
  FROM evidence
) AS kind
GROUP BY mechanism, cell, setting, level, origin, in_review, subtypes, partners, contexts
"""
LISTS = {
    "subtypes": ("evidence_subtype", "subtype_id"),
    "partners": ("evidence_partner", "partner_id"),
    "contexts": ("evidence_context", "context"),
}


def upgrade() -> None:
    """Apply the change."""
    _create("evidence_count", ("type", "id", "level", "origin"), "own", ())
    _create(
        "claim_kind",
        ("mechanism", "cell", "setting", "level", "origin"),
        "in_review",
        ("subtypes", "partners", "contexts"),
    )
    joined = "group_concat" if op.get_bind().dialect.name == "sqlite" else "string_agg"
    lists = ", ".join(
        LISTED.format(joined=joined, table=table, column=column, name=name)
        for name, (table, column) in LISTS.items()
    )
    op.execute(EVIDENCE_COUNT)
    op.execute(CLAIM_KIND.format(lists=lists))


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("claim_kind")
    op.drop_table("evidence_count")


def _create(name: str, texts: tuple[str, ...], flag: str, more: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(text, sa.String(), nullable=False) for text in texts),
        sa.Column(flag, sa.Boolean(), nullable=False),
        *(sa.Column(text, sa.String(), nullable=False) for text in more),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.CheckConstraint("rows >= 0", name="ck_rows"),
        sa.PrimaryKeyConstraint(*texts, flag, *more),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
