"""The tables, as the newest migration leaves them; a test holds the two against each other.

Records are append-only: no statement of this package changes a row of `drafts` or `verdicts`; only a purge deletes them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Double, ForeignKey, Index, Integer, MetaData, String, Table, TypeDecorator, false
from sqlalchemy.engine import Dialect

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is added again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]


accounts = Table(
    "accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("is_local_only", Boolean, nullable=False, server_default=false()),
    Column("created_at", UtcTime, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("account_id", String(64), ForeignKey("accounts.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("rate_per_minute", Integer),
    Column("daily_usd", Double),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("last_used_at", UtcTime),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("action", String(16), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("record", JSON, nullable=False),
    Column("account_id", String(64), nullable=False, server_default="local"),
    Column("origin", String(16)),
    Column("language", String(35)),
    Column("prompt", String(60)),
    Column("order_id", String(120)),
    Column("buyer_key", String(120)),
    Index("ix_drafts_created_at", "created_at"),
    Index("ix_drafts_account", "account_id", "created_at", "id"),
    Index("ix_drafts_order", "account_id", "order_id"),
    Index("ix_drafts_buyer", "account_id", "buyer_key"),
)

salts = Table("salts", metadata, Column("name", String(40), primary_key=True), Column("value", String(64), nullable=False))

BUYER_KEYS = "buyer_key"
"""Name of the salt of buyer keys."""

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("draft_id", String(64), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_verdicts_draft", "draft_id", "created_at"),
    Index("ix_verdicts_account", "account_id", "created_at"),
)

claims = Table(
    "claims",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("held_until", UtcTime, nullable=False),
    Column("result_id", String(64)),
    Index("ix_claims_created_at", "created_at"),
    Index("ix_claims_result", "result_id"),
)

allowances = Table("allowances", metadata, Column("name", String(120), primary_key=True), Column("used_until_s", Double, nullable=False))

spend = Table(
    "spend",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("usd", Double, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("url", String(500), nullable=False),
    Column("events", String(200), nullable=False),
    Column("secret", String(80), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_webhooks_account", "account_id", "created_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("webhook_id", String(64), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("status", Integer),
    Column("error", String(40)),
    Index("ix_deliveries_due", "state", "due_at"),
    Index("ix_deliveries_webhook", "webhook_id", "created_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(64), nullable=False),
    Column("key_id", String(16)),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_jobs_created_at", "created_at"),
)

job_items = Table(
    "job_items",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("job_id", String(64), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("request", JSON(none_as_null=True)),
    Column("order_id", String(120)),
    Column("buyer_key", String(120)),
    Column("draft_id", String(64)),
    Column("error", String(40)),
    Index("ix_job_items_job", "job_id", "number"),
    Index("ix_job_items_due", "state", "due_at"),
)
