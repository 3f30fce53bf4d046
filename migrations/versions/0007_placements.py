"""Placements."""

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import change_check

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'chargeback_not_answered', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'plan_request', 'plan_unsigned', 'plan_defaulted', 'settlement_approval', 'placement_approval', 'placement_refused', 'placement_back', 'settlement_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'papers_due', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("agency", "attorney", name="partnerkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("specialities", sa.Text(), nullable=True),
        sa.Column(
            "remits",
            sa.Enum("gross", "net", name="remits", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column("settle_percent", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("settle_percent BETWEEN 0 AND 99", name=op.f("ck_partner_settle_percent")),
        sa.CheckConstraint("term_days BETWEEN 1 AND 3650", name=op.f("ck_partner_term_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "commission_card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_commission_card_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_card")),
        sa.UniqueConstraint("partner_id", "number", name=op.f("uq_commission_card_partner_id_number")),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "declined",
                "dropped",
                "sent",
                "refused",
                "active",
                "held",
                "recalled",
                "returned",
                "closed",
                name="placementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("proposed_minor", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rate_bp", sa.Integer(), nullable=True),
        sa.Column("placed_minor", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column(
            "closing",
            sa.Enum(
                "paid",
                "settled",
                "uncollectable",
                "withdrawn",
                name="closing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(status = 'closed') = (closing IS NOT NULL)", name=op.f("ck_placement_closed")),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (placed_minor IS NULL) AND (sent_at IS NULL) = (rate_bp IS NULL) AND (sent_at IS NULL) = (card_id IS NULL) AND (sent_at IS NULL) = (returns_on IS NULL)",
            name=op.f("ck_placement_sent"),
        ),
        sa.CheckConstraint("placed_minor IS NULL OR placed_minor > 0", name=op.f("ck_placement_placed")),
        sa.CheckConstraint("proposed_minor > 0", name=op.f("ck_placement_proposed")),
        sa.CheckConstraint("rate_bp IS NULL OR rate_bp BETWEEN 0 AND 10000", name=op.f("ck_placement_rate")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_placement_account_id")),
        sa.ForeignKeyConstraint(["card_id"], ["commission_card.id"], name=op.f("fk_placement_card_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_placement_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_placement_partner", ["partner_id", "status", "id"], unique=False)
        batch_op.create_index("ix_placement_status", ["status", "id"], unique=False)

    op.create_table(
        "placement_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("placement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "proposed",
                "approved",
                "declined",
                "dropped",
                "sent",
                "refused",
                "active",
                "held",
                "recalled",
                "returned",
                "closed",
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
                "proposed",
                "approved",
                "declined",
                "dropped",
                "sent",
                "refused",
                "active",
                "held",
                "recalled",
                "returned",
                "closed",
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
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_placement_change_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_change")),
    )
    with op.batch_alter_table("placement_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_change_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "placement_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("placement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "costs", "interest", "principal", name="part", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("proposed_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("placed_minor IS NULL OR placed_minor > 0", name=op.f("ck_placement_invoice_placed")),
        sa.CheckConstraint("proposed_minor > 0", name=op.f("ck_placement_invoice_proposed")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_placement_invoice_invoice_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_placement_invoice_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_invoice")),
        sa.UniqueConstraint("placement_id", "invoice_id", name=op.f("uq_placement_invoice_placement_id_invoice_id")),
    )
    with op.batch_alter_table("placement_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_invoice_invoice_id"), ["invoice_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("placement_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_invoice_invoice_id"))

    op.drop_table("placement_invoice")
    with op.batch_alter_table("placement_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_change_placement_id"))

    op.drop_table("placement_change")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_status")
        batch_op.drop_index("ix_placement_partner")
        batch_op.drop_index("ix_placement_account")

    op.drop_table("placement")
    op.drop_table("commission_card")
    op.drop_table("partner")
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'chargeback_not_answered', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'dispute', 'promise_broken', 'plan_request', 'plan_defaulted', 'settlement_approval', 'settlement_broken', 'call_due', 'notices_to_approve', 'escalation', 'trace', 'complaint', 'message_in', 'message_unmatched', 'credit_application', 'credit_review', 'rate_missing', 'papers_due', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
