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
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'chargeback_not_accepted', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    change_check(
        "withdrawal", "ck_withdrawal_withdrawalkind", "kind IN ('refund', 'return', 'chargeback', 'moved', 'mistake')"
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
        "credit_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_credit_policy_name")),
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

    op.drop_table("undone_booking")
    with op.batch_alter_table("terms_request", schema=None) as batch_op:
        batch_op.drop_index("ix_terms_request_account")

    op.drop_table("terms_request")
    with op.batch_alter_table("terms_acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terms_acceptance_version_id"))

    op.drop_table("terms_acceptance")
    op.drop_table("policy_version")
    op.drop_table("policy_draft")
    with op.batch_alter_table("policy_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_assignment_group_id"))
        batch_op.drop_index(batch_op.f("ix_policy_assignment_account_id"))

    op.drop_table("policy_assignment")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_group_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("reference_rate", schema=None) as batch_op:
        batch_op.drop_index("ix_reference_rate_day")

    op.drop_table("reference_rate")
    op.drop_table("rates_looked_up")
    op.drop_table("credit_policy")
    op.drop_table("account_group")
    change_check(
        "task",
        "ck_task_taskkind",
        "kind IN ('surplus', 'payment_unknown', 'payment_mismatch', 'payment_recovered', 'foreign_receipt', 'refund_approval', 'refund_unknown', 'refund_failed', 'refund_to_explain', 'chargeback', 'chargeback_lost', 'fraud_warning', 'payout_failed', 'movement_unknown', 'unidentified_receipt', 'tie_out', 'autopay_stopped', 'method_lost', 'mail_undeliverable', 'event_failed', 'work_failed')",
    )
    change_check("withdrawal", "ck_withdrawal_withdrawalkind", "kind IN ('refund', 'return', 'chargeback', 'moved')")
