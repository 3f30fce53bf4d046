"""Payments that never go wrong."""

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import change_check

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "credit_item", "ck_credit_item_creditkind", "kind IN ('payment', 'credit_note', 'moved', 'reinstated')"
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice')",
    )
    change_check("invoice", "ck_invoice_invoicekind", "kind IN ('invoice', 'debit_note', 'owed_again')")
    change_check(
        "payment",
        "ck_payment_paymentmethod",
        "method IN ('checkout', 'saved', 'automatic', 'cheque', 'transfer', 'cash', 'imported')",
    )
    op.drop_index("ix_payment_silent", table_name="payment")
    op.create_index(
        "ix_payment_silent",
        "payment",
        ["looked_at"],
        unique=False,
        sqlite_where=sa.text(
            "method IN ('checkout', 'saved', 'automatic') AND (status IN ('pending', 'requires_action', 'processing') OR (status = 'succeeded' AND settled_at IS NULL))"
        ),
        postgresql_where=sa.text(
            "method IN ('checkout', 'saved', 'automatic') AND (status IN ('pending', 'requires_action', 'processing') OR (status = 'succeeded' AND settled_at IS NULL))"
        ),
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    op.create_table(
        "backfill_bookmark",
        sa.Column(
            "kind",
            sa.Enum(
                "checkout",
                "intent",
                "charge",
                "refund",
                "chargeback",
                "payout",
                "setup",
                "method",
                "fraud_warning",
                "movement",
                name="objectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_until", sa.DateTime(), nullable=False),
        sa.Column("walked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_backfill_bookmark")),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("identifier", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("identifier", "currency", name=op.f("uq_bank_account_identifier_currency")),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "in_transit",
                "paid",
                "failed",
                "canceled",
                name="payoutstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("movement_ref", sa.String(length=120), nullable=True),
        sa.Column("reversal_ref", sa.String(length=120), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("tied_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("undone_at IS NULL OR arrived_on IS NOT NULL", name=op.f("ck_payout_undone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("external_id", name=op.f("uq_payout_external_id")),
    )
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.create_index("ix_payout_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_payout_state", ["state", "id"], unique=False)

    op.create_table(
        "reported_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_day")),
    )
    with op.batch_alter_table("reported_day", schema=None) as batch_op:
        batch_op.create_index("ix_reported_day_day", ["day", "currency", "id"], unique=False)

    op.create_table(
        "credit_move",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_credit_move_amount")),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_credit_move_accounts")),
        sa.ForeignKeyConstraint(["from_account_id"], ["account.id"], name=op.f("fk_credit_move_from_account_id")),
        sa.ForeignKeyConstraint(["to_account_id"], ["account.id"], name=op.f("fk_credit_move_to_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_move")),
    )
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_move_from_account_id"), ["from_account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_move_to_account_id"), ["to_account_id"], unique=False)

    op.create_table(
        "method_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_method_consent_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_method_consent_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_consent")),
        sa.UniqueConstraint("source", name=op.f("uq_method_consent_source")),
    )
    with op.batch_alter_table("method_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_consent_account_id"), ["account_id"], unique=False)

    op.create_table(
        "method_setup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "sent",
                "open",
                "saved",
                "ended",
                name="setupstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(), nullable=False),
        sa.Column("checkout_id", sa.String(length=120), nullable=True),
        sa.Column("checkout_url", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_method_setup_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_method_setup_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_setup")),
        sa.UniqueConstraint("checkout_id", name=op.f("uq_method_setup_checkout_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_method_setup_public_id")),
    )
    with op.batch_alter_table("method_setup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_setup_account_id"), ["account_id"], unique=False)

    op.create_table(
        "payer_bank_account",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("bank_account", sa.String(length=40), nullable=False),
        sa.Column("learned_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payer_bank_account_account_id")),
        sa.PrimaryKeyConstraint("account_id", "bank_account", name=op.f("pk_payer_bank_account")),
    )
    with op.batch_alter_table("payer_bank_account", schema=None) as batch_op:
        batch_op.create_index("ix_payer_bank_account_number", ["bank_account"], unique=False)

    op.create_table(
        "payment_round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_payment_round_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_round")),
    )
    with op.batch_alter_table("payment_round", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_round_open",
            ["login_id"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "payout_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "pending",
                "in_transit",
                "paid",
                "failed",
                "canceled",
                name="before_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "pending",
                "in_transit",
                "paid",
                "failed",
                "canceled",
                name="after_state",
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
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_change_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_change")),
    )
    with op.batch_alter_table("payout_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_change_payout_id"), ["payout_id"], unique=False)

    op.create_table(
        "payout_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_item_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_item")),
        sa.UniqueConstraint("payout_id", "external_id", name=op.f("uq_payout_item_payout_id_external_id")),
    )
    op.create_table(
        "bank_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("closing_minor", sa.BigInteger(), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_import_bank_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_bank_import_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import")),
    )
    with op.batch_alter_table("bank_import", schema=None) as batch_op:
        batch_op.create_index("ix_bank_import_account", ["bank_account_id", "id"], unique=False)

    op.create_table(
        "chargeback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chargeback_ref", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "inquiry",
                "inquiry_closed",
                "needs_response",
                "under_review",
                "accepted",
                "won",
                "lost",
                "prevented",
                "appeal",
                "unknown",
                name="chargebackstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("processor_state", sa.String(length=60), nullable=False),
        sa.Column("respond_by", sa.DateTime(), nullable=True),
        sa.Column("can_answer", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("accepting_since", sa.DateTime(), nullable=True),
        sa.CheckConstraint("account_id IS NULL OR payment_id IS NOT NULL", name=op.f("ck_chargeback_account")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_chargeback_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_chargeback_account_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_chargeback_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback")),
        sa.UniqueConstraint("chargeback_ref", name=op.f("uq_chargeback_chargeback_ref")),
    )
    with op.batch_alter_table("chargeback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chargeback_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_chargeback_open",
            ["respond_by", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_chargeback_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "fraud_warning",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warning_ref", sa.String(length=120), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("actionable", sa.Boolean(), nullable=False),
        sa.Column("warned_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_fraud_warning_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fraud_warning")),
        sa.UniqueConstraint("warning_ref", name=op.f("uq_fraud_warning_warning_ref")),
    )
    with op.batch_alter_table("fraud_warning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fraud_warning_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "owed_again",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_owed_again_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_owed_again")),
    )
    with op.batch_alter_table("owed_again", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owed_again_source"), ["source"], unique=False)

    op.create_table(
        "payment_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("banked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_return_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_return")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_return_payment_id")),
    )
    op.create_table(
        "payment_round_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("skipped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_round_item_account_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_round_item_payment_id")),
        sa.ForeignKeyConstraint(["round_id"], ["payment_round.id"], name=op.f("fk_payment_round_item_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_round_item")),
        sa.UniqueConstraint("round_id", "account_id", name=op.f("uq_payment_round_item_round_id_account_id")),
    )
    op.create_table(
        "receipt_slip",
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=140), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("banked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_receipt_slip_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_receipt_slip")),
    )
    with op.batch_alter_table("receipt_slip", schema=None) as batch_op:
        batch_op.create_index(
            "ix_receipt_slip_waiting",
            ["payment_id"],
            unique=False,
            postgresql_where=sa.text("banked_on IS NULL"),
            sqlite_where=sa.text("banked_on IS NULL"),
        )

    op.create_table(
        "remittance_advice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("payment_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint("total_minor > 0", name=op.f("ck_remittance_advice_total")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_remittance_advice_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_remittance_advice_document_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_remittance_advice_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_advice")),
    )
    with op.batch_alter_table("remittance_advice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_remittance_advice_open",
            ["account_id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "saved_method",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method_ref", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "card", "bank_debit", "wallet", name="methodkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("expires_year", sa.Integer(), nullable=True),
        sa.Column("expires_month", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("lost_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(expires_year IS NULL) = (expires_month IS NULL)", name=op.f("ck_saved_method_expires")),
        sa.CheckConstraint("expires_month BETWEEN 1 AND 12", name=op.f("ck_saved_method_expires_month")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_method_account_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["method_consent.id"], name=op.f("fk_saved_method_consent_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_saved_method_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_method")),
        sa.UniqueConstraint("method_ref", name=op.f("uq_saved_method_method_ref")),
    )
    with op.batch_alter_table("saved_method", schema=None) as batch_op:
        batch_op.create_index("ix_saved_method_account", ["account_id", "id"], unique=False)

    op.create_table(
        "stop",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("chargeback", "manual", name="stopkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "amount_minor IS NULL OR (amount_minor > 0 AND invoice_id IS NOT NULL)", name=op.f("ck_stop_amount")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_stop_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_stop_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.create_index("ix_stop_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_stop_source", ["kind", "source"], unique=False)

    op.create_table(
        "withdrawal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refund",
                "return",
                "chargeback",
                "moved",
                name="withdrawalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(amount_minor < 0) = (reverses_id IS NOT NULL)", name=op.f("ck_withdrawal_reverses")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_withdrawal_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_withdrawal_account_id")),
        sa.ForeignKeyConstraint(["credit_item_id"], ["credit_item.id"], name=op.f("fk_withdrawal_credit_item_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["withdrawal.id"], name=op.f("fk_withdrawal_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index("ix_withdrawal_account", ["account_id", "effective_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawal_credit_item_id"), ["credit_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_withdrawal_reverses_id"), ["reverses_id"], unique=False)
        batch_op.create_index("ix_withdrawal_source", ["kind", "source"], unique=False)

    op.create_table(
        "autopay_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_autopay_consent_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_autopay_consent_login_id")),
        sa.ForeignKeyConstraint(
            ["saved_method_id"], ["saved_method.id"], name=op.f("fk_autopay_consent_saved_method_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopay_consent")),
    )
    with op.batch_alter_table("autopay_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_autopay_consent_account_id"), ["account_id"], unique=False)

    op.create_table(
        "bank_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("counterparty_name", sa.String(length=200), nullable=False),
        sa.Column("counterparty_account", sa.String(length=40), nullable=False),
        sa.Column("bank_ref", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "booked",
                "parked",
                "ignored",
                name="linestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_bank_line_amount")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_line_bank_account_id")),
        sa.ForeignKeyConstraint(["import_id"], ["bank_import.id"], name=op.f("fk_bank_line_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("bank_account_id", "identity", name=op.f("uq_bank_line_bank_account_id_identity")),
    )
    with op.batch_alter_table("bank_line", schema=None) as batch_op:
        batch_op.create_index("ix_bank_line_account", ["bank_account_id", "booked_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_line_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "ix_bank_line_waiting",
            ["state", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('open', 'parked')"),
            sqlite_where=sa.text("state IN ('open', 'parked')"),
        )

    op.create_table(
        "chargeback_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chargeback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "inquiry",
                "inquiry_closed",
                "needs_response",
                "under_review",
                "accepted",
                "won",
                "lost",
                "prevented",
                "appeal",
                "unknown",
                name="before_chargeback",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "inquiry",
                "inquiry_closed",
                "needs_response",
                "under_review",
                "accepted",
                "won",
                "lost",
                "prevented",
                "appeal",
                "unknown",
                name="after_chargeback",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("processor_state", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["chargeback_id"], ["chargeback.id"], name=op.f("fk_chargeback_change_chargeback_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback_change")),
    )
    with op.batch_alter_table("chargeback_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chargeback_change_chargeback_id"), ["chargeback_id"], unique=False)

    op.create_table(
        "chargeback_movement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chargeback_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_chargeback_movement_amount")),
        sa.ForeignKeyConstraint(
            ["chargeback_id"], ["chargeback.id"], name=op.f("fk_chargeback_movement_chargeback_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback_movement")),
        sa.UniqueConstraint("external_id", name=op.f("uq_chargeback_movement_external_id")),
    )
    with op.batch_alter_table("chargeback_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chargeback_movement_chargeback_id"), ["chargeback_id"], unique=False)

    op.create_table(
        "movement_explanation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("balance_transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ledger_account", sa.String(length=40), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["balance_transaction_id"],
            ["balance_transaction.id"],
            name=op.f("fk_movement_explanation_balance_transaction_id"),
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_movement_explanation_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_explanation")),
        sa.UniqueConstraint("balance_transaction_id", name=op.f("uq_movement_explanation_balance_transaction_id")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_movement_explanation_payment_id")),
    )
    op.create_table(
        "payment_round_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_round_line_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_round_line_invoice_id")),
        sa.ForeignKeyConstraint(["item_id"], ["payment_round_item.id"], name=op.f("fk_payment_round_line_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_round_line")),
        sa.UniqueConstraint("item_id", "invoice_id", name=op.f("uq_payment_round_line_item_id_invoice_id")),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "credit",
                "credit_note",
                "reversal",
                "unexplained",
                name="refundsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("processor", "bank", name="refundway", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "awaiting_approval",
                "pending",
                "requires_action",
                "succeeded",
                "failed",
                "canceled",
                "refused",
                name="refundstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("credit_note_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_ref", sa.String(length=120), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("moved_at", sa.DateTime(), nullable=True),
        sa.Column("moved_back_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("outside OR source <> 'unexplained'", name=op.f("ck_refund_explained")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_refund_account_id")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_note.id"], name=op.f("fk_refund_credit_note_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_public_id")),
        sa.UniqueConstraint("refund_ref", name=op.f("uq_refund_refund_ref")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index("ix_refund_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index("ix_refund_status", ["status", "id"], unique=False)

    op.create_table(
        "remittance_advice_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("advice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_remittance_advice_line_amount")),
        sa.ForeignKeyConstraint(
            ["advice_id"], ["remittance_advice.id"], name=op.f("fk_remittance_advice_line_advice_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_remittance_advice_line_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance_advice_line")),
        sa.UniqueConstraint("advice_id", "invoice_id", name=op.f("uq_remittance_advice_line_advice_id_invoice_id")),
    )
    op.create_table(
        "saved_attempt",
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("saved_method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failure_code", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name=op.f("fk_saved_attempt_attempt_id")),
        sa.ForeignKeyConstraint(
            ["saved_method_id"], ["saved_method.id"], name=op.f("fk_saved_attempt_saved_method_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_saved_attempt")),
    )
    with op.batch_alter_table("saved_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_attempt_saved_method_id"), ["saved_method_id"], unique=False)

    op.create_table(
        "stop_lift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["stop_id"], ["stop.id"], name=op.f("fk_stop_lift_stop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_lift")),
        sa.UniqueConstraint("stop_id", name=op.f("uq_stop_lift_stop_id")),
    )
    op.create_table(
        "uncovering",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("withdrawal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_uncovering_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_uncovering_invoice_id")),
        sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawal.id"], name=op.f("fk_uncovering_withdrawal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncovering")),
        sa.UniqueConstraint("withdrawal_id", "invoice_id", name=op.f("uq_uncovering_withdrawal_id_invoice_id")),
    )
    with op.batch_alter_table("uncovering", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uncovering_withdrawal_id"), ["withdrawal_id"], unique=False)

    op.create_table(
        "autopay",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.Column(
            "stopped_why",
            sa.Enum(
                "payer",
                "staff",
                "replaced",
                "failures",
                "method_gone",
                "method_expired",
                "not_allowed",
                name="stopreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("stopped_by_kind", sa.String(length=20), nullable=True),
        sa.Column("stopped_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(stopped_at IS NULL) = (stopped_why IS NULL)", name=op.f("ck_autopay_stopped")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_autopay_account_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["autopay_consent.id"], name=op.f("fk_autopay_consent_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_autopay_login_id")),
        sa.ForeignKeyConstraint(["saved_method_id"], ["saved_method.id"], name=op.f("fk_autopay_saved_method_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopay")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_autopay_consent_id")),
    )
    with op.batch_alter_table("autopay", schema=None) as batch_op:
        batch_op.create_index(
            "uq_autopay_on",
            ["account_id"],
            unique=True,
            postgresql_where=sa.text("stopped_at IS NULL"),
            sqlite_where=sa.text("stopped_at IS NULL"),
        )

    op.create_table(
        "line_booking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "booked_as",
            sa.Enum(
                "payment",
                "recorded_receipt",
                "payout",
                "return",
                "refund",
                "unidentified",
                "sent_back",
                name="bookedas",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.Column("booked_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_line_booking_account_id")),
        sa.ForeignKeyConstraint(["line_id"], ["bank_line.id"], name=op.f("fk_line_booking_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_booking")),
    )
    with op.batch_alter_table("line_booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_booking_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_booking_line_id"), ["line_id"], unique=False)
        batch_op.create_index("ix_line_booking_subject", ["booked_as", "subject"], unique=False)

    op.create_table(
        "refund_attempt",
        sa.Column(
            "refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "sent",
                "unknown",
                "answered",
                name="attemptstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("only_look", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_attempt_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_refund_attempt")),
    )
    op.create_table(
        "refund_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "requested",
                "awaiting_approval",
                "pending",
                "requires_action",
                "succeeded",
                "failed",
                "canceled",
                "refused",
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
                "awaiting_approval",
                "pending",
                "requires_action",
                "succeeded",
                "failed",
                "canceled",
                "refused",
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
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_change_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_change")),
    )
    with op.batch_alter_table("refund_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_change_refund_id"), ["refund_id"], unique=False)

    op.create_table(
        "collection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("autopay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_method_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum("invoice", name="subjectkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "announced",
                "collecting",
                "action_required",
                "retrying",
                "done",
                "exhausted",
                "cancelled",
                name="collectionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("collect_on", sa.Date(), nullable=False),
        sa.Column("announced_minor", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("first_tried_on", sa.Date(), nullable=True),
        sa.Column("next_try_on", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column(
            "ends_why",
            sa.Enum(
                "tries_used",
                "unanswered",
                "refused",
                "paid",
                "held",
                "being_paid",
                "less_open",
                "untold",
                "too_late",
                "given_up",
                "stopped",
                "replaced",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'action_required') = (answer_by IS NOT NULL)", name=op.f("ck_collection_answer_by")
        ),
        sa.CheckConstraint("(state = 'retrying') = (next_try_on IS NOT NULL)", name=op.f("ck_collection_next_try")),
        sa.CheckConstraint(
            "state IN ('planned', 'announced', 'cancelled') OR payment_id IS NOT NULL",
            name=op.f("ck_collection_has_payment"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR announced_minor IS NOT NULL", name=op.f("ck_collection_announced")
        ),
        sa.CheckConstraint(
            "state NOT IN ('exhausted', 'cancelled') OR ends_why IS NOT NULL", name=op.f("ck_collection_ended")
        ),
        sa.CheckConstraint("announced_minor > 0", name=op.f("ck_collection_announced_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_collection_account_id")),
        sa.ForeignKeyConstraint(["autopay_id"], ["autopay.id"], name=op.f("fk_collection_autopay_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_collection_payment_id")),
        sa.ForeignKeyConstraint(["saved_method_id"], ["saved_method.id"], name=op.f("fk_collection_saved_method_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_collection_payment_id")),
    )
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.create_index("ix_collection_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_collection_autopay_id"), ["autopay_id"], unique=False)
        batch_op.create_index("ix_collection_due", ["state", "collect_on"], unique=False)
        batch_op.create_index("ix_collection_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(
            "uq_collection_live",
            ["subject_kind", "subject_id"],
            unique=True,
            postgresql_where=sa.text("state IN ('planned', 'announced', 'collecting', 'action_required', 'retrying')"),
            sqlite_where=sa.text("state IN ('planned', 'announced', 'collecting', 'action_required', 'retrying')"),
        )

    op.create_table(
        "collection_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("collection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "planned",
                "announced",
                "collecting",
                "action_required",
                "retrying",
                "done",
                "exhausted",
                "cancelled",
                name="before_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "planned",
                "announced",
                "collecting",
                "action_required",
                "retrying",
                "done",
                "exhausted",
                "cancelled",
                name="after_state",
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
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_collection_change_collection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_change")),
    )
    with op.batch_alter_table("collection_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_change_collection_id"), ["collection_id"], unique=False)

    with op.batch_alter_table("balance_transaction", schema=None) as batch_op:
        batch_op.create_index("ix_balance_transaction_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_balance_transaction_source", ["source_ref"], unique=False)

    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_invoice_open_amount",
            ["open_minor", "due_on", "id"],
            unique=False,
            postgresql_where=sa.text("open_minor > 0 AND status = 'issued'"),
            sqlite_where=sa.text("open_minor > 0 AND status = 'issued'"),
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_invoice_open_amount",
            postgresql_where=sa.text("open_minor > 0 AND status = 'issued'"),
            sqlite_where=sa.text("open_minor > 0 AND status = 'issued'"),
        )

    with op.batch_alter_table("balance_transaction", schema=None) as batch_op:
        batch_op.drop_index("ix_balance_transaction_source")
        batch_op.drop_index("ix_balance_transaction_created")

    with op.batch_alter_table("collection_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collection_change_collection_id"))

    op.drop_table("collection_change")
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_collection_live",
            postgresql_where=sa.text("state IN ('planned', 'announced', 'collecting', 'action_required', 'retrying')"),
            sqlite_where=sa.text("state IN ('planned', 'announced', 'collecting', 'action_required', 'retrying')"),
        )
        batch_op.drop_index("ix_collection_subject")
        batch_op.drop_index("ix_collection_due")
        batch_op.drop_index(batch_op.f("ix_collection_autopay_id"))
        batch_op.drop_index("ix_collection_account")

    op.drop_table("collection")
    with op.batch_alter_table("refund_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_change_refund_id"))

    op.drop_table("refund_change")
    op.drop_table("refund_attempt")
    with op.batch_alter_table("line_booking", schema=None) as batch_op:
        batch_op.drop_index("ix_line_booking_subject")
        batch_op.drop_index(batch_op.f("ix_line_booking_line_id"))
        batch_op.drop_index(batch_op.f("ix_line_booking_account_id"))

    op.drop_table("line_booking")
    with op.batch_alter_table("autopay", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_autopay_on", postgresql_where=sa.text("stopped_at IS NULL"), sqlite_where=sa.text("stopped_at IS NULL")
        )

    op.drop_table("autopay")
    with op.batch_alter_table("uncovering", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uncovering_withdrawal_id"))

    op.drop_table("uncovering")
    op.drop_table("stop_lift")
    with op.batch_alter_table("saved_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_attempt_saved_method_id"))

    op.drop_table("saved_attempt")
    op.drop_table("remittance_advice_line")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index("ix_refund_status")
        batch_op.drop_index(batch_op.f("ix_refund_payment_id"))
        batch_op.drop_index("ix_refund_account")

    op.drop_table("refund")
    op.drop_table("payment_round_line")
    op.drop_table("movement_explanation")
    with op.batch_alter_table("chargeback_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chargeback_movement_chargeback_id"))

    op.drop_table("chargeback_movement")
    with op.batch_alter_table("chargeback_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chargeback_change_chargeback_id"))

    op.drop_table("chargeback_change")
    with op.batch_alter_table("bank_line", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_bank_line_waiting",
            postgresql_where=sa.text("state IN ('open', 'parked')"),
            sqlite_where=sa.text("state IN ('open', 'parked')"),
        )
        batch_op.drop_index(batch_op.f("ix_bank_line_import_id"))
        batch_op.drop_index("ix_bank_line_account")

    op.drop_table("bank_line")
    with op.batch_alter_table("autopay_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_autopay_consent_account_id"))

    op.drop_table("autopay_consent")
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_index("ix_withdrawal_source")
        batch_op.drop_index(batch_op.f("ix_withdrawal_reverses_id"))
        batch_op.drop_index(batch_op.f("ix_withdrawal_credit_item_id"))
        batch_op.drop_index("ix_withdrawal_account")

    op.drop_table("withdrawal")
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_index("ix_stop_source")
        batch_op.drop_index("ix_stop_account")

    op.drop_table("stop")
    with op.batch_alter_table("saved_method", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_method_account")

    op.drop_table("saved_method")
    with op.batch_alter_table("remittance_advice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_remittance_advice_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("remittance_advice")
    with op.batch_alter_table("receipt_slip", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_receipt_slip_waiting",
            postgresql_where=sa.text("banked_on IS NULL"),
            sqlite_where=sa.text("banked_on IS NULL"),
        )

    op.drop_table("receipt_slip")
    op.drop_table("payment_round_item")
    op.drop_table("payment_return")
    with op.batch_alter_table("owed_again", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_owed_again_source"))

    op.drop_table("owed_again")
    with op.batch_alter_table("fraud_warning", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fraud_warning_payment_id"))

    op.drop_table("fraud_warning")
    with op.batch_alter_table("chargeback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chargeback_payment_id"))
        batch_op.drop_index(
            "ix_chargeback_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_chargeback_account_id"))

    op.drop_table("chargeback")
    with op.batch_alter_table("bank_import", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_import_account")

    op.drop_table("bank_import")
    op.drop_table("payout_item")
    with op.batch_alter_table("payout_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_change_payout_id"))

    op.drop_table("payout_change")
    with op.batch_alter_table("payment_round", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_payment_round_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("payment_round")
    with op.batch_alter_table("payer_bank_account", schema=None) as batch_op:
        batch_op.drop_index("ix_payer_bank_account_number")

    op.drop_table("payer_bank_account")
    with op.batch_alter_table("method_setup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_setup_account_id"))

    op.drop_table("method_setup")
    with op.batch_alter_table("method_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_consent_account_id"))

    op.drop_table("method_consent")
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_move_to_account_id"))
        batch_op.drop_index(batch_op.f("ix_credit_move_from_account_id"))

    op.drop_table("credit_move")
    with op.batch_alter_table("reported_day", schema=None) as batch_op:
        batch_op.drop_index("ix_reported_day_day")

    op.drop_table("reported_day")
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.drop_index("ix_payout_state")
        batch_op.drop_index("ix_payout_created")

    op.drop_table("payout")
    op.drop_table("bank_account")
    op.drop_table("backfill_bookmark")
    change_check("credit_item", "ck_credit_item_creditkind", "kind IN ('payment', 'credit_note')")
    change_check(
        "document", "ck_document_category", "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import')"
    )
    change_check("invoice", "ck_invoice_invoicekind", "kind IN ('invoice', 'debit_note')")
    change_check("payment", "ck_payment_paymentmethod", "method IN ('checkout', 'imported')")
    op.drop_index("ix_payment_silent", table_name="payment")
    op.create_index(
        "ix_payment_silent",
        "payment",
        ["looked_at"],
        unique=False,
        sqlite_where=sa.text(
            "method = 'checkout' AND (status IN ('pending', 'requires_action', 'processing') OR (status = 'succeeded' AND settled_at IS NULL))"
        ),
        postgresql_where=sa.text(
            "method = 'checkout' AND (status IN ('pending', 'requires_action', 'processing') OR (status = 'succeeded' AND settled_at IS NULL))"
        ),
    )
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'foreign_receipt', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
