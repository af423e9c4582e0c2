"""Budgets of API keys, given contexts, idempotency keys of questions, joined balances."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("api_key_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_budgets_amount")),
        sa.CheckConstraint(
            "used >= 0 AND held >= 0 AND used + held <= amount", name=op.f("ck_budgets_spent")
        ),
        sa.ForeignKeyConstraint(
            ["api_key_id"],
            ["api_keys.id"],
            name=op.f("fk_budgets_api_key_id_api_keys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("api_key_id", name=op.f("pk_budgets")),
    )
    op.create_table(
        "asked_once",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "context", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["messages.id"],
            name=op.f("fk_asked_once_question_id_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_asked_once_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_asked_once")),
    )
    op.create_index(op.f("ix_asked_once_created_at"), "asked_once", ["created_at"], unique=False)
    op.create_index(op.f("ix_asked_once_question_id"), "asked_once", ["question_id"], unique=False)
    op.add_column("balances", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_balances_merged_into"), "balances", ["merged_into"], unique=False)
    op.create_foreign_key(
        op.f("fk_balances_merged_into_users"),
        "balances",
        "users",
        ["merged_into"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column(
        "conversations",
        sa.Column(
            "given", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
    )
    op.add_column(
        "generations",
        sa.Column("origin", sa.String(length=16), server_default="telegram", nullable=False),
    )
    op.add_column("holds", sa.Column("api_key_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_holds_api_key_id_budgets"),
        "holds",
        "budgets",
        ["api_key_id"],
        ["api_key_id"],
        ondelete="SET NULL",
    )
    op.add_column(
        "preferences", sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.drop_constraint(op.f("ck_ledger_entries_amount"), "ledger_entries", type_="check")
    op.create_check_constraint(
        op.f("ck_ledger_entries_amount"), "ledger_entries", "amount <> 0 OR kind = 'adjustment'"
    )
    op.create_check_constraint(
        op.f("ck_generations_origin"), "generations", "origin IN ('telegram', 'http')"
    )
    op.create_index(
        "ix_holds_api_key_id",
        "holds",
        ["api_key_id"],
        postgresql_where=sa.text("api_key_id IS NOT NULL"),
    )


def downgrade() -> None:
    # NOT VALID: entries of zero units may exist, and the ledger does not allow to delete them.
    op.drop_constraint(op.f("ck_ledger_entries_amount"), "ledger_entries", type_="check")
    op.create_check_constraint(
        op.f("ck_ledger_entries_amount"),
        "ledger_entries",
        "amount <> 0",
        postgresql_not_valid=True,
    )
    op.drop_index("ix_holds_api_key_id", table_name="holds")
    op.drop_column("preferences", "revision")
    op.drop_constraint(op.f("ck_generations_origin"), "generations", type_="check")
    op.drop_constraint(op.f("fk_holds_api_key_id_budgets"), "holds", type_="foreignkey")
    op.drop_column("holds", "api_key_id")
    op.drop_column("generations", "origin")
    op.drop_column("conversations", "given")
    op.drop_constraint(op.f("fk_balances_merged_into_users"), "balances", type_="foreignkey")
    op.drop_index(op.f("ix_balances_merged_into"), table_name="balances")
    op.drop_column("balances", "merged_into")
    op.drop_index(op.f("ix_asked_once_question_id"), table_name="asked_once")
    op.drop_index(op.f("ix_asked_once_created_at"), table_name="asked_once")
    op.drop_table("asked_once")
    op.drop_table("budgets")
