"""Reminders."""

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import change_check

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "audit_entry",
        "ck_audit_entry_actorkind",
        "actor_kind IN ('staff', 'login', 'visitor', 'processor', 'worker', 'operator', 'api_key', 'pay_link')",
    )
    change_check(
        "credit_hold",
        "ck_credit_hold_holdreason",
        "reason IN ('above_limit', 'overdue', 'check_expired', 'stopped')",
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
    op.create_table(
        "credit_hold_lift_end",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["lift_id"], ["credit_hold_lift.id"], name=op.f("fk_credit_hold_lift_end_lift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_hold_lift_end")),
        sa.UniqueConstraint("lift_id", name=op.f("uq_credit_hold_lift_end_lift_id")),
    )
    op.create_table(
        "debt_part",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "part",
            sa.Enum(
                "costs", "interest", "principal", name="part", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_debt_part_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_debt_part")),
    )
    op.create_table(
        "dunning_pause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(), nullable=False),
        sa.Column("paused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(), nullable=True),
        sa.Column("resumed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_pause")),
    )
    op.create_table(
        "duty_day",
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("duty", "day", name=op.f("pk_duty_day")),
    )
    op.create_table(
        "notice_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "wording",
            sa.Enum(
                "courtesy",
                "due_today",
                "first_reminder",
                "second_reminder",
                "demand",
                "final_notice",
                "invoice",
                "statement",
                "late_charges",
                "card_expiring",
                "thank_you",
                name="text_wording",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "letter",
                "call",
                name="text_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_text")),
        sa.UniqueConstraint(
            "wording", "channel", "language", "number", name=op.f("uq_notice_text_wording_channel_language_number")
        ),
    )
    op.create_table(
        "contact_duty",
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "recipient",
            sa.Enum("contact", "above", "guarantor", name="duty", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("texts_agreed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_duty_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_duty_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_duty")),
    )
    with op.batch_alter_table("contact_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_duty_account_id"), ["account_id"], unique=False)

    op.create_table(
        "dunning_stage",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("held_day", sa.Integer(), nullable=True),
        sa.Column(
            "held_why",
            sa.Enum(
                "paid",
                "paying",
                "credit",
                "told",
                "autopay",
                "disputed",
                "chargeback",
                "promised",
                "plan",
                "offer",
                "placed",
                "insolvent",
                "breathing_space",
                "cease",
                "paused",
                "trifle",
                "opted_out",
                "no_address",
                "too_often",
                "overtaken",
                name="held_why",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dunning_stage_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_dunning_stage_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_dunning_stage")),
    )
    with op.batch_alter_table("dunning_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dunning_stage_account_id"), ["account_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "wording",
            sa.Enum(
                "courtesy",
                "due_today",
                "first_reminder",
                "second_reminder",
                "demand",
                "final_notice",
                "invoice",
                "statement",
                "late_charges",
                "card_expiring",
                "thank_you",
                name="wording",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "sms", "letter", "call", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "recipient",
            sa.Enum(
                "contact", "above", "guarantor", name="recipient", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "ready",
                "sent",
                "delivered",
                "failed",
                "suppressed",
                "rejected",
                name="noticestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "why",
            sa.Enum(
                "paid",
                "paying",
                "credit",
                "told",
                "autopay",
                "disputed",
                "chargeback",
                "promised",
                "plan",
                "offer",
                "placed",
                "insolvent",
                "breathing_space",
                "cease",
                "paused",
                "trifle",
                "opted_out",
                "no_address",
                "too_often",
                "overtaken",
                name="heldback",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("step_day", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("sender", sa.String(length=200), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("status <> 'suppressed' OR why IS NOT NULL", name=op.f("ck_notice_why")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_notice_total")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_notice_contact_id")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_notice_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("mark", name=op.f("uq_notice_mark")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_notice_address", ["address", "channel"], unique=False)
        batch_op.create_index("ix_notice_day", ["account_id", "decided_on"], unique=False)
        batch_op.create_index("ix_notice_decided", ["decided_on", "id"], unique=False)
        batch_op.create_index("ix_notice_status", ["status", "id"], unique=False)
        batch_op.create_index(
            "uq_notice_subject",
            ["account_id", "wording", "subject_kind", "subject_id"],
            unique=True,
            postgresql_where=sa.text("subject_id IS NOT NULL"),
            sqlite_where=sa.text("subject_id IS NOT NULL"),
        )

    op.create_table(
        "print_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_print_batch_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_batch")),
    )
    op.create_table(
        "address_news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "letter",
                "call",
                name="news_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opted_out",
                "opted_in",
                "bounced",
                "complained",
                "works",
                name="addresskind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_address_news_account_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_address_news_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_news")),
    )
    with op.batch_alter_table("address_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_news_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_address_news_address", ["channel", "address", "id"], unique=False)

    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "voicemail",
                "unreachable",
                "wrong_number",
                "invoice_not_received",
                "awaiting_approval",
                "in_payment_run",
                "dispute",
                "promise",
                name="calloutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("called_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_call_contact_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_call_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_call_notice_id")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index("ix_call_account", ["account_id", "called_at"], unique=False)

    op.create_table(
        "incoming_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "letter",
                "call",
                name="incoming_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("matched_by", sa.String(length=40), nullable=True),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=True),
        sa.Column("taken_in_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_incoming_message_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_incoming_message_document_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_incoming_message_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_incoming_message_message_id")),
    )
    with op.batch_alter_table("incoming_message", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_message_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_incoming_message_open", ["settled_at", "id"], unique=False)

    op.create_table(
        "notice_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "waiting",
                "ready",
                "sent",
                "delivered",
                "failed",
                "suppressed",
                "rejected",
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
                "waiting",
                "ready",
                "sent",
                "delivered",
                "failed",
                "suppressed",
                "rejected",
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
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_change_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_change")),
    )
    with op.batch_alter_table("notice_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_change_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "notice_content",
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_notice_content_document_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_content_notice_id")),
        sa.ForeignKeyConstraint(["text_id"], ["notice_text.id"], name=op.f("fk_notice_content_text_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_content")),
    )
    op.create_table(
        "notice_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_day", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.Column("left_out_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "paid",
                "paying",
                "credit",
                "told",
                "autopay",
                "disputed",
                "chargeback",
                "promised",
                "plan",
                "offer",
                "placed",
                "insolvent",
                "breathing_space",
                "cease",
                "paused",
                "trifle",
                "opted_out",
                "no_address",
                "too_often",
                "overtaken",
                name="part_why",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(left_out_minor > 0) = (why IS NOT NULL)", name=op.f("ck_notice_part_left_out")),
        sa.CheckConstraint("asked_minor >= 0 AND left_out_minor >= 0", name=op.f("ck_notice_part_amounts")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_notice_part_invoice_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_part_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_part")),
        sa.UniqueConstraint("notice_id", "invoice_id", name=op.f("uq_notice_part_notice_id_invoice_id")),
    )
    with op.batch_alter_table("notice_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_part_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "pay_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pay_link_account_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_pay_link_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pay_link_token_hash")),
    )
    with op.batch_alter_table("pay_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pay_link_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pay_link_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "printed_letter",
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.id"], name=op.f("fk_printed_letter_batch_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_printed_letter_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_printed_letter")),
    )
    with op.batch_alter_table("printed_letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printed_letter_batch_id"), ["batch_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("printed_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printed_letter_batch_id"))

    op.drop_table("printed_letter")
    with op.batch_alter_table("pay_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pay_link_notice_id"))
        batch_op.drop_index(batch_op.f("ix_pay_link_account_id"))

    op.drop_table("pay_link")
    with op.batch_alter_table("notice_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_part_invoice_id"))

    op.drop_table("notice_part")
    op.drop_table("notice_content")
    with op.batch_alter_table("notice_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_change_notice_id"))

    op.drop_table("notice_change")
    with op.batch_alter_table("incoming_message", schema=None) as batch_op:
        batch_op.drop_index("ix_incoming_message_open")
        batch_op.drop_index("ix_incoming_message_account")

    op.drop_table("incoming_message")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index("ix_call_account")

    op.drop_table("call")
    with op.batch_alter_table("address_news", schema=None) as batch_op:
        batch_op.drop_index("ix_address_news_address")
        batch_op.drop_index(batch_op.f("ix_address_news_account_id"))

    op.drop_table("address_news")
    op.drop_table("print_batch")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notice_subject",
            postgresql_where=sa.text("subject_id IS NOT NULL"),
            sqlite_where=sa.text("subject_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_notice_status")
        batch_op.drop_index("ix_notice_decided")
        batch_op.drop_index("ix_notice_day")
        batch_op.drop_index("ix_notice_address")
        batch_op.drop_index("ix_notice_account")

    op.drop_table("notice")
    with op.batch_alter_table("dunning_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dunning_stage_account_id"))

    op.drop_table("dunning_stage")
    with op.batch_alter_table("contact_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_duty_account_id"))

    op.drop_table("contact_duty")
    op.drop_table("notice_text")
    op.drop_table("duty_day")
    op.drop_table("dunning_pause")
    op.drop_table("debt_part")
    op.drop_table("credit_hold_lift_end")
    change_check(
        "audit_entry",
        "ck_audit_entry_actorkind",
        "actor_kind IN ('staff', 'login', 'visitor', 'processor', 'worker', 'operator', 'api_key')",
    )
    change_check("credit_hold", "ck_credit_hold_holdreason", "reason IN ('above_limit', 'overdue', 'check_expired')")
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice', 'credit_application', 'credit_check', 'terms')",
    )
    change_check(
        "stop",
        "ck_stop_stopkind",
        "kind IN ('dispute', 'chargeback', 'promise', 'insolvency', 'breathing_space', 'cease', 'manual')",
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'credit_application', 'credit_review', 'rate_missing', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
