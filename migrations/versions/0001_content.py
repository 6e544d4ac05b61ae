"""The tables of the curated content."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "conflict",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("computed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'explained')", name="ck_state"),
        sa.CheckConstraint("computed = (computed <> false)", name="ck_computed"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_state", ["state", "id"], unique=False)

    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_one_row"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "entity",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("drug_class", sa.String(), nullable=True),
        sa.Column("in_network", sa.Boolean(), nullable=False),
        sa.Column("crosses_cells", sa.Boolean(), nullable=False),
        sa.Column("figure1_term", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state_of_id", sa.String(), nullable=True),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('drug', 'protein', 'complex', 'cytokine', 'transcription_factor', 'surface_receptor', 'process', 'phenotype', 'cell', 'family')",
            name="ck_kind",
        ),
        sa.CheckConstraint("crosses_cells = (crosses_cells <> false)", name="ck_crosses_cells"),
        sa.CheckConstraint("in_network = (in_network <> false)", name="ck_in_network"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["state_of_id"],
            ["entity.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("figure1_term", name="uq_entity_figure1_term"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.create_index("ix_entity_in_network", ["in_network", "id"], unique=False)
        batch_op.create_index("ix_entity_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_entity_name", ["name", "id"], unique=False)
        batch_op.create_index("ix_entity_parent_id", ["parent_id", "id"], unique=False)
        batch_op.create_index("ix_entity_state_of_id", ["state_of_id", "id"], unique=False)

    op.create_table(
        "mechanism",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("in_review", sa.Boolean(), nullable=False),
        sa.Column("in_review_basis", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("in_review_basis IN ('abstract', 'caption')", name="ck_in_review_basis"),
        sa.CheckConstraint(
            "mode IN ('direct_antitumour', 'immunomodulatory', 'microenvironment', 'resistance')",
            name="ck_mode",
        ),
        sa.CheckConstraint("in_review = (in_review <> false)", name="ck_in_review"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("mechanism", schema=None) as batch_op:
        batch_op.create_index("ix_mechanism_mode", ["mode", "id"], unique=False)
        batch_op.create_index("ix_mechanism_name", ["name", "id"], unique=False)

    op.create_table(
        "reference",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_certain", sa.Boolean(), nullable=False),
        sa.Column("authors_complete", sa.Boolean(), nullable=False),
        sa.Column("container_title", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("volume", sa.String(), nullable=True),
        sa.Column("issue", sa.String(), nullable=True),
        sa.Column("page", sa.String(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("pmid", sa.String(), nullable=True),
        sa.Column("pmcid", sa.String(), nullable=True),
        sa.Column("nct", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("listed_as", sa.BigInteger(), nullable=True),
        sa.Column("citation", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('the review', 'listed in the review', 'other')", name="ck_role"
        ),
        sa.CheckConstraint(
            "type IN ('article-journal', 'report', 'thesis', 'webpage')", name="ck_type"
        ),
        sa.CheckConstraint(
            "authors_complete = (authors_complete <> false)", name="ck_authors_complete"
        ),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("title_certain = (title_certain <> false)", name="ck_title_certain"),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index("ix_reference_nct", ["nct"], unique=False)
        batch_op.create_index("ix_reference_role", ["role", "id"], unique=False)
        batch_op.create_index("ix_reference_title", ["title", "id"], unique=False)
        batch_op.create_index("ix_reference_year", ["year", "id"], unique=False)
        batch_op.create_index("uq_reference_doi", ["doi"], unique=True)
        batch_op.create_index("uq_reference_pmcid", ["pmcid"], unique=True)
        batch_op.create_index("uq_reference_pmid", ["pmid"], unique=True)

    op.create_table(
        "subtype",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("abbreviation", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.CheckConstraint("course IN ('indolent', 'aggressive', 'mixed')", name="ck_course"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("subtype", schema=None) as batch_op:
        batch_op.create_index("ix_subtype_course", ["course", "id"], unique=False)
        batch_op.create_index("ix_subtype_name", ["name", "id"], unique=False)
        batch_op.create_index("ix_subtype_parent_id", ["parent_id", "id"], unique=False)

    op.create_table(
        "trial",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nct", sa.String(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("line_detail", sa.String(), nullable=False),
        sa.Column("comparator", sa.String(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "design IN ('randomised', 'single_arm', 'pooled', 'matched_cohort', 'retrospective', 'observational', 'correlative')",
            name="ck_design",
        ),
        sa.CheckConstraint(
            "line IN ('first_line', 'relapsed_refractory', 'first_line_and_relapsed', 'maintenance')",
            name="ck_line",
        ),
        sa.CheckConstraint("phase IN ('1/2', '2', '2/3 (stage 1)', '3', '3b')", name="ck_phase"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.create_index("ix_trial_line", ["line", "id"], unique=False)
        batch_op.create_index("ix_trial_name", ["name", "id"], unique=False)
        batch_op.create_index("ix_trial_nct", ["nct"], unique=False)
        batch_op.create_index("ix_trial_phase", ["phase", "id"], unique=False)

    op.create_table(
        "conflict_side",
        sa.Column("conflict_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conflict_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conflict_subtype",
        sa.Column("conflict_id", sa.String(), nullable=False),
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("conflict_id", "subtype_id"),
        sa.UniqueConstraint("conflict_id", "position", name="uq_conflict_subtype_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conflict_subtype", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conflict_subtype_subtype_id", ["subtype_id", "conflict_id"], unique=False
        )

    op.create_table(
        "edge",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("sign", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("contact_with_id", sa.String(), nullable=True),
        sa.CheckConstraint("basis IN ('evidence', 'textbook')", name="ck_basis"),
        sa.CheckConstraint(
            "relation IN ('binds', 'degrades', 'activates', 'inhibits', 'increases', 'decreases', 'required_for', 'synergizes', 'modulates', 'antagonizes', 'complements', 'confers_resistance_to', 'no_effect_on', 'mediates', 'acts_through', 'downstream_of', 'component_of', 'associated_with', 'is_a', 'abbreviation_of', 'has_route', 'active_in', 'improves_outcome_in', 'no_benefit_in', 'no_lasting_benefit_in', 'studied_in', 'causes_adverse_event', 'approved_for', 'not_approved_for', 'most_common_types_of', 'cites', 'published_in')",
            name="ck_relation",
        ),
        sa.CheckConstraint("sign IN ('+', '-', '?')", name="ck_sign"),
        sa.CheckConstraint("type IN ('causal', 'synergy')", name="ck_type"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["cell_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["contact_with_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["entity.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.create_index("ix_edge_basis", ["basis", "id"], unique=False)
        batch_op.create_index("ix_edge_cell_id", ["cell_id", "id"], unique=False)
        batch_op.create_index("ix_edge_contact_with_id", ["contact_with_id", "id"], unique=False)
        batch_op.create_index("ix_edge_sign", ["sign", "id"], unique=False)
        batch_op.create_index("ix_edge_source_id", ["source_id", "id"], unique=False)
        batch_op.create_index("ix_edge_target_id", ["target_id", "id"], unique=False)
        batch_op.create_index("ix_edge_type", ["type", "id"], unique=False)

    op.create_table(
        "entity_alias",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entity_id", "position"),
        sa.UniqueConstraint("entity_id", "text", name="uq_entity_alias_text"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_alias", schema=None) as batch_op:
        batch_op.create_index("ix_entity_alias_text", ["text", "entity_id"], unique=False)

    op.create_table(
        "entity_component",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("component_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entity_id", "component_id"),
        sa.UniqueConstraint("entity_id", "position", name="uq_entity_component_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_component", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entity_component_component_id", ["component_id", "entity_id"], unique=False
        )

    op.create_table(
        "entity_identifier",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entity_id", "position"),
        sa.UniqueConstraint("entity_id", "spelling", name="uq_entity_identifier_spelling"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_identifier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entity_identifier_spelling", ["spelling", "entity_id"], unique=False
        )

    op.create_table(
        "entity_member",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["entity.id"],
        ),
        sa.PrimaryKeyConstraint("entity_id", "member_id"),
        sa.UniqueConstraint("entity_id", "position", name="uq_entity_member_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entity_member_member_id", ["member_id", "entity_id"], unique=False
        )

    op.create_table(
        "entity_synonym",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entity_id", "position"),
        sa.UniqueConstraint("entity_id", "text", name="uq_entity_synonym_text"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_synonym", schema=None) as batch_op:
        batch_op.create_index("ix_entity_synonym_text", ["text", "entity_id"], unique=False)

    op.create_table(
        "entity_xref",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("curie", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entity_id", "position"),
        sa.UniqueConstraint("entity_id", "curie", name="uq_entity_xref_curie"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entity_xref", schema=None) as batch_op:
        batch_op.create_index("ix_entity_xref_curie", ["curie", "entity_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("disease_context", sa.String(), nullable=True),
        sa.Column("locator", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("in_review", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("mechanism_id", sa.String(), nullable=True),
        sa.Column("cell_id", sa.String(), nullable=True),
        sa.Column("reference_id", sa.String(), nullable=False),
        sa.CheckConstraint("confidence IN ('high', 'medium', 'low')", name="ck_confidence"),
        sa.CheckConstraint(
            "kind IN ('mechanism', 'resistance', 'combination', 'subtype_activity', 'trial_result', 'approval', 'definition', 'bibliographic')",
            name="ck_kind",
        ),
        sa.CheckConstraint("level IN ('A', 'B', 'C', 'D', 'E')", name="ck_level"),
        sa.CheckConstraint("origin IN ('native', 'mixed', 'borrowed', 'stated')", name="ck_origin"),
        sa.CheckConstraint(
            "relation IN ('binds', 'degrades', 'activates', 'inhibits', 'increases', 'decreases', 'required_for', 'synergizes', 'modulates', 'antagonizes', 'complements', 'confers_resistance_to', 'no_effect_on', 'mediates', 'acts_through', 'downstream_of', 'component_of', 'associated_with', 'is_a', 'abbreviation_of', 'has_route', 'active_in', 'improves_outcome_in', 'no_benefit_in', 'no_lasting_benefit_in', 'studied_in', 'causes_adverse_event', 'approved_for', 'not_approved_for', 'most_common_types_of', 'cites', 'published_in')",
            name="ck_relation",
        ),
        sa.CheckConstraint(
            "setting IN ('review', 'in_vitro', 'ex_vivo', 'in_vivo', 'clinical_trial')",
            name="ck_setting",
        ),
        sa.CheckConstraint("in_review = (in_review <> false)", name="ck_in_review"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["cell_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["mechanism_id"],
            ["mechanism.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["reference.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_cell_id", ["cell_id", "id"], unique=False)
        batch_op.create_index("ix_evidence_confidence", ["confidence", "id"], unique=False)
        batch_op.create_index("ix_evidence_in_review", ["in_review", "id"], unique=False)
        batch_op.create_index("ix_evidence_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_evidence_level", ["level", "id"], unique=False)
        batch_op.create_index(
            "ix_evidence_mechanism_counts", ["mechanism_id", "level", "origin", "id"], unique=False
        )
        batch_op.create_index("ix_evidence_mechanism_id", ["mechanism_id", "id"], unique=False)
        batch_op.create_index("ix_evidence_origin", ["origin", "id"], unique=False)
        batch_op.create_index("ix_evidence_reference_id", ["reference_id", "id"], unique=False)
        batch_op.create_index("ix_evidence_relation", ["relation", "id"], unique=False)
        batch_op.create_index("ix_evidence_setting", ["setting", "id"], unique=False)

    op.create_table(
        "mechanism_cell",
        sa.Column("mechanism_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["mechanism_id"], ["mechanism.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mechanism_id", "entity_id"),
        sa.UniqueConstraint("mechanism_id", "position", name="uq_mechanism_cell_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("mechanism_cell", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mechanism_cell_entity_id", ["entity_id", "mechanism_id"], unique=False
        )

    op.create_table(
        "mechanism_figure1_term",
        sa.Column("mechanism_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mechanism_id"], ["mechanism.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["term"],
            ["entity.figure1_term"],
        ),
        sa.PrimaryKeyConstraint("mechanism_id", "position"),
        sa.UniqueConstraint("mechanism_id", "term", name="uq_mechanism_figure1_term_term"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("mechanism_figure1_term", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mechanism_figure1_term_term", ["term", "mechanism_id"], unique=False
        )

    op.create_table(
        "partner",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("drug_class", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("in_review", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('drug', 'antibody', 'bispecific antibody', 'ADC', 'regimen', 'drug class')",
            name="ck_kind",
        ),
        sa.CheckConstraint("in_review = (in_review <> false)", name="ck_in_review"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index("ix_partner_entity_id", ["entity_id"], unique=False)
        batch_op.create_index("ix_partner_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_partner_name", ["name", "id"], unique=False)

    op.create_table(
        "reference_author",
        sa.Column("reference_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("given", sa.String(), nullable=True),
        sa.Column("literal", sa.String(), nullable=True),
        sa.CheckConstraint("(family IS NULL) <> (literal IS NULL)", name="ck_family_or_literal"),
        sa.CheckConstraint("(family IS NULL) = (given IS NULL)", name="ck_family_with_given"),
        sa.ForeignKeyConstraint(["reference_id"], ["reference.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reference_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reference_identifier",
        sa.Column("reference_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reference_id"], ["reference.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reference_id", "position"),
        sa.UniqueConstraint("reference_id", "spelling", name="uq_reference_identifier_spelling"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reference_identifier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reference_identifier_spelling", ["spelling", "reference_id"], unique=False
        )

    op.create_table(
        "subtype_alias",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["subtype_id"], ["subtype.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subtype_id", "position"),
        sa.UniqueConstraint("subtype_id", "text", name="uq_subtype_alias_text"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subtype_alias", schema=None) as batch_op:
        batch_op.create_index("ix_subtype_alias_text", ["text", "subtype_id"], unique=False)

    op.create_table(
        "subtype_identifier",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["subtype_id"], ["subtype.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subtype_id", "position"),
        sa.UniqueConstraint("subtype_id", "spelling", name="uq_subtype_identifier_spelling"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subtype_identifier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_subtype_identifier_spelling", ["spelling", "subtype_id"], unique=False
        )

    op.create_table(
        "subtype_related",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("abbreviation", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["subtype_id"], ["subtype.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subtype_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subtype_synonym",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["subtype_id"], ["subtype.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subtype_id", "position"),
        sa.UniqueConstraint("subtype_id", "text", name="uq_subtype_synonym_text"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subtype_synonym", schema=None) as batch_op:
        batch_op.create_index("ix_subtype_synonym_text", ["text", "subtype_id"], unique=False)

    op.create_table(
        "subtype_xref",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("curie", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["subtype_id"], ["subtype.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subtype_id", "position"),
        sa.UniqueConstraint("subtype_id", "curie", name="uq_subtype_xref_curie"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subtype_xref", schema=None) as batch_op:
        batch_op.create_index("ix_subtype_xref_curie", ["curie", "subtype_id"], unique=False)

    op.create_table(
        "trial_identifier",
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trial_id", "position"),
        sa.UniqueConstraint("trial_id", "spelling", name="uq_trial_identifier_spelling"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trial_identifier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_trial_identifier_spelling", ["spelling", "trial_id"], unique=False
        )

    op.create_table(
        "trial_reference",
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("reference_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["reference.id"],
        ),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trial_id", "reference_id"),
        sa.UniqueConstraint("trial_id", "position", name="uq_trial_reference_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trial_reference", schema=None) as batch_op:
        batch_op.create_index(
            "ix_trial_reference_reference_id", ["reference_id", "trial_id"], unique=False
        )

    op.create_table(
        "trial_regimen",
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trial_id", "entity_id"),
        sa.UniqueConstraint("trial_id", "position", name="uq_trial_regimen_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trial_regimen", schema=None) as batch_op:
        batch_op.create_index("ix_trial_regimen_entity_id", ["entity_id", "trial_id"], unique=False)

    op.create_table(
        "trial_subtype",
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trial_id", "subtype_id"),
        sa.UniqueConstraint("trial_id", "position", name="uq_trial_subtype_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trial_subtype", schema=None) as batch_op:
        batch_op.create_index(
            "ix_trial_subtype_subtype_id", ["subtype_id", "trial_id"], unique=False
        )

    op.create_table(
        "conflict_edge",
        sa.Column("conflict_id", sa.String(), nullable=False),
        sa.Column("edge_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflict.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["edge_id"],
            ["edge.id"],
        ),
        sa.PrimaryKeyConstraint("conflict_id", "edge_id"),
        sa.UniqueConstraint("conflict_id", "position", name="uq_conflict_edge_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conflict_edge", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_edge_edge_id", ["edge_id", "conflict_id"], unique=False)

    op.create_table(
        "conflict_side_evidence",
        sa.Column("conflict_id", sa.String(), nullable=False),
        sa.Column("side", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict_id", "side"],
            ["conflict_side.conflict_id", "conflict_side.position"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
        ),
        sa.PrimaryKeyConstraint("conflict_id", "side", "evidence_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conflict_side_evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conflict_side_evidence_evidence_id", ["evidence_id", "conflict_id"], unique=False
        )

    op.create_table(
        "edge_evidence",
        sa.Column("edge_id", sa.String(), nullable=False),
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edge_id"], ["edge.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
        ),
        sa.PrimaryKeyConstraint("edge_id", "evidence_id"),
        sa.UniqueConstraint("edge_id", "position", name="uq_edge_evidence_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("edge_evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_edge_evidence_evidence_id", ["evidence_id", "edge_id"], unique=False
        )

    op.create_table(
        "edge_figure1_term",
        sa.Column("edge_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edge_id"], ["edge.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["term"],
            ["entity.figure1_term"],
        ),
        sa.PrimaryKeyConstraint("edge_id", "position"),
        sa.UniqueConstraint("edge_id", "term", name="uq_edge_figure1_term_term"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("edge_figure1_term", schema=None) as batch_op:
        batch_op.create_index("ix_edge_figure1_term_term", ["term", "edge_id"], unique=False)

    op.create_table(
        "evidence_context",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.CheckConstraint(
            "context IN ('b-cell-nhl', 'cll-sll', 'myeloma', 'other-malignancy', 'healthy-donor', 'animal', 'cell-free', 'not-stated')",
            name="ck_context",
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("evidence_id", "position"),
        sa.UniqueConstraint("evidence_id", "context", name="uq_evidence_context_context"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_context", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_context_context", ["context", "evidence_id"], unique=False
        )

    op.create_table(
        "evidence_object_link",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("subtype_id", sa.String(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("reference_id", sa.String(), nullable=True),
        sa.Column(
            "type",
            sa.String(),
            sa.Computed(
                "CASE WHEN entity_id IS NOT NULL THEN 'entity' WHEN subtype_id IS NOT NULL THEN 'subtype' WHEN partner_id IS NOT NULL THEN 'partner' WHEN reference_id IS NOT NULL THEN 'reference' END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "id",
            sa.String(),
            sa.Computed(
                "coalesce(entity_id, subtype_id, partner_id, reference_id)", persisted=True
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "CASE WHEN entity_id IS NULL THEN 0 ELSE 1 END + CASE WHEN subtype_id IS NULL THEN 0 ELSE 1 END + CASE WHEN partner_id IS NULL THEN 0 ELSE 1 END + CASE WHEN reference_id IS NULL THEN 0 ELSE 1 END = 1",
            name="ck_one_target",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["reference.id"],
        ),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("evidence_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_object_link", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_object_link_entity_id", ["entity_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_object_link_partner_id", ["partner_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_object_link_reference_id", ["reference_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_object_link_subtype_id", ["subtype_id", "evidence_id"], unique=False
        )

    op.create_table(
        "evidence_partner",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("interaction", sa.String(), nullable=True),
        sa.Column("line", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("via_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "interaction IN ('synergy', 'improved_response', 'improved_survival', 'no_benefit', 'antagonism', 'studied', 'approved')",
            name="ck_interaction",
        ),
        sa.CheckConstraint(
            "line IN ('first_line', 'relapsed_refractory', 'first_line_and_relapsed', 'maintenance')",
            name="ck_line",
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
        ),
        sa.ForeignKeyConstraint(
            ["via_id"],
            ["entity.id"],
        ),
        sa.PrimaryKeyConstraint("evidence_id", "partner_id"),
        sa.UniqueConstraint("evidence_id", "position", name="uq_evidence_partner_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_partner", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_partner_interaction", ["interaction", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_partner_partner_id", ["partner_id", "evidence_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evidence_partner_via_id"), ["via_id"], unique=False)

    op.create_table(
        "evidence_subject_link",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity_id", sa.String(), nullable=True),
        sa.Column("subtype_id", sa.String(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("reference_id", sa.String(), nullable=True),
        sa.Column(
            "type",
            sa.String(),
            sa.Computed(
                "CASE WHEN entity_id IS NOT NULL THEN 'entity' WHEN subtype_id IS NOT NULL THEN 'subtype' WHEN partner_id IS NOT NULL THEN 'partner' WHEN reference_id IS NOT NULL THEN 'reference' END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "id",
            sa.String(),
            sa.Computed(
                "coalesce(entity_id, subtype_id, partner_id, reference_id)", persisted=True
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "CASE WHEN entity_id IS NULL THEN 0 ELSE 1 END + CASE WHEN subtype_id IS NULL THEN 0 ELSE 1 END + CASE WHEN partner_id IS NULL THEN 0 ELSE 1 END + CASE WHEN reference_id IS NULL THEN 0 ELSE 1 END = 1",
            name="ck_one_target",
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reference_id"],
            ["reference.id"],
        ),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("evidence_id", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_subject_link", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_subject_link_entity_id", ["entity_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_subject_link_partner_id", ["partner_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_subject_link_reference_id", ["reference_id", "evidence_id"], unique=False
        )
        batch_op.create_index(
            "ix_evidence_subject_link_subtype_id", ["subtype_id", "evidence_id"], unique=False
        )

    op.create_table(
        "evidence_subtype",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("evidence_id", "subtype_id"),
        sa.UniqueConstraint("evidence_id", "position", name="uq_evidence_subtype_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_subtype", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_subtype_subtype_id", ["subtype_id", "evidence_id"], unique=False
        )

    op.create_table(
        "evidence_trial",
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trial.id"],
        ),
        sa.PrimaryKeyConstraint("evidence_id", "trial_id"),
        sa.UniqueConstraint("evidence_id", "position", name="uq_evidence_trial_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("evidence_trial", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_trial_trial_id", ["trial_id", "evidence_id"], unique=False
        )

    op.create_table(
        "mechanism_step",
        sa.Column("mechanism_id", sa.String(), nullable=False),
        sa.Column("edge_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edge_id"],
            ["edge.id"],
        ),
        sa.ForeignKeyConstraint(["mechanism_id"], ["mechanism.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mechanism_id", "edge_id"),
        sa.UniqueConstraint("mechanism_id", "position", name="uq_mechanism_step_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("mechanism_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mechanism_step_edge_id", ["edge_id", "mechanism_id"], unique=False
        )

    op.create_table(
        "outcome",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("ci_low", sa.Float(), nullable=True),
        sa.Column("ci_high", sa.Float(), nullable=True),
        sa.Column("p", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("event", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subtype_id", sa.String(), nullable=True),
        sa.Column("evidence_id", sa.String(), nullable=False),
        sa.CheckConstraint("(measure = 'AE_rate') = (event IS NOT NULL)", name="ck_event"),
        sa.CheckConstraint(
            "measure IN ('ORR', 'CR', 'PR', 'PFS_median', 'PFS_rate', 'OS_median', 'OS_rate', 'DOR_median', 'HR_PFS', 'HR_OS', 'AE_rate')",
            name="ck_measure",
        ),
        sa.CheckConstraint("unit IN ('percent', 'months', 'weeks', 'ratio')", name="ck_unit"),
        sa.CheckConstraint("ci_high >= value", name="ck_ci_high"),
        sa.CheckConstraint("ci_low <= value", name="ck_ci_low"),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 100 AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name="ck_id",
        ),
        sa.CheckConstraint("version > 0", name="ck_version"),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
        ),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trial.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trial_id", "position", name="uq_outcome_position"),
        sqlite_strict=True,
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_arm", ["arm", "id"], unique=False)
        batch_op.create_index("ix_outcome_evidence_id", ["evidence_id", "id"], unique=False)
        batch_op.create_index("ix_outcome_measure", ["measure", "id"], unique=False)
        batch_op.create_index("ix_outcome_subtype_id", ["subtype_id", "id"], unique=False)
        batch_op.create_index("ix_outcome_trial_id", ["trial_id", "id"], unique=False)

    op.create_table(
        "partner_component",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("partner_id", "entity_id"),
        sa.UniqueConstraint("partner_id", "position", name="uq_partner_component_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("partner_component", schema=None) as batch_op:
        batch_op.create_index(
            "ix_partner_component_entity_id", ["entity_id", "partner_id"], unique=False
        )

    op.create_table(
        "partner_identifier",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("partner_id", "position"),
        sa.UniqueConstraint("partner_id", "spelling", name="uq_partner_identifier_spelling"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("partner_identifier", schema=None) as batch_op:
        batch_op.create_index(
            "ix_partner_identifier_spelling", ["spelling", "partner_id"], unique=False
        )

    op.create_table(
        "partner_member",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"],
            ["entity.id"],
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("partner_id", "entity_id"),
        sa.UniqueConstraint("partner_id", "position", name="uq_partner_member_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("partner_member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_partner_member_entity_id", ["entity_id", "partner_id"], unique=False
        )

    op.create_table(
        "partner_xref",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("curie", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("partner_id", "position"),
        sa.UniqueConstraint("partner_id", "curie", name="uq_partner_xref_curie"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("partner_xref", schema=None) as batch_op:
        batch_op.create_index("ix_partner_xref_curie", ["curie", "partner_id"], unique=False)

    op.create_table(
        "subtype_related_xref",
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("related", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("curie", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subtype_id", "related"],
            ["subtype_related.subtype_id", "subtype_related.position"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subtype_id", "related", "position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subtype_related_xref", schema=None) as batch_op:
        batch_op.create_index("ix_subtype_related_xref_curie", ["curie"], unique=False)

    op.create_table(
        "outcome_subtype",
        sa.Column("outcome_id", sa.String(), nullable=False),
        sa.Column("subtype_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subtype_id"],
            ["subtype.id"],
        ),
        sa.PrimaryKeyConstraint("outcome_id", "subtype_id"),
        sa.UniqueConstraint("outcome_id", "position", name="uq_outcome_subtype_position"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("outcome_subtype", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outcome_subtype_subtype_id", ["subtype_id", "outcome_id"], unique=False
        )

    op.execute("INSERT INTO dataset (id, release, revision) VALUES (1, '', 0)")


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("outcome_subtype", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_subtype_subtype_id")

    op.drop_table("outcome_subtype")
    with op.batch_alter_table("subtype_related_xref", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_related_xref_curie")

    op.drop_table("subtype_related_xref")
    with op.batch_alter_table("partner_xref", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_xref_curie")

    op.drop_table("partner_xref")
    with op.batch_alter_table("partner_member", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_member_entity_id")

    op.drop_table("partner_member")
    with op.batch_alter_table("partner_identifier", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_identifier_spelling")

    op.drop_table("partner_identifier")
    with op.batch_alter_table("partner_component", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_component_entity_id")

    op.drop_table("partner_component")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_trial_id")
        batch_op.drop_index("ix_outcome_subtype_id")
        batch_op.drop_index("ix_outcome_measure")
        batch_op.drop_index("ix_outcome_evidence_id")
        batch_op.drop_index("ix_outcome_arm")

    op.drop_table("outcome")
    with op.batch_alter_table("mechanism_step", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_step_edge_id")

    op.drop_table("mechanism_step")
    with op.batch_alter_table("evidence_trial", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_trial_trial_id")

    op.drop_table("evidence_trial")
    with op.batch_alter_table("evidence_subtype", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_subtype_subtype_id")

    op.drop_table("evidence_subtype")
    with op.batch_alter_table("evidence_subject_link", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_subject_link_subtype_id")
        batch_op.drop_index("ix_evidence_subject_link_reference_id")
        batch_op.drop_index("ix_evidence_subject_link_partner_id")
        batch_op.drop_index("ix_evidence_subject_link_entity_id")

    op.drop_table("evidence_subject_link")
    with op.batch_alter_table("evidence_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_partner_via_id"))
        batch_op.drop_index("ix_evidence_partner_partner_id")
        batch_op.drop_index("ix_evidence_partner_interaction")

    op.drop_table("evidence_partner")
    with op.batch_alter_table("evidence_object_link", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_object_link_subtype_id")
        batch_op.drop_index("ix_evidence_object_link_reference_id")
        batch_op.drop_index("ix_evidence_object_link_partner_id")
        batch_op.drop_index("ix_evidence_object_link_entity_id")

    op.drop_table("evidence_object_link")
    with op.batch_alter_table("evidence_context", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_context_context")

    op.drop_table("evidence_context")
    with op.batch_alter_table("edge_figure1_term", schema=None) as batch_op:
        batch_op.drop_index("ix_edge_figure1_term_term")

    op.drop_table("edge_figure1_term")
    with op.batch_alter_table("edge_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_edge_evidence_evidence_id")

    op.drop_table("edge_evidence")
    with op.batch_alter_table("conflict_side_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_side_evidence_evidence_id")

    op.drop_table("conflict_side_evidence")
    with op.batch_alter_table("conflict_edge", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_edge_edge_id")

    op.drop_table("conflict_edge")
    with op.batch_alter_table("trial_subtype", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_subtype_subtype_id")

    op.drop_table("trial_subtype")
    with op.batch_alter_table("trial_regimen", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_regimen_entity_id")

    op.drop_table("trial_regimen")
    with op.batch_alter_table("trial_reference", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_reference_reference_id")

    op.drop_table("trial_reference")
    with op.batch_alter_table("trial_identifier", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_identifier_spelling")

    op.drop_table("trial_identifier")
    with op.batch_alter_table("subtype_xref", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_xref_curie")

    op.drop_table("subtype_xref")
    with op.batch_alter_table("subtype_synonym", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_synonym_text")

    op.drop_table("subtype_synonym")
    op.drop_table("subtype_related")
    with op.batch_alter_table("subtype_identifier", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_identifier_spelling")

    op.drop_table("subtype_identifier")
    with op.batch_alter_table("subtype_alias", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_alias_text")

    op.drop_table("subtype_alias")
    with op.batch_alter_table("reference_identifier", schema=None) as batch_op:
        batch_op.drop_index("ix_reference_identifier_spelling")

    op.drop_table("reference_identifier")
    op.drop_table("reference_author")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_name")
        batch_op.drop_index("ix_partner_kind")
        batch_op.drop_index("ix_partner_entity_id")

    op.drop_table("partner")
    with op.batch_alter_table("mechanism_figure1_term", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_figure1_term_term")

    op.drop_table("mechanism_figure1_term")
    with op.batch_alter_table("mechanism_cell", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_cell_entity_id")

    op.drop_table("mechanism_cell")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_setting")
        batch_op.drop_index("ix_evidence_relation")
        batch_op.drop_index("ix_evidence_reference_id")
        batch_op.drop_index("ix_evidence_origin")
        batch_op.drop_index("ix_evidence_mechanism_id")
        batch_op.drop_index("ix_evidence_mechanism_counts")
        batch_op.drop_index("ix_evidence_level")
        batch_op.drop_index("ix_evidence_kind")
        batch_op.drop_index("ix_evidence_in_review")
        batch_op.drop_index("ix_evidence_confidence")
        batch_op.drop_index("ix_evidence_cell_id")

    op.drop_table("evidence")
    with op.batch_alter_table("entity_xref", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_xref_curie")

    op.drop_table("entity_xref")
    with op.batch_alter_table("entity_synonym", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_synonym_text")

    op.drop_table("entity_synonym")
    with op.batch_alter_table("entity_member", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_member_member_id")

    op.drop_table("entity_member")
    with op.batch_alter_table("entity_identifier", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_identifier_spelling")

    op.drop_table("entity_identifier")
    with op.batch_alter_table("entity_component", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_component_component_id")

    op.drop_table("entity_component")
    with op.batch_alter_table("entity_alias", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_alias_text")

    op.drop_table("entity_alias")
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.drop_index("ix_edge_type")
        batch_op.drop_index("ix_edge_target_id")
        batch_op.drop_index("ix_edge_source_id")
        batch_op.drop_index("ix_edge_sign")
        batch_op.drop_index("ix_edge_contact_with_id")
        batch_op.drop_index("ix_edge_cell_id")
        batch_op.drop_index("ix_edge_basis")

    op.drop_table("edge")
    with op.batch_alter_table("conflict_subtype", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_subtype_subtype_id")

    op.drop_table("conflict_subtype")
    op.drop_table("conflict_side")
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.drop_index("ix_trial_phase")
        batch_op.drop_index("ix_trial_nct")
        batch_op.drop_index("ix_trial_name")
        batch_op.drop_index("ix_trial_line")

    op.drop_table("trial")
    with op.batch_alter_table("subtype", schema=None) as batch_op:
        batch_op.drop_index("ix_subtype_parent_id")
        batch_op.drop_index("ix_subtype_name")
        batch_op.drop_index("ix_subtype_course")

    op.drop_table("subtype")
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.drop_index("uq_reference_pmid")
        batch_op.drop_index("uq_reference_pmcid")
        batch_op.drop_index("uq_reference_doi")
        batch_op.drop_index("ix_reference_year")
        batch_op.drop_index("ix_reference_title")
        batch_op.drop_index("ix_reference_role")
        batch_op.drop_index("ix_reference_nct")

    op.drop_table("reference")
    with op.batch_alter_table("mechanism", schema=None) as batch_op:
        batch_op.drop_index("ix_mechanism_name")
        batch_op.drop_index("ix_mechanism_mode")

    op.drop_table("mechanism")
    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_state_of_id")
        batch_op.drop_index("ix_entity_parent_id")
        batch_op.drop_index("ix_entity_name")
        batch_op.drop_index("ix_entity_kind")
        batch_op.drop_index("ix_entity_in_network")

    op.drop_table("entity")
    op.drop_table("dataset")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_state")

    op.drop_table("conflict")
