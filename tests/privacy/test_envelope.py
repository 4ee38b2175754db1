"""What really leaves: a server on this machine writes down all that a remote model is sent, and the log is searched as well."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from drafter import wiring
from drafter.domain import DraftRequest, DraftResponse, LinkTo, Severity
from drafter.errands import Principal
from drafter.errors import RequestError
from drafter.privacy.mask import NOTE
from drafter.wiring import Services
from tests.llm.fault_server import FaultServer, Write, completion, response, running
from tests.privacy.buyers import TELLING, Telling
from tests.privacy.snippets import PLAIN_SNIPPETS

pytestmark = [
    pytest.mark.usefixtures("litellm"),
    # litellm makes its coroutine in a thread; a call that is cancelled in that moment leaves it behind unused.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

APOLOGY = "We are sorry that the lid leaks."


def reply(apology: str = APOLOGY) -> str:
    """A whole answer of a model."""
    texts = {"apology": apology, "acknowledgement": "A wet counter is the last thing a kettle should leave behind.", "solution": ""}
    texts |= {"question": "Could you tell us whether the lid closes all the way?", "closing": "Just answer in this thread."}
    return json.dumps({name: {"text": text, "uses": ["P1"] if name == "apology" else []} for name, text in texts.items()})


@dataclass
class Far:
    """A service, the remote model's server, and the log."""

    services: Services
    server: FaultServer
    log: io.StringIO
    answer: str = ""

    async def draft(self, telling: Telling, principal: Principal = Principal(), **fields: Any) -> DraftResponse:  # noqa: B008  # frozen
        """A draft for this review."""
        request = DraftRequest.model_validate({"review": {"title": telling.title, "body": telling.body}, **fields})
        return await self.services.draft(request, principal=principal)

    @property
    def sent(self) -> str:
        """All that the model was sent, readable."""
        return "\n".join(json.dumps(asked, ensure_ascii=False) for asked in self.server.requests)


@pytest.fixture(scope="module", autouse=True)
def one_set_of_rules() -> Iterator[None]:
    """All services of this file share their judges: loading rules is not what is tested here."""
    judges = wiring.build_judges()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "build_judges", lambda _settings: judges)
        yield


@asynccontextmanager
async def asking_far() -> AsyncIterator[Far]:
    """A service that asks a remote model which answers what the test says."""
    far: Far | None = None

    async def answer(write: Write) -> None:
        assert far is not None
        await write(response(json.dumps(completion(far.answer or reply()))))

    log = io.StringIO()
    async with running({"far": answer}) as server:
        own = {"model": "openai/far", "models": "", "model_base_url": server.url("far"), "model_api_key": None}
        rest = {"database_url": "memory", "log_level": "debug", "replay": "off", "auth": "none", "deadline_s": 30.0}
        async with wiring.build({**own, **rest}, waits_for_model=False, log_stream=log) as services:
            far = Far(services, server, log)
            yield far


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    """One for each test."""
    async with asking_far() as far:
        yield far


@pytest.mark.parametrize("language", TELLING)
async def test_nothing_that_names_or_reaches_a_buyer_leaves(far: Far, language: str) -> None:
    """In any of the eight languages, in any attempt; the complaint itself arrives, and no word of it is in the log."""
    telling = TELLING[language]
    made = await far.draft(telling, order={"order_id": "302-7654321-1234567", "buyer_key": "b-secret"})
    assert far.server.requests
    assert telling.kept in far.sent
    assert [secret for secret in (*telling.secrets, "302-7654321", "b-secret") if secret in far.sent] == []
    assert made.privacy is not None
    assert {"name", "email", "phone", "address"} <= set(made.privacy.masked)
    logged = far.log.getvalue()
    assert made.id in logged
    assert [word for word in (*telling.secrets, telling.kept, telling.title, made.text or "-") if word in logged] == []


@pytest.mark.parametrize("text", PLAIN_SNIPPETS[::4])
async def test_a_review_that_tells_nothing_leaves_whole(far: Far, text: str) -> None:
    """Nothing that we ask in our own words is taken for data either."""
    made = await far.draft(Telling("Bad", text, (), ""))
    assert made.privacy is not None
    assert made.privacy.masked == {}
    assert NOTE not in far.sent


async def test_the_ledger_says_what_left_and_where_it_went(far: Far) -> None:
    """One entry for each question: the model, its address, the hash of the very messages; and it is kept with the record."""
    made = await far.draft(TELLING["en"])
    assert made.privacy is not None
    assert len(made.privacy.sent) == len(far.server.requests)
    for departure, asked in zip(made.privacy.sent, far.server.requests, strict=True):
        said = json.dumps([[message["role"], message["content"]] for message in asked["messages"]], ensure_ascii=False)
        assert departure.endpoint == f"127.0.0.1:{far.server.port}"
        assert departure.model == "openai/far"
        assert departure.sha256 == hashlib.sha256(said.encode()).hexdigest()
    kept = await far.services.store.get(made.id)
    assert kept is not None
    assert kept.privacy == made.privacy


async def test_proofs_lie_in_the_review_as_it_was_written(far: Far) -> None:
    """Placeholders move no offset: every link's words stand where it says, and the draft is the model's."""
    telling = TELLING["en"]
    made = await far.draft(telling)
    assert made.origin == "model", [(a.error, a.detail, a.findings) for a in made.attempts]
    assert made.draft is not None
    text = f"{telling.title}\n{telling.body}"
    links = [link for sentence in made.draft.sentences for link in sentence.links if link.to is LinkTo.REVIEW]
    assert links
    assert all(text[link.start : link.end] == link.quote for link in links)
    assert made.proof is not None
    assert Severity.BLOCK not in {finding.severity for finding in made.proof.findings}


async def test_the_buyers_first_name_comes_back_in_a_private_message_only(far: Far) -> None:
    """In public a model that writes it is not used."""
    far.answer = reply("We are sorry, [NAME_1], that the lid leaks.")
    private = await far.draft(TELLING["en"])
    assert "sorry, Jennifer, that" in (private.text or "")
    feedback = {"subject": "seller_feedback", "title": TELLING["en"].title, "body": TELLING["en"].body}
    request = DraftRequest.model_validate({"review": feedback, "channel": "feedback_reply"})
    public = await far.services.draft(request)
    assert "Jennifer" not in (public.text or "")
    assert [attempt.error for attempt in public.attempts if attempt.origin == "model"] == ["model_malformed"]


async def test_a_model_that_repeats_an_address_is_not_used(far: Far) -> None:
    """Its answer is none; a template answers."""
    far.answer = reply("We are sorry that the lid leaks at [ADDRESS_1].")
    made = await far.draft(TELLING["en"])
    assert [attempt.error for attempt in made.attempts if attempt.origin == "model"] == ["model_malformed"]
    assert made.origin == "template"
    assert "Elm Row" not in (made.text or "")


async def test_an_account_that_stays_here_sends_nothing(far: Far) -> None:
    """Templates answer, the reason is given, and a remote model that is asked for by name is refused."""
    stays = Principal(is_local_only=True)
    made = await far.draft(TELLING["en"], stays)
    assert far.server.requests == []
    assert made.origin == "template"
    assert "local_only" in made.reasons
    assert made.privacy is not None
    assert (made.privacy.sent, made.privacy.kept_from, made.privacy.masked) == ((), ("openai/far",), {})
    with pytest.raises(RequestError, match="stay on this machine"):
        await far.draft(TELLING["en"], stays, options={"model": "openai/far"})
    assert far.server.requests == []
