"""Accounts and keys, what drafts are found and erased by, verdicts, idempotency, limits and spend.

Drafts that are there already go to the account `local`, which is the command line's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
at_start = True

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds columns without touching a row, and new tables."""
    _accounts()
    _drafts()
    _verdicts()
    op.create_table(
        "claims",
        sa.Column("account_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("held_until", TIME, nullable=False),
        sa.Column("result_id", sa.String(64)),
    )
    op.create_index("ix_claims_created_at", "claims", ["created_at"])
    op.create_index("ix_claims_result", "claims", ["result_id"])
    op.create_table("allowances", sa.Column("name", sa.String(120), primary_key=True), sa.Column("used_until_s", sa.Double, nullable=False))
    op.create_table(
        "spend",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("usd", sa.Double, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("is_local_only", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(100), nullable=False),
        sa.Column("rate_per_minute", sa.Integer),
        sa.Column("daily_usd", sa.Double),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.Column("last_used_at", TIME),
    )


def _drafts() -> None:
    op.add_column("drafts", sa.Column("account_id", sa.String(64), nullable=False, server_default="local"))
    for name, length in (("origin", 16), ("language", 35), ("prompt", 60), ("order_id", 120), ("buyer_key", 120)):
        op.add_column("drafts", sa.Column(name, sa.String(length)))
    op.create_index("ix_drafts_account", "drafts", ["account_id", "created_at", "id"])
    op.create_index("ix_drafts_order", "drafts", ["account_id", "order_id"])
    op.create_index("ix_drafts_buyer", "drafts", ["account_id", "buyer_key"])


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("draft_id", sa.String(64), sa.ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("ix_verdicts_draft", "verdicts", ["draft_id", "created_at"])
    op.create_index("ix_verdicts_account", "verdicts", ["account_id", "created_at"])
