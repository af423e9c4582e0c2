"""Balances, ledger, holds, payments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# The ledger is append-only: neither a bug nor a person at a console can change an entry.
REFUSE_CHANGE = """
    CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger entry % can not be changed or deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END $$
"""
# One column may change: deleting an admin sets `created_by` to NULL.
GUARD_UPDATE = """
    CREATE TRIGGER refuse_update BEFORE UPDATE ON ledger_entries FOR EACH ROW
    WHEN (
        NEW.created_by IS NOT NULL
        OR to_jsonb(NEW) - 'created_by' IS DISTINCT FROM to_jsonb(OLD) - 'created_by'
    )
    EXECUTE FUNCTION refuse_change_of_ledger()
"""
# Depth 0 is a statement of a client. The deletion of a user cascades here with a greater depth.
GUARD_DELETE = """
    CREATE TRIGGER refuse_delete BEFORE DELETE ON ledger_entries FOR EACH ROW
    WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION refuse_change_of_ledger()
"""


def upgrade() -> None:
    op.create_table(
        "welcome_grants",
        sa.Column("identity", sa.LargeBinary(length=32), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_welcome_grants")),
    )
    op.create_table(
        "balances",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used_total", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_balances_balance")),
        sa.CheckConstraint("held >= 0 AND held <= balance", name=op.f("ck_balances_held")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_balances_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_balances")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_holds_amount")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_holds_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_expires_at"), "holds", ["expires_at"], unique=False)
    op.create_index(op.f("ix_holds_user_id"), "holds", ["user_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('grant', 'topup', 'usage', 'adjustment', 'refund')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_ledger_entries_created_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_ledger_entries_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entries_key")),
    )
    op.create_index(
        "ix_ledger_entries_created_by",
        "ledger_entries",
        ["created_by"],
        unique=False,
        postgresql_where=sa.text("created_by IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_entries_user_id_id", "ledger_entries", ["user_id", "id"], unique=False
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("charge_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.String(length=128), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("shortfall", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refund_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('paid', 'unclaimed', 'refunding', 'refunded')",
            name=op.f("ck_payments_state"),
        ),
        sa.CheckConstraint("stars > 0", name=op.f("ck_payments_stars")),
        sa.CheckConstraint("tokens >= 0", name=op.f("ck_payments_tokens")),
        sa.CheckConstraint("shortfall BETWEEN 0 AND tokens", name=op.f("ck_payments_shortfall")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_payments_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_payments_charge_id")),
    )
    op.create_index(op.f("ix_payments_state"), "payments", ["state"], unique=False)
    op.create_index(op.f("ix_payments_user_id"), "payments", ["user_id"], unique=False)
    op.create_table(
        "reconciliation_progress",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.String(length=255), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reconciliation_progress_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_progress")),
    )
    op.execute(REFUSE_CHANGE)
    op.execute(GUARD_UPDATE)
    op.execute(GUARD_DELETE)


def downgrade() -> None:
    op.drop_table("reconciliation_progress")
    op.drop_index(op.f("ix_payments_state"), table_name="payments")
    op.drop_index(op.f("ix_payments_user_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index("ix_ledger_entries_user_id_id", table_name="ledger_entries")
    op.drop_index(
        "ix_ledger_entries_created_by",
        table_name="ledger_entries",
        postgresql_where=sa.text("created_by IS NOT NULL"),
    )
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_holds_user_id"), table_name="holds")
    op.drop_index(op.f("ix_holds_expires_at"), table_name="holds")
    op.drop_table("holds")
    op.drop_table("balances")
    op.drop_table("welcome_grants")
    op.execute("DROP FUNCTION refuse_change_of_ledger()")
