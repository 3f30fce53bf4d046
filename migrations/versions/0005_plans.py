"""Plans."""

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import allow_empty, change_check

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "collection",
        "ck_collection_endreason",
        "ends_why IN ('tries_used', 'unanswered', 'refused', 'paid', 'held', 'being_paid', 'less_open', 'untold', 'too_late', 'given_up', 'stopped', 'replaced', 'extended', 'plan_changed', 'method_gone')",
    )
    change_check("collection", "ck_collection_subjectkind", "subject_kind IN ('invoice', 'instalment')")
    change_check(
        "credit_item",
        "ck_credit_item_creditkind",
        "kind IN ('payment', 'credit_note', 'moved', 'reinstated', 'discount', 'concession')",
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice', 'credit_application', 'credit_check', 'terms', 'notice', 'message', 'agreement', 'discharge')",
    )
    change_check(
        "stop",
        "ck_stop_stopkind",
        "kind IN ('dispute', 'chargeback', 'promise', 'plan', 'plan_bearing', 'offer', 'placement', 'insolvency', 'breathing_space', 'cease', 'manual')",
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'plan_request', 'plan_defaulted', 'settlement_approval', 'settlement_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    op.create_table(
        "settlement_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_approval",
                "offered",
                "accepted",
                "fulfilled",
                "reopened",
                "broken",
                "declined",
                "expired",
                "withdrawn",
                name="offerstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("most_parts", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("made_after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (made_after_id IS NULL)", name=op.f("ck_settlement_offer_accepted")
        ),
        sa.CheckConstraint("amount_minor > 0 AND amount_minor < open_minor", name=op.f("ck_settlement_offer_amount")),
        sa.CheckConstraint("most_parts > 0", name=op.f("ck_settlement_offer_parts")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_settlement_offer_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_settlement_offer_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_offer")),
    )
    with op.batch_alter_table("settlement_offer", schema=None) as batch_op:
        batch_op.create_index("ix_settlement_offer_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_settlement_offer_batch"), ["batch"], unique=False)
        batch_op.create_index("ix_settlement_offer_status", ["status", "id"], unique=False)

    op.create_table(
        "concession",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_concession_amount")),
        sa.CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name=op.f("ck_concession_tax")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_concession_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_concession_invoice_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["settlement_offer.id"], name=op.f("fk_concession_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concession")),
        sa.UniqueConstraint("number", name=op.f("uq_concession_number")),
    )
    with op.batch_alter_table("concession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concession_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concession_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concession_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "settlement_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "awaiting_approval",
                "offered",
                "accepted",
                "fulfilled",
                "reopened",
                "broken",
                "declined",
                "expired",
                "withdrawn",
                name="before_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "awaiting_approval",
                "offered",
                "accepted",
                "fulfilled",
                "reopened",
                "broken",
                "declined",
                "expired",
                "withdrawn",
                name="after_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["offer_id"], ["settlement_offer.id"], name=op.f("fk_settlement_change_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_change")),
    )
    with op.batch_alter_table("settlement_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlement_change_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "settlement_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_settlement_invoice_invoice_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["settlement_offer.id"], name=op.f("fk_settlement_invoice_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_invoice")),
        sa.UniqueConstraint("offer_id", "invoice_id", name=op.f("uq_settlement_invoice_offer_id_invoice_id")),
    )
    with op.batch_alter_table("settlement_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlement_invoice_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "settlement_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_settlement_part_amount")),
        sa.ForeignKeyConstraint(["offer_id"], ["settlement_offer.id"], name=op.f("fk_settlement_part_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_part")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_settlement_part_offer_id_number")),
    )
    op.create_table(
        "payment_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "countered",
                "offered",
                "accepted",
                "active",
                "paused",
                "completed",
                "declined",
                "withdrawn",
                "expired",
                "defaulted",
                "cancelled",
                "superseded",
                name="planstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column(
            "interest",
            sa.Enum(
                "stopped",
                "continued",
                "capped",
                name="planinterest",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("made_after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("interest_note_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("saved_method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(signed_on IS NULL) = (made_after_id IS NULL)", name=op.f("ck_payment_plan_signed_after")),
        sa.CheckConstraint("(signed_on IS NULL) = (total_minor IS NULL)", name=op.f("ck_payment_plan_signed_total")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_plan_account_id")),
        sa.ForeignKeyConstraint(["interest_note_id"], ["invoice.id"], name=op.f("fk_payment_plan_interest_note_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_payment_plan_login_id")),
        sa.ForeignKeyConstraint(["saved_method_id"], ["saved_method.id"], name=op.f("fk_payment_plan_saved_method_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["payment_plan.id"], name=op.f("fk_payment_plan_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
    )
    with op.batch_alter_table("payment_plan", schema=None) as batch_op:
        batch_op.create_index("ix_payment_plan_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_payment_plan_status", ["status", "id"], unique=False)

    op.create_table(
        "instalment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_instalment_amount")),
        sa.CheckConstraint(
            "interest_minor >= 0 AND interest_minor <= amount_minor", name=op.f("ck_instalment_interest")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_instalment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_instalment_plan_id_number")),
    )
    op.create_table(
        "plan_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "requested",
                "countered",
                "offered",
                "accepted",
                "active",
                "paused",
                "completed",
                "declined",
                "withdrawn",
                "expired",
                "defaulted",
                "cancelled",
                "superseded",
                name="before_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "requested",
                "countered",
                "offered",
                "accepted",
                "active",
                "paused",
                "completed",
                "declined",
                "withdrawn",
                "expired",
                "defaulted",
                "cancelled",
                "superseded",
                name="after_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_change_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
    )
    with op.batch_alter_table("plan_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_change_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_grace",
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("missing_minor", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_grace_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_grace")),
    )
    op.create_table(
        "plan_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_plan_invoice_invoice_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_invoice_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_invoice")),
        sa.UniqueConstraint("plan_id", "invoice_id", name=op.f("uq_plan_invoice_plan_id_invoice_id")),
    )
    with op.batch_alter_table("plan_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_invoice_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "plan_pause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_plan_pause_days")),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_pause_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_pause")),
    )
    with op.batch_alter_table("plan_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_pause_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "side",
            sa.Enum("customer", "us", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_round_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_round")),
    )
    with op.batch_alter_table("plan_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_round_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_signature",
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "how",
            sa.Enum("portal", "paper", name="signedby", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("user_agent", sa.String(length=400), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_plan_signature_document_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_plan_signature_login_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_signature_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_signature")),
    )
    op.create_table(
        "instalment_move",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_instalment_move_instalment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_move")),
    )
    with op.batch_alter_table("instalment_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalment_move_instalment_id"), ["instalment_id"], unique=False)

    op.create_table(
        "instalment_told",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "news",
            sa.Enum(
                "countered",
                "offered",
                "declined",
                "signed",
                "started",
                "due_soon",
                "missed",
                "grace",
                "defaulted",
                "paused",
                "resumed",
                "completed",
                "reopened",
                "expired",
                name="plannews",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_instalment_told_instalment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_told")),
        sa.UniqueConstraint(
            "instalment_id", "news", "due_on", name=op.f("uq_instalment_told_instalment_id_news_due_on")
        ),
    )
    op.create_table(
        "plan_payment",
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "extra",
            sa.Enum("tail", "next", name="extra", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalment.id"], name=op.f("fk_plan_payment_instalment_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_plan_payment_payment_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_payment_plan_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_plan_payment")),
    )
    with op.batch_alter_table("plan_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_payment_plan_id"), ["plan_id"], unique=False)

    allow_empty("collection", "autopay_id")


def downgrade() -> None:
    """Take back."""
    allow_empty("collection", "autopay_id", allowed=False)

    with op.batch_alter_table("plan_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_payment_plan_id"))

    op.drop_table("plan_payment")
    op.drop_table("instalment_told")
    with op.batch_alter_table("instalment_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instalment_move_instalment_id"))

    op.drop_table("instalment_move")
    op.drop_table("plan_signature")
    with op.batch_alter_table("plan_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_round_plan_id"))

    op.drop_table("plan_round")
    with op.batch_alter_table("plan_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_pause_plan_id"))

    op.drop_table("plan_pause")
    with op.batch_alter_table("plan_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_invoice_invoice_id"))

    op.drop_table("plan_invoice")
    op.drop_table("plan_grace")
    with op.batch_alter_table("plan_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_change_plan_id"))

    op.drop_table("plan_change")
    op.drop_table("instalment")
    with op.batch_alter_table("payment_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_plan_status")
        batch_op.drop_index("ix_payment_plan_account")

    op.drop_table("payment_plan")
    op.drop_table("settlement_part")
    with op.batch_alter_table("settlement_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_invoice_invoice_id"))

    op.drop_table("settlement_invoice")
    with op.batch_alter_table("settlement_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_change_offer_id"))

    op.drop_table("settlement_change")
    with op.batch_alter_table("concession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concession_offer_id"))
        batch_op.drop_index(batch_op.f("ix_concession_invoice_id"))
        batch_op.drop_index(batch_op.f("ix_concession_account_id"))

    op.drop_table("concession")
    with op.batch_alter_table("settlement_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_settlement_offer_status")
        batch_op.drop_index(batch_op.f("ix_settlement_offer_batch"))
        batch_op.drop_index("ix_settlement_offer_account")

    op.drop_table("settlement_offer")
    change_check(
        "collection",
        "ck_collection_endreason",
        "ends_why IN ('tries_used', 'unanswered', 'refused', 'paid', 'held', 'being_paid', 'less_open', 'untold', 'too_late', 'given_up', 'stopped', 'replaced', 'extended')",
    )
    change_check("collection", "ck_collection_subjectkind", "subject_kind IN ('invoice')")
    change_check(
        "credit_item",
        "ck_credit_item_creditkind",
        "kind IN ('payment', 'credit_note', 'moved', 'reinstated', 'discount')",
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice', 'credit_application', 'credit_check', 'terms', 'notice', 'message')",
    )
    change_check(
        "stop",
        "ck_stop_stopkind",
        "kind IN ('dispute', 'chargeback', 'promise', 'plan', 'offer', 'placement', 'insolvency', 'breathing_space', 'cease', 'manual')",
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
