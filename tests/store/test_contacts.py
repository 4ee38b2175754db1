"""What a person approved is what a buyer was sent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from drafter.domain import ContactKind, DraftRecord, ReplyState
from drafter.edits import RecordedVerdict
from drafter.store.contacts import approved
from drafter.store.store import Store
from tests.store.conftest import T0, RecordOf


def on_channel(record: DraftRecord, channel: str) -> DraftRecord:
    """The record as one of another channel."""
    return record.model_copy(update={"request": record.request.model_copy(update={"channel": channel})})


async def judge(store: Store, draft_id: str, verdict: str, *, minute: int) -> None:
    """A person's verdict on a draft."""
    said = RecordedVerdict.model_validate(
        {
            "id": f"v_{draft_id}_{minute}", "record_id": draft_id, "verdict": verdict, "final_text": None, "reason": "", "by": "agent",
            "at": T0 + timedelta(minutes=minute), "key_id": None, "prompt": None, "is_approved": verdict != "rejected", "checked": None,
            "pack_sha256": None, "edit": None,
        }
    )  # fmt: skip
    await store.verdicts.append(said, account_id="local", claim=None)


async def test_approved_drafts_of_the_order_and_the_buyer_are_contacts(store: Store, record_of: RecordOf) -> None:
    """A draft that nobody approved was not sent, nor one whose approval was taken back; other buyers' are not looked at."""
    drafts = {
        "notice": on_channel(record_of("notice", order_id="o1", buyer_key="b1", resolved=True), "feedback_contact"),
        "other": on_channel(record_of("other", order_id="o2", buyer_key="b1"), "feedback_contact"),
        "unread": on_channel(record_of("unread", order_id="o1", buyer_key="b1"), "feedback_contact"),
        "taken_back": on_channel(record_of("taken_back", order_id="o1", buyer_key="b1"), "feedback_contact"),
        "strangers": on_channel(record_of("strangers", order_id="o3", buyer_key="b3"), "feedback_contact"),
    }
    for record in drafts.values():
        await store.append(record)
    for draft_id in ("notice", "other", "taken_back", "strangers"):
        await judge(store, draft_id, "approved", minute=1 if draft_id == "notice" else 2)
    await judge(store, "taken_back", "rejected", minute=3)
    past = await store.contacts.of("local", order_id="o1", buyer_key="b1")
    assert [(c.kind, c.is_same_order) for c in past.contacts] == [(ContactKind.MESSAGE, False), (ContactKind.NOTICE, True)]
    assert past.contacts[1].sent_at == T0 + timedelta(minutes=1)
    assert (await store.contacts.of("acme", order_id="o1", buyer_key="b1")).contacts == ()


async def test_an_approved_public_reply_is_live(store: Store, record_of: RecordOf) -> None:
    """It is no contact, and it belongs to its order alone."""
    await store.append(on_channel(record_of("reply", order_id="o1", buyer_key="b1"), "feedback_reply"))
    await judge(store, "reply", "approved", minute=1)
    past = await store.contacts.of("local", order_id="o1", buyer_key=None)
    assert (past.contacts, past.public_reply) == ((), ReplyState.LIVE)
    assert (await store.contacts.of("local", order_id="o2", buyer_key="b1")).public_reply is None


async def test_contacts_are_found_by_index(store: Store) -> None:
    """An account's drafts are never walked through for one buyer."""
    if not store.database.is_sqlite:
        return
    query = approved("a", order_id="o", buyer_key="b").compile(store.database.engine, compile_kwargs={"literal_binds": True})
    async with store.database.read("the plan") as connection:
        plan = " ".join(str(row) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "ix_drafts_order (account_id=? AND order_id=?)" in plan
    assert "ix_drafts_buyer (account_id=? AND buyer_key=?)" in plan
    assert "SCAN drafts" not in plan
    assert "(account_id=?)" not in plan


async def test_what_a_draft_was_for_may_not_be_known(store: Store, record_of: RecordOf) -> None:
    """Approved when nobody knew whether the buyer had answered: it is a contact, and of no kind that counts."""
    await store.append(on_channel(record_of("d", order_id="o1"), "review_followup"))
    await judge(store, "d", "approved", minute=1)
    assert [c.kind for c in (await store.contacts.of("local", order_id="o1", buyer_key=None)).contacts] == [ContactKind.UNSURE]
