"""Disputes."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import change_check

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "dispute",
        "ck_dispute_disputestatus",
        "status IN ('open', 'under_review', 'awaiting_customer', 'resolved', 'withdrawn', 'merged')",
    )
    change_check(
        "dispute", "ck_dispute_ended", "(status IN ('resolved', 'withdrawn', 'merged')) = (ended_at IS NOT NULL)"
    )
    change_check(
        "dispute",
        "ck_dispute_outcome",
        "outcome IN ('accepted', 'partly_accepted', 'rejected', 'answered', 'unanswered')",
    )
    change_check(
        "dispute",
        "ck_dispute_reason",
        "reason IN ('not_delivered', 'damaged', 'wrong_item', 'short_delivery', 'returned', 'quality', 'wrong_price', 'wrong_quantity', 'tax', 'credit_due', 'paid_already', 'duplicate', 'not_ordered', 'missing_invoice', 'missing_order', 'missing_proof', 'other')",
    )
    change_check(
        "dispute_change",
        "ck_dispute_change_after_status",
        "\"after\" IN ('open', 'under_review', 'awaiting_customer', 'resolved', 'withdrawn', 'merged')",
    )
    change_check(
        "dispute_change",
        "ck_dispute_change_before_status",
        "\"before\" IN ('open', 'under_review', 'awaiting_customer', 'resolved', 'withdrawn', 'merged')",
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice', 'credit_application', 'credit_check', 'terms', 'notice', 'message', 'agreement', 'discharge', 'contract', 'purchase_order', 'proof_of_delivery', 'correspondence', 'guarantee', 'evidence', 'evidence_pack')",
    )
    change_check(
        "instalment_told",
        "ck_instalment_told_plannews",
        "news IN ('countered', 'offered', 'declined', 'signed', 'started', 'due_soon', 'missed', 'grace', 'defaulted', 'paused', 'resumed', 'completed', 'reopened', 'expired', 'withdrawn', 'cancelled')",
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'chargeback_not_answered', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'plan_request', 'plan_defaulted', 'settlement_approval', 'settlement_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'papers_due', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    op.create_table(
        "content_removal",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content_removal")),
    )
    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "invoice",
                "credit_note",
                "statement",
                "receipt",
                "import",
                "bank_file",
                "advice",
                "credit_application",
                "credit_check",
                "terms",
                "notice",
                "message",
                "agreement",
                "discharge",
                "contract",
                "purchase_order",
                "proof_of_delivery",
                "correspondence",
                "guarantee",
                "evidence",
                "evidence_pack",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("years > 0", name=op.f("ck_retention_rule_years")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "dispute_route",
        sa.Column(
            "reason",
            sa.Enum(
                "not_delivered",
                "damaged",
                "wrong_item",
                "short_delivery",
                "returned",
                "quality",
                "wrong_price",
                "wrong_quantity",
                "tax",
                "credit_due",
                "paid_already",
                "duplicate",
                "not_ordered",
                "missing_invoice",
                "missing_order",
                "missing_proof",
                "other",
                name="route_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("resolve_days", sa.Integer(), nullable=False),
        sa.Column("silent_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer_hours > 0 AND resolve_days > 0 AND silent_days > 0", name=op.f("ck_dispute_route_time")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_member.id"], name=op.f("fk_dispute_route_owner_id")),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_dispute_route")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_legal_hold_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_hold_account_id"), ["account_id"], unique=False)

    op.create_table(
        "document_erasure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_erasure_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_erasure")),
        sa.UniqueConstraint("document_id", name=op.f("uq_document_erasure_document_id")),
    )
    op.create_table(
        "document_for_staff",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_for_staff_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_for_staff")),
    )
    op.create_table(
        "document_misfiling",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_misfiling_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_misfiling")),
    )
    op.create_table(
        "document_succession",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("older_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("newer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("superseded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("newer_id > older_id", name=op.f("ck_document_succession_order")),
        sa.ForeignKeyConstraint(["newer_id"], ["document.id"], name=op.f("fk_document_succession_newer_id")),
        sa.ForeignKeyConstraint(["older_id"], ["document.id"], name=op.f("fk_document_succession_older_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_succession")),
        sa.UniqueConstraint("newer_id", name=op.f("uq_document_succession_newer_id")),
        sa.UniqueConstraint("older_id", name=op.f("uq_document_succession_older_id")),
    )
    op.create_table(
        "document_text",
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "read", "none", "unreadable", name="textstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_text_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_text")),
    )
    op.create_table(
        "evidence_pack",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "account", "invoice", "dispute", name="about", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("staff", "customer", name="audience", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "making",
                "ready",
                "failed",
                name="packstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "staff",
                "login",
                "visitor",
                "processor",
                "worker",
                "operator",
                "api_key",
                "pay_link",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("files_done", sa.Integer(), nullable=False),
        sa.Column("files_in_all", sa.Integer(), nullable=True),
        sa.Column("heard_at", sa.DateTime(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("head_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("head_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'ready') = (document_id IS NOT NULL AND manifest_sha256 IS NOT NULL AND made_at IS NOT NULL)",
            name=op.f("ck_evidence_pack_ready"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_pack_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_evidence_pack_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pack")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_pack_public_id")),
    )
    with op.batch_alter_table("evidence_pack", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_pack_account", ["account_id", "id"], unique=False)
        batch_op.create_index(
            "ix_evidence_pack_waiting",
            ["id"],
            unique=False,
            postgresql_where=sa.text("status IN ('queued', 'making')"),
            sqlite_where=sa.text("status IN ('queued', 'making')"),
        )
        batch_op.create_index(
            "uq_evidence_pack_under_way",
            ["account_id", "about", "subject_id", "audience"],
            unique=True,
            postgresql_where=sa.text("status IN ('queued', 'making')"),
            sqlite_where=sa.text("status IN ('queued', 'making')"),
        )

    op.create_table(
        "legal_hold_lift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["hold_id"], ["legal_hold.id"], name=op.f("fk_legal_hold_lift_hold_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold_lift")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_legal_hold_lift_hold_id")),
    )
    op.create_table(
        "chargeback_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chargeback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sending",
                "submitted",
                "refused",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("file_refs", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f("ck_chargeback_answer_submitted")
        ),
        sa.CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_chargeback_answer_refusal")),
        sa.ForeignKeyConstraint(["chargeback_id"], ["chargeback.id"], name=op.f("fk_chargeback_answer_chargeback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback_answer")),
        sa.UniqueConstraint("chargeback_id", "number", name=op.f("uq_chargeback_answer_chargeback_id_number")),
        sa.UniqueConstraint("mark", name=op.f("uq_chargeback_answer_mark")),
    )
    op.create_table(
        "chargeback_choice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chargeback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("stands", "credited", name="choice", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["chargeback_id"], ["chargeback.id"], name=op.f("fk_chargeback_choice_chargeback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback_choice")),
    )
    with op.batch_alter_table("chargeback_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chargeback_choice_chargeback_id"), ["chargeback_id"], unique=False)

    op.create_table(
        "dispute_handling",
        sa.Column(
            "dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer_by", sa.DateTime(), nullable=False),
        sa.Column("resolve_by", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("silent_on", sa.Date(), nullable=True),
        sa.Column(
            "closes_as",
            sa.Enum(
                "accepted",
                "partly_accepted",
                "rejected",
                "answered",
                "unanswered",
                name="closes_as",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "pricing",
                "order_entry",
                "delivery",
                "product",
                "invoicing",
                "paperwork",
                "cash_application",
                "customer",
                "other",
                name="rootcause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("split_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(asked_at IS NULL) = (closes_as IS NULL)", name=op.f("ck_dispute_handling_asked_closes")),
        sa.CheckConstraint("(asked_at IS NULL) = (silent_on IS NULL)", name=op.f("ck_dispute_handling_asked_silent")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_handling_dispute_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["dispute.id"], name=op.f("fk_dispute_handling_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_member.id"], name=op.f("fk_dispute_handling_owner_id")),
        sa.ForeignKeyConstraint(["split_from_id"], ["dispute.id"], name=op.f("fk_dispute_handling_split_from_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute_handling")),
    )
    with op.batch_alter_table("dispute_handling", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_handling_owner", ["owner_id", "dispute_id"], unique=False)
        batch_op.create_index(
            "ix_dispute_handling_silent",
            ["silent_on"],
            unique=False,
            postgresql_where=sa.text("silent_on IS NOT NULL"),
            sqlite_where=sa.text("silent_on IS NOT NULL"),
        )

    _promise_the_usual_time()
    op.create_table(
        "dispute_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_line_line")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_line_dispute_id")),
        sa.ForeignKeyConstraint(["line_id"], ["invoice_line.id"], name=op.f("fk_dispute_line_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_line")),
        sa.UniqueConstraint("dispute_id", "line_id", name=op.f("uq_dispute_line_dispute_id_line_id")),
    )
    op.create_table(
        "dispute_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "words",
                "question",
                "note",
                "paper",
                "decision",
                "reopening",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_us", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("from_us OR kind IN ('words', 'reopening')", name=op.f("ck_dispute_message_ours")),
        sa.CheckConstraint("words <> '' OR kind IN ('paper', 'decision')", name=op.f("ck_dispute_message_words")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_message_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_message")),
    )
    with op.batch_alter_table("dispute_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_message_dispute_id"), ["dispute_id"], unique=False)

    op.add_column("chargeback", sa.Column("card", sa.String(length=120), nullable=True))
    op.create_index("ix_chargeback_card", "chargeback", ["card"], unique=False)

    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_ended", ["ended_at", "id"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_category", ["category", "id"], unique=False)
        batch_op.create_index("ix_document_filed", ["category", "filed_at"], unique=False)


def _promise_the_usual_time() -> None:
    """Give old disputes about as long as ten working days, or until they ended, for nobody was promised less."""
    columns = (sa.column(name, sa.DateTime()) for name in ("raised_at", "ended_at"))
    dispute = sa.table("dispute", sa.column("id", sa.BigInteger()), *columns)
    times = (sa.column(name, sa.DateTime()) for name in ("answer_by", "resolve_by", "answered_at"))
    handling = sa.table("dispute_handling", sa.column("dispute_id", sa.BigInteger()), *times)
    rows = []
    for row in op.get_bind().execute(sa.select(dispute)):
        usual = row.raised_at + timedelta(days=14)
        by = usual if row.ended_at is None else max(usual, row.ended_at)
        rows.append({"dispute_id": row.id, "answer_by": by, "resolve_by": by, "answered_at": row.ended_at})
    op.bulk_insert(handling, rows)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_filed")
        batch_op.drop_index("ix_document_category")

    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_ended")

    op.drop_index("ix_chargeback_card", table_name="chargeback")
    op.drop_column("chargeback", "card")

    with op.batch_alter_table("dispute_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_message_dispute_id"))

    op.drop_table("dispute_message")
    op.drop_table("dispute_line")
    with op.batch_alter_table("dispute_handling", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dispute_handling_silent",
            postgresql_where=sa.text("silent_on IS NOT NULL"),
            sqlite_where=sa.text("silent_on IS NOT NULL"),
        )
        batch_op.drop_index("ix_dispute_handling_owner")

    op.drop_table("dispute_handling")
    with op.batch_alter_table("chargeback_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chargeback_choice_chargeback_id"))

    op.drop_table("chargeback_choice")
    op.drop_table("chargeback_answer")
    op.drop_table("legal_hold_lift")
    with op.batch_alter_table("evidence_pack", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_evidence_pack_under_way",
            postgresql_where=sa.text("status IN ('queued', 'making')"),
            sqlite_where=sa.text("status IN ('queued', 'making')"),
        )
        batch_op.drop_index(
            "ix_evidence_pack_waiting",
            postgresql_where=sa.text("status IN ('queued', 'making')"),
            sqlite_where=sa.text("status IN ('queued', 'making')"),
        )
        batch_op.drop_index("ix_evidence_pack_account")

    op.drop_table("evidence_pack")
    op.drop_table("document_text")
    op.drop_table("document_succession")
    op.drop_table("document_misfiling")
    op.drop_table("document_for_staff")
    op.drop_table("document_erasure")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_account_id"))

    op.drop_table("legal_hold")
    op.drop_table("dispute_route")
    op.drop_table("retention_rule")
    op.drop_table("picture")
    op.drop_table("content_removal")
    change_check("dispute", "ck_dispute_disputestatus", "status IN ('open', 'under_review', 'resolved', 'withdrawn')")
    change_check("dispute", "ck_dispute_ended", "(status IN ('resolved', 'withdrawn')) = (ended_at IS NOT NULL)")
    change_check("dispute", "ck_dispute_outcome", "outcome IN ('accepted', 'partly_accepted', 'rejected')")
    change_check(
        "dispute",
        "ck_dispute_reason",
        "reason IN ('not_delivered', 'damaged', 'wrong_price', 'wrong_quantity', 'paid_already', 'not_ordered', 'duplicate', 'other')",
    )
    change_check(
        "dispute_change",
        "ck_dispute_change_after_status",
        "\"after\" IN ('open', 'under_review', 'resolved', 'withdrawn')",
    )
    change_check(
        "dispute_change",
        "ck_dispute_change_before_status",
        "\"before\" IN ('open', 'under_review', 'resolved', 'withdrawn')",
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice', 'credit_application', 'credit_check', 'terms', 'notice', 'message', 'agreement', 'discharge')",
    )
    change_check(
        "instalment_told",
        "ck_instalment_told_plannews",
        "news IN ('countered', 'offered', 'declined', 'signed', 'started', 'due_soon', 'missed', 'grace', 'defaulted', 'paused', 'resumed', 'completed', 'reopened', 'expired')",
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'plan_request', 'plan_defaulted', 'settlement_approval', 'settlement_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
