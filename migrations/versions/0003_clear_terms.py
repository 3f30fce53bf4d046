"""Clear terms."""

import sqlalchemy as sa
from alembic import op

from domain.shared.db.altering import change_check

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    change_check(
        "audit_entry",
        "ck_audit_entry_actorkind",
        "actor_kind IN ('staff', 'login', 'visitor', 'processor', 'worker', 'operator', 'api_key')",
    )
    change_check(
        "collection",
        "ck_collection_endreason",
        "ends_why IN ('tries_used', 'unanswered', 'refused', 'paid', 'held', 'being_paid', 'less_open', 'untold', 'too_late', 'given_up', 'stopped', 'replaced', 'extended')",
    )
    change_check(
        "credit_item",
        "ck_credit_item_creditkind",
        "kind IN ('payment', 'credit_note', 'moved', 'reinstated', 'discount')",
    )
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
    change_check(
        "withdrawal",
        "ck_withdrawal_withdrawalkind",
        "kind IN ('refund', 'return', 'chargeback', 'moved', 'mistake', 'revoked')",
    )
    op.create_table(
        "account_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_group")),
        sa.UniqueConstraint("name", name=op.f("uq_account_group_name")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("start", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_key_token_hash")),
    )
    op.create_table(
        "credit_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_credit_policy_name")),
    )
    op.create_table(
        "late_charge_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_late_charge_day")),
    )
    op.create_table(
        "rates_looked_up",
        sa.Column(
            "reference",
            sa.Enum(
                "fixed",
                "boe",
                "ecb_mro",
                "de_basiszinssatz",
                name="reference",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("through_on", sa.Date(), nullable=False),
        sa.Column("looked_up_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_rates_looked_up")),
    )
    op.create_table(
        "reference_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reference",
            sa.Enum(
                "fixed",
                "boe",
                "ecb_mro",
                "de_basiszinssatz",
                name="reference",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_rate")),
    )
    with op.batch_alter_table("reference_rate", schema=None) as batch_op:
        batch_op.create_index("ix_reference_rate_day", ["reference", "from_on", "id"], unique=False)

    op.create_table(
        "tie_out_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (answered IS NULL)", name=op.f("ck_tie_out_run_ended")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_out_run")),
    )
    with op.batch_alter_table("tie_out_run", schema=None) as batch_op:
        batch_op.create_index("ix_tie_out_run_answered", ["answered", "id"], unique=False)

    op.create_table(
        "credit_application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "review",
                "approved",
                "refused",
                "withdrawn",
                name="applicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=True),
        sa.Column(
            "legal_form",
            sa.Enum(
                "company",
                "sole_trader",
                "partnership",
                "natural_person",
                "public_body",
                "unknown",
                name="legal_form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("company_number", sa.String(length=40), nullable=True),
        sa.Column("company_number_checked", sa.Boolean(), nullable=True),
        sa.Column("tax_number", sa.String(length=40), nullable=True),
        sa.Column("tax_number_checked", sa.Boolean(), nullable=True),
        sa.Column("trading_since", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("wanted_minor", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("wanted_minor > 0", name=op.f("ck_credit_application_wanted_minor")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_application_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_credit_application_login_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_application")),
    )
    with op.batch_alter_table("credit_application", schema=None) as batch_op:
        batch_op.create_index("ix_credit_application_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_credit_application_live",
            ["account_id"],
            unique=True,
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'review')"),
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'review')"),
        )

    op.create_table(
        "credit_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "above_limit",
                "overdue",
                "check_expired",
                name="holdreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_hold_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_hold")),
    )
    with op.batch_alter_table("credit_hold", schema=None) as batch_op:
        batch_op.create_index("ix_credit_hold_account", ["account_id", "id"], unique=False)
        batch_op.create_index(
            "uq_credit_hold_live",
            ["account_id", "reason"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "group_member",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_group_member_account_id")),
        sa.ForeignKeyConstraint(["group_id"], ["account_group.id"], name=op.f("fk_group_member_group_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_group_id"), ["group_id"], unique=False)

    op.create_table(
        "invoicing_details",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("tax_number", sa.String(length=40), nullable=True),
        sa.Column("wants_purchase_order", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invoicing_details_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_invoicing_details")),
    )
    op.create_table(
        "policy_assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("account_id IS NULL OR group_id IS NULL", name=op.f("ck_policy_assignment_scope")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_policy_assignment_account_id")),
        sa.ForeignKeyConstraint(["group_id"], ["account_group.id"], name=op.f("fk_policy_assignment_group_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["credit_policy.id"], name=op.f("fk_policy_assignment_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_assignment")),
    )
    with op.batch_alter_table("policy_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_assignment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_assignment_group_id"), ["group_id"], unique=False)

    op.create_table(
        "policy_draft",
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["policy_id"], ["credit_policy.id"], name=op.f("fk_policy_draft_policy_id")),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_policy_draft")),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_policy_version_number")),
        sa.ForeignKeyConstraint(["policy_id"], ["credit_policy.id"], name=op.f("fk_policy_version_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_policy_version_policy_id_number")),
    )
    op.create_table(
        "promise_to_pay",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "kept",
                "broken",
                "withdrawn",
                "replaced",
                name="promisestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_after_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judged_upto_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(status = 'open') = (ended_at IS NULL)", name=op.f("ck_promise_to_pay_ended")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_promise_to_pay_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promise_to_pay_account_id")),
        sa.ForeignKeyConstraint(["made_by"], ["login.id"], name=op.f("fk_promise_to_pay_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_to_pay")),
    )
    with op.batch_alter_table("promise_to_pay", schema=None) as batch_op:
        batch_op.create_index("ix_promise_to_pay_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_promise_to_pay_status", ["status", "promised_on", "id"], unique=False)

    op.create_table(
        "unbilled",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_unbilled_amount_minor")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_unbilled_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unbilled")),
        sa.UniqueConstraint("account_id", "reference", name=op.f("uq_unbilled_account_id_reference")),
    )
    op.create_table(
        "bank_upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_bank_upload_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_upload")),
    )
    op.create_table(
        "credit_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rating", sa.String(length=200), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("expires_on >= as_of", name=op.f("ck_credit_check_expires_on")),
        sa.CheckConstraint("limit_minor >= 0", name=op.f("ck_credit_check_limit_minor")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_credit_check_score")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_check_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_credit_check_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_check")),
    )
    with op.batch_alter_table("credit_check", schema=None) as batch_op:
        batch_op.create_index("ix_credit_check_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_check_document_id"), ["document_id"], unique=False)

    op.create_table(
        "credit_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "approve",
                "refuse",
                "look_again",
                name="credit_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["credit_application.id"], name=op.f("fk_credit_decision_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_decision")),
    )
    with op.batch_alter_table("credit_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_decision_application_id"), ["application_id"], unique=False)

    op.create_table(
        "credit_hold_lift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["hold_id"], ["credit_hold.id"], name=op.f("fk_credit_hold_lift_hold_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_hold_lift")),
    )
    with op.batch_alter_table("credit_hold_lift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_hold_lift_hold_id"), ["hold_id"], unique=False)

    op.create_table(
        "credit_limit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("limit_minor >= 0", name=op.f("ck_credit_limit_limit_minor")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_limit_account_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["credit_application.id"], name=op.f("fk_credit_limit_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_limit")),
    )
    with op.batch_alter_table("credit_limit", schema=None) as batch_op:
        batch_op.create_index("ix_credit_limit_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_limit_application_id"), ["application_id"], unique=False)

    op.create_table(
        "discount_quote",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("discount_minor > 0", name=op.f("ck_discount_quote_discount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_discount_quote_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_discount_quote_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_quote")),
        sa.UniqueConstraint("payment_id", "invoice_id", name=op.f("uq_discount_quote_payment_id_invoice_id")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "not_delivered",
                "damaged",
                "wrong_price",
                "wrong_quantity",
                "paid_already",
                "not_ordered",
                "duplicate",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "under_review",
                "resolved",
                "withdrawn",
                name="disputestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "partly_accepted",
                "rejected",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("credited_minor", sa.BigInteger(), nullable=True),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("raised_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(status = 'resolved') = (outcome IS NOT NULL)", name=op.f("ck_dispute_resolved")),
        sa.CheckConstraint(
            "(status IN ('resolved', 'withdrawn')) = (ended_at IS NOT NULL)", name=op.f("ck_dispute_ended")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_amount")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dispute_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_dispute_invoice_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["login.id"], name=op.f("fk_dispute_raised_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_number")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index("ix_dispute_status", ["status", "id"], unique=False)

    op.create_table(
        "early_discount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_early_discount_amount")),
        sa.CheckConstraint("tax_minor >= 0 AND tax_minor <= amount_minor", name=op.f("ck_early_discount_tax")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_early_discount_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_early_discount_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_discount")),
        sa.UniqueConstraint("number", name=op.f("uq_early_discount_number")),
        sa.UniqueConstraint("payment", "invoice_id", name=op.f("uq_early_discount_payment_invoice_id")),
    )
    with op.batch_alter_table("early_discount", schema=None) as batch_op:
        batch_op.create_index("ix_early_discount_account", ["account_id", "effective_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_early_discount_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_early_discount_payment"), ["payment"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("due_on > was_due_on", name=op.f("ck_extension_later")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_extension_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_extension_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_extension_invoice_id")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_account_id"), ["account_id"], unique=False)

    op.create_table(
        "promise_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "open",
                "kept",
                "broken",
                "withdrawn",
                "replaced",
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
                "open",
                "kept",
                "broken",
                "withdrawn",
                "replaced",
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
        sa.ForeignKeyConstraint(["promise_id"], ["promise_to_pay.id"], name=op.f("fk_promise_change_promise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_change")),
    )
    with op.batch_alter_table("promise_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_change_promise_id"), ["promise_id"], unique=False)

    op.create_table(
        "promise_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_promise_part_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_promise_part_invoice_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise_to_pay.id"], name=op.f("fk_promise_part_promise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_part")),
        sa.UniqueConstraint("promise_id", "invoice_id", name=op.f("uq_promise_part_promise_id_invoice_id")),
    )
    with op.batch_alter_table("promise_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_part_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "terms_acceptance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("user_agent", sa.String(length=400), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_terms_acceptance_account_id")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_terms_acceptance_login_id")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_terms_acceptance_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptance")),
        sa.UniqueConstraint("account_id", "version_id", name=op.f("uq_terms_acceptance_account_id_version_id")),
    )
    with op.batch_alter_table("terms_acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terms_acceptance_version_id"), ["version_id"], unique=False)

    op.create_table(
        "terms_paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_terms_paper_document_id")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_terms_paper_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_paper")),
        sa.UniqueConstraint("version_id", "language", name=op.f("uq_terms_paper_version_id_language")),
    )
    op.create_table(
        "terms_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "how",
            sa.Enum("mail", "reminder", "staff", name="askedhow", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_terms_request_account_id")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_terms_request_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_request")),
    )
    with op.batch_alter_table("terms_request", schema=None) as batch_op:
        batch_op.create_index("ix_terms_request_account", ["account_id", "id"], unique=False)

    op.create_table(
        "trade_reference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("good", "bad", "none", name="answer", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["credit_application.id"], name=op.f("fk_trade_reference_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_reference")),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_trade_reference_application_id_position")),
    )
    op.create_table(
        "credited_line",
        sa.Column(
            "credit_note_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_note.id"], name=op.f("fk_credited_line_credit_note_id")),
        sa.ForeignKeyConstraint(["line_id"], ["invoice_line.id"], name=op.f("fk_credited_line_line_id")),
        sa.PrimaryKeyConstraint("credit_note_id", name=op.f("pk_credited_line")),
    )
    with op.batch_alter_table("credited_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credited_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "dispute_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "open",
                "under_review",
                "resolved",
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
                "open",
                "under_review",
                "resolved",
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
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_change_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_change")),
    )
    with op.batch_alter_table("dispute_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_change_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "extension_cut",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("extension_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cut_on", sa.Date(), nullable=False),
        sa.Column("cut_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("due_on < was_due_on", name=op.f("ck_extension_cut_earlier")),
        sa.ForeignKeyConstraint(["extension_id"], ["extension.id"], name=op.f("fk_extension_cut_extension_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_extension_cut_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_cut")),
    )
    with op.batch_alter_table("extension_cut", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_cut_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "late_charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debit_note_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit_note_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "interest", "recovery_cost", name="chargekind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "act",
            sa.Enum(
                "charged", "corrected", "waived", name="chargeact", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("through_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("accrued_minor", sa.BigInteger(), nullable=True),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(act = 'charged') = (amount_minor > 0) AND amount_minor <> 0", name=op.f("ck_late_charge_amount")
        ),
        sa.CheckConstraint("(act = 'charged') = (credit_note_id IS NULL)", name=op.f("ck_late_charge_paper")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_late_charge_account_id")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_note.id"], name=op.f("fk_late_charge_credit_note_id")),
        sa.ForeignKeyConstraint(["debit_note_id"], ["invoice.id"], name=op.f("fk_late_charge_debit_note_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_late_charge_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_charge")),
        sa.UniqueConstraint("credit_note_id", name=op.f("uq_late_charge_credit_note_id")),
    )
    with op.batch_alter_table("late_charge", schema=None) as batch_op:
        batch_op.create_index("ix_late_charge_account", ["account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_charge_debit_note_id"), ["debit_note_id"], unique=False)
        batch_op.create_index("ix_late_charge_invoice", ["invoice_id", "id"], unique=False)
        batch_op.create_index(
            "uq_late_charge_cost",
            ["invoice_id"],
            unique=True,
            postgresql_where=sa.text("act = 'charged' AND kind = 'recovery_cost'"),
            sqlite_where=sa.text("act = 'charged' AND kind = 'recovery_cost'"),
        )
        batch_op.create_index(
            "uq_late_charge_day",
            ["invoice_id", "through_on"],
            unique=True,
            postgresql_where=sa.text("act = 'charged' AND kind = 'interest'"),
            sqlite_where=sa.text("act = 'charged' AND kind = 'interest'"),
        )

    op.create_table(
        "stop_reason",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["stop_id"], ["stop.id"], name=op.f("fk_stop_reason_stop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_reason")),
        sa.UniqueConstraint("stop_id", name=op.f("uq_stop_reason_stop_id")),
    )
    op.create_table(
        "refund_payee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("bank_account", sa.String(length=40), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_payee_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_payee")),
    )
    with op.batch_alter_table("refund_payee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_payee_refund_id"), ["refund_id"], unique=False)

    op.create_table(
        "undone_booking",
        sa.Column(
            "booking_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["line_booking.id"], name=op.f("fk_undone_booking_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_undone_booking")),
    )
    op.add_column("import_row", sa.Column("delivered_on", sa.Date(), nullable=True))

    op.add_column(
        "invoice", sa.Column("terms_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("invoice", sa.Column("delivered_on", sa.Date(), nullable=True))

    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(
            "ix_refund_unfinished",
            ["id"],
            unique=False,
            postgresql_where=sa.text(
                "refund_ref IS NOT NULL AND (status IN ('pending', 'requires_action') OR (status = 'succeeded' AND moved_at IS NULL))"
            ),
            sqlite_where=sa.text(
                "refund_ref IS NOT NULL AND (status IN ('pending', 'requires_action') OR (status = 'succeeded' AND moved_at IS NULL))"
            ),
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_refund_unfinished",
            postgresql_where=sa.text(
                "refund_ref IS NOT NULL AND (status IN ('pending', 'requires_action') OR (status = 'succeeded' AND moved_at IS NULL))"
            ),
            sqlite_where=sa.text(
                "refund_ref IS NOT NULL AND (status IN ('pending', 'requires_action') OR (status = 'succeeded' AND moved_at IS NULL))"
            ),
        )

    op.drop_column("invoice", "delivered_on")
    op.drop_column("invoice", "terms_version_id")

    op.drop_column("import_row", "delivered_on")

    op.drop_table("undone_booking")
    with op.batch_alter_table("refund_payee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_payee_refund_id"))

    op.drop_table("refund_payee")
    op.drop_table("stop_reason")
    with op.batch_alter_table("late_charge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_late_charge_day",
            postgresql_where=sa.text("act = 'charged' AND kind = 'interest'"),
            sqlite_where=sa.text("act = 'charged' AND kind = 'interest'"),
        )
        batch_op.drop_index(
            "uq_late_charge_cost",
            postgresql_where=sa.text("act = 'charged' AND kind = 'recovery_cost'"),
            sqlite_where=sa.text("act = 'charged' AND kind = 'recovery_cost'"),
        )
        batch_op.drop_index("ix_late_charge_invoice")
        batch_op.drop_index(batch_op.f("ix_late_charge_debit_note_id"))
        batch_op.drop_index("ix_late_charge_account")

    op.drop_table("late_charge")
    with op.batch_alter_table("extension_cut", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_cut_invoice_id"))

    op.drop_table("extension_cut")
    with op.batch_alter_table("dispute_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_change_dispute_id"))

    op.drop_table("dispute_change")
    with op.batch_alter_table("credited_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credited_line_line_id"))

    op.drop_table("credited_line")
    op.drop_table("trade_reference")
    with op.batch_alter_table("terms_request", schema=None) as batch_op:
        batch_op.drop_index("ix_terms_request_account")

    op.drop_table("terms_request")
    op.drop_table("terms_paper")
    with op.batch_alter_table("terms_acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terms_acceptance_version_id"))

    op.drop_table("terms_acceptance")
    with op.batch_alter_table("promise_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_part_invoice_id"))

    op.drop_table("promise_part")
    with op.batch_alter_table("promise_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_change_promise_id"))

    op.drop_table("promise_change")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_account_id"))

    op.drop_table("extension")
    with op.batch_alter_table("early_discount", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_early_discount_payment"))
        batch_op.drop_index(batch_op.f("ix_early_discount_invoice_id"))
        batch_op.drop_index("ix_early_discount_account")

    op.drop_table("early_discount")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_status")
        batch_op.drop_index(batch_op.f("ix_dispute_invoice_id"))
        batch_op.drop_index("ix_dispute_account")

    op.drop_table("dispute")
    op.drop_table("discount_quote")
    with op.batch_alter_table("credit_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_limit_application_id"))
        batch_op.drop_index("ix_credit_limit_account")

    op.drop_table("credit_limit")
    with op.batch_alter_table("credit_hold_lift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_hold_lift_hold_id"))

    op.drop_table("credit_hold_lift")
    with op.batch_alter_table("credit_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_decision_application_id"))

    op.drop_table("credit_decision")
    with op.batch_alter_table("credit_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_check_document_id"))
        batch_op.drop_index("ix_credit_check_account")

    op.drop_table("credit_check")
    op.drop_table("bank_upload")
    op.drop_table("unbilled")
    with op.batch_alter_table("promise_to_pay", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_to_pay_status")
        batch_op.drop_index("ix_promise_to_pay_account")

    op.drop_table("promise_to_pay")
    op.drop_table("policy_version")
    op.drop_table("policy_draft")
    with op.batch_alter_table("policy_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_assignment_group_id"))
        batch_op.drop_index(batch_op.f("ix_policy_assignment_account_id"))

    op.drop_table("policy_assignment")
    op.drop_table("invoicing_details")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_group_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("credit_hold", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credit_hold_live",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_credit_hold_account")

    op.drop_table("credit_hold")
    with op.batch_alter_table("credit_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credit_application_live",
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'review')"),
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'review')"),
        )
        batch_op.drop_index("ix_credit_application_state")

    op.drop_table("credit_application")
    with op.batch_alter_table("tie_out_run", schema=None) as batch_op:
        batch_op.drop_index("ix_tie_out_run_answered")

    op.drop_table("tie_out_run")
    with op.batch_alter_table("reference_rate", schema=None) as batch_op:
        batch_op.drop_index("ix_reference_rate_day")

    op.drop_table("reference_rate")
    op.drop_table("rates_looked_up")
    op.drop_table("late_charge_day")
    op.drop_table("credit_policy")
    op.drop_table("api_key")
    op.drop_table("account_group")
    change_check(
        "audit_entry",
        "ck_audit_entry_actorkind",
        "actor_kind IN ('staff', 'login', 'visitor', 'processor', 'worker', 'operator')",
    )
    change_check(
        "collection",
        "ck_collection_endreason",
        "ends_why IN ('tries_used', 'unanswered', 'refused', 'paid', 'held', 'being_paid', 'less_open', 'untold', 'too_late', 'given_up', 'stopped', 'replaced')",
    )
    change_check(
        "credit_item", "ck_credit_item_creditkind", "kind IN ('payment', 'credit_note', 'moved', 'reinstated')"
    )
    change_check(
        "document",
        "ck_document_category",
        "category IN ('invoice', 'credit_note', 'statement', 'receipt', 'import', 'bank_file', 'advice')",
    )
    change_check("stop", "ck_stop_stopkind", "kind IN ('chargeback', 'manual')")
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    change_check("withdrawal", "ck_withdrawal_withdrawalkind", "kind IN ('refund', 'return', 'chargeback', 'moved')")
