"""The three promises, through the whole service and a real model server that does everything wrong: safe, in time, with proof."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from drafter import wiring
from drafter.api.app import create_app
from drafter.llm.embedded_process import share_process
from drafter.llm.weights import Weights
from drafter.settings import Settings
from tests.llm.fault_server import Write, completion, response, running
from tests.llm.test_faults import FAULTS, SCHEMA_FAULTS, hang, say, speak
from tests.waiting import GRACE_S, Stopwatch, until

DEADLINE_S = 20.0
"""Long enough for a fault that shows at once, even on a machine that does other things; nobody waits for it."""
SHORT_DEADLINE_S = 3.0
"""For faults that would last for ever."""
AT_ONCE = 2
"""Cells that run side by side: more would measure this machine's cores, not the service."""

KEY = "sk-a-very-secret-key"
REVIEW = {"rating": 2, "title": "Leaks", "body": "The lid of the kettle leaks every time I pour, and the counter is wet."}


def reply(**texts: str) -> str:
    """A whole answer of a model, good unless told otherwise."""
    parts = {
        "apology": "We are sorry that the lid of your kettle leaks every time you pour.",
        "acknowledgement": "A wet counter is the last thing a kettle should leave behind.",
        "solution": "",
        "question": "Could you tell us whether the lid closes all the way before you pour?",
        "closing": "Just answer in this thread.",
        **texts,
    }
    return json.dumps({name: {"text": text, "uses": []} for name, text in parts.items()})


GOOD = reply()
BAD = reply(closing="Please delete your review and we will send you a $50 gift card.")


def in_the_end(*answers: Callable[[Write], Awaitable[None]]) -> Callable[[Write], Awaitable[None]]:
    """Each of these once, the last one for ever."""
    left = list(answers)

    async def answer(write: Write) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(write)

    return answer


def in_turn(*texts: str) -> Callable[[Write], Awaitable[None]]:
    """Answers with these texts, one a request; the last one for ever."""
    return in_the_end(*(speak(text) for text in texts))


WRONG_KEY = {"error": {"message": f"Incorrect API key provided: {KEY}.", "type": "invalid_request_error", "code": "invalid_api_key"}}

FAULTY = {
    **{name: (answer, error.reason) for name, (answer, error) in {**FAULTS, **SCHEMA_FAULTS}.items()},
    "wrong-key": (say(response(json.dumps(WRONG_KEY), status=401)), "model_denied"),
}
"""Each fault of a model's server, and the reason code that the record must give."""

WRITTEN = {
    "well": in_turn(GOOD),
    "well-in-the-end": in_the_end(FAULTS["503"][0], FAULTS["429"][0], speak(GOOD)),
    "breaks-policy-once": in_turn(BAD, GOOD),
    "breaks-policy-always": in_turn(BAD),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What the caller of one request got."""

    status: int
    body: Any
    raw: str
    took_s: float

    @property
    def errors(self) -> list[str | None]:
        """Reason codes of the attempts that a model made."""
        return [attempt["error"] for attempt in self.body["attempts"] if attempt["origin"] == "model"]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells by name, and what was left behind when the service had ended."""

    cells: dict[str, Cell]
    open_connections: int
    new_sockets: int
    tasks: tuple[str, ...]


@asynccontextmanager
async def service(**overrides: object) -> AsyncIterator[httpx.AsyncClient]:
    """The whole service with these settings, asked over HTTP in this process."""
    settings = {
        "models": "",
        "model_api_key": None,
        "database_url": "memory",
        "log_level": "error",
        "replay": "off",
        "auth": "none",
        **overrides,
    }
    app = create_app(lambda: wiring.build(settings, waits_for_model=False))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=120) as client:
            yield client


async def ask(client: httpx.AsyncClient, **options: object) -> Cell:
    """One draft."""
    watch = Stopwatch()
    answer = await client.post("/v1/drafts", json={"review": REVIEW, "options": {"deadline_s": DEADLINE_S, **options}})
    return Cell(answer.status_code, answer.json(), answer.text, watch.seconds)


def assert_safe(cell: Cell) -> None:
    """A draft that may be sent as it is, inside the deadline, whose proof is about this very text."""
    body = cell.body
    assert cell.status == 200, body
    assert cell.took_s < body["deadline_s"] + GRACE_S
    assert body["action"] == "offer"
    assert body["verdict"] in ("pass", "warn")
    assert body["report"]["text_sha256"] == hashlib.sha256(body["text"].encode()).hexdigest()
    assert {result["status"] for result in body["report"]["results"]} <= {"passed", "flagged", "skipped"}
    assert "gift card" not in body["text"]
    assert KEY not in cell.raw


def assert_template_because(cell: Cell, *reasons: str) -> None:
    """A safe template, and the record says why no model wrote it."""
    assert_safe(cell)
    assert cell.body["origin"] == "template"
    assert cell.errors == list(reasons)
    assert all(attempt["detail"] for attempt in cell.body["attempts"] if attempt["error"])


def open_sockets() -> int:
    """Sockets that this process holds."""
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(str(entry.readlink()))
    return sum(link.startswith("socket:") for link in links)


async def ask_all(client: httpx.AsyncClient, names: Iterable[str]) -> dict[str, Cell]:
    """One draft by each model, a few at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Cell:
        async with gate:
            lasts = name in FAULTY and FAULTY[name][1] == "model_timeout"
            return await ask(client, model=name, deadline_s=SHORT_DEADLINE_S if lasts else DEADLINE_S)

    return dict(zip(names, await asyncio.gather(*(one(name) for name in names)), strict=True))


async def run_matrix() -> Matrix:
    """Every cell through one service, each with a model of its own, so that no breaker knows of another's fault."""
    answers = {**{name: answer for name, (answer, _) in FAULTY.items()}, **WRITTEN}
    async with running(answers) as server:
        sockets, tasks = open_sockets(), asyncio.all_tasks()
        async with service(models=",".join(answers), model_base_url=server.url("by-model"), model_api_key=_secret()) as client:
            # The first call through litellm loads what the others find loaded.
            await ask(client, model="well", deadline_s=60)
            cells = await ask_all(client, list(answers))
        await server.settled()
        await until(lambda: asyncio.all_tasks() <= tasks)
        left = tuple(repr(task) for task in asyncio.all_tasks() - tasks)
        return Matrix(cells, server.open, open_sockets() - sockets, left)


def _secret() -> Any:
    return Settings(model_api_key=KEY).model_api_key


@pytest.fixture(scope="module", autouse=True)
def one_set_of_rules() -> Iterator[None]:
    """All services of this file share their judges: loading rules is not what is tested here."""
    judges = wiring.build_judges()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "build_judges", lambda _settings: judges)
        yield


@pytest.fixture(scope="module")
def matrix(litellm: Any) -> Matrix:
    """All cells, run once."""
    return asyncio.run(run_matrix())


@pytest.mark.parametrize("name", FAULTY)
def test_whatever_the_models_server_does_a_safe_template_comes_in_time(name: str, matrix: Matrix) -> None:
    """HTTP 200 inside the deadline, origin template, and the reason in the record."""
    assert_template_because(matrix.cells[name], FAULTY[name][1])


def test_a_model_that_is_well_writes_the_draft(matrix: Matrix) -> None:
    """The control: with nothing wrong, the model's words go out at the first try."""
    cell = matrix.cells["well"]
    assert_safe(cell)
    assert cell.body["origin"] == "model"
    assert "A wet counter" in cell.body["text"]
    assert cell.errors == [None]


def test_tries_that_failed_are_on_record(matrix: Matrix) -> None:
    """A model that answers at the third try writes the draft, which says what the first two ended in."""
    cell = matrix.cells["well-in-the-end"]
    assert_safe(cell)
    assert cell.errors == [None]
    assert cell.body["origin"] == "model"
    assert cell.body["draft"]["failed_tries"] == ["model_down", "model_busy"]


def test_a_draft_that_breaks_policy_once_is_repaired(matrix: Matrix) -> None:
    """The model's second draft goes out, and the record shows what was wrong with the first."""
    cell = matrix.cells["breaks-policy-once"]
    assert_safe(cell)
    assert cell.body["origin"] == "model"
    first, second = cell.body["attempts"]
    assert first["decision"]["action"] == "repair"
    assert first["findings"]
    assert second["decision"]["action"] == "offer"


def test_a_draft_that_breaks_policy_every_time_gives_way_to_a_template(matrix: Matrix) -> None:
    """After the repair failed as well; both drafts are on record and neither left."""
    cell = matrix.cells["breaks-policy-always"]
    assert_template_because(cell, None, None)  # type: ignore[arg-type]
    for attempt in cell.body["attempts"][:2]:
        assert any(reason.startswith("block:") for reason in attempt["decision"]["reasons"])


def test_nothing_is_left_behind(matrix: Matrix) -> None:
    """After every fault and the service's end: no connection, no socket, no task."""
    assert (matrix.open_connections, matrix.new_sockets, matrix.tasks) == (0, 0, ())


@pytest.mark.usefixtures("litellm")
async def test_an_endpoint_where_nothing_listens() -> None:
    """Connection refused."""
    async with running({}) as server:
        port = server.port
    async with service(model="m", model_base_url=f"http://127.0.0.1:{port}/v1") as client:
        assert_template_because(await ask(client), "model_down")


@pytest.mark.usefixtures("litellm")
async def test_an_endpoint_whose_name_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS failure."""

    def no_address(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with service(model="m", model_base_url="http://nowhere.invalid/v1") as client:
        monkeypatch.setattr(socket, "getaddrinfo", no_address)
        assert_template_because(await ask(client), "model_down")


@pytest.mark.usefixtures("litellm")
async def test_an_endpoint_that_speaks_no_tls() -> None:
    """TLS error."""

    def answer_plainly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer_plainly, "127.0.0.1", 0) as listener:
        url = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
        async with service(model="m", model_base_url=url) as client:
            assert_template_because(await ask(client), "model_down")


@pytest.mark.usefixtures("litellm")
async def test_an_endpoint_whose_tls_handshake_hangs() -> None:
    """It accepts and says nothing; its socket is closed."""
    async with running({}) as server, service(model="m", model_base_url=f"https://127.0.0.1:{server.port}/v1") as client:
        assert_template_because(await ask(client, deadline_s=SHORT_DEADLINE_S), "model_timeout")
        assert await server.settled() == 0


@pytest.mark.usefixtures("litellm")
async def test_the_next_model_writes_when_one_cannot() -> None:
    """No template is needed, and each model's reason is on record under its name."""
    answers = {"denied": FAULTS["401"][0], "hangs": hang, "well": speak(GOOD)}
    async with running(answers) as server, service(models=",".join(answers), model_base_url=server.url("by-model")) as client:
        cell = await ask(client)
    assert_safe(cell)
    assert cell.body["origin"] == "model"
    assert [(a["model"], a["error"]) for a in cell.body["attempts"]] == [
        ("denied", "model_denied"),
        ("hangs", "model_timeout"),
        ("well", None),
    ]


@pytest.mark.usefixtures("litellm")
async def test_a_model_that_keeps_failing_is_left_alone() -> None:
    """Its breaker opens: templates come at once, readiness says so, and its server is not asked any more."""
    async with running({"m": FAULTS["500"][0]}) as server, service(model="m", model_base_url=server.url("m")) as client:
        for _ in range(6):
            assert_template_because(await ask(client), "model_down")
        asked = len(server.requests)
        cell = await ask(client)
        assert_template_because(cell, "model_down")
        assert len(server.requests) == asked
        assert (await client.get("/readyz")).json()["models"] == {"m": "down"}


@pytest.mark.usefixtures("litellm")
async def test_the_days_money_is_spent() -> None:
    """Beyond the cap templates answer, with the reason, and nobody is asked; what does not cost goes on."""
    priced = {**completion(GOOD), "usage": {"prompt_tokens": 9000, "completion_tokens": 900, "total_tokens": 9900}}
    async with running({"x": say(response(json.dumps(priced)))}) as server:
        async with service(model="gpt-4o-mini", model_base_url=server.url("x"), daily_spend_usd=0.002) as client:
            first = await ask(client)
            assert_safe(first)
            assert first.body["origin"] == "model"
            assert first.body["cost_usd"] == pytest.approx(9000 * 0.15e-6 + 900 * 0.6e-6)
            assert_template_because(await ask(client), "spend_cap")
        assert len(server.requests) == 1


@pytest.mark.usefixtures("litellm")
async def test_a_caller_who_leaves_frees_the_model() -> None:
    """A cancelled request closes its connection at once."""
    async with running({"m": hang}) as server, service(model="m", model_base_url=server.url("m")) as client:
        task = asyncio.create_task(ask(client, deadline_s=60))
        await asyncio.wait_for(server.asked.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await server.settled() == 0


async def test_a_model_that_nobody_allowed_is_not_asked() -> None:
    """The caller's mistake, with the names that he may use."""
    async with service(model="none", allowed_models="openai/a") as client:
        cell = await ask(client, model="openai/b")
    assert cell.status == 422
    assert (cell.body["code"], cell.body["field"]) == ("unknown_model", "options.model")
    assert "openai/a, embedded, none" in cell.body["detail"]


async def _until_ready(client: httpx.AsyncClient) -> None:
    """Returns when the embedded model is ready."""
    async with asyncio.timeout(180):
        # Readiness is asked for, as an operator does; it sends no events.
        while (await client.get("/readyz")).json()["models"]["embedded"] != "ready":  # noqa: ASYNC110
            await asyncio.sleep(0.2)


@pytest.mark.embedded
@pytest.mark.usefixtures("litellm")
async def test_the_embedded_process_is_killed_in_the_middle(embedded: Settings) -> None:
    """The request in flight gets its template at once, the ones after it too, and then a new process writes again."""
    process = share_process(Weights(embedded.cache_dir, embedded.model_path))
    try:
        async with service(model="embedded") as client:
            await ask(client)
            await _until_ready(client)
            task = asyncio.create_task(ask(client, deadline_s=60))
            await asyncio.sleep(0.5)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            cell = await task
            assert_template_because(cell, "model_down")
            assert cell.took_s < 30
            assert_template_because(await ask(client), "model_busy")
            await _until_ready(client)
            cell = await ask(client, deadline_s=60)
            assert_safe(cell)
            # It was asked and answered; whether its sentence was good enough is the writer's to say.
            assert cell.errors[0] in (None, "model_malformed")
    finally:
        process.release()


@pytest.mark.embedded
@pytest.mark.usefixtures("litellm")
async def test_the_embedded_model_stands_in_for_a_remote_one(embedded: Settings) -> None:
    """A chain of two profiles: the remote one writes whole replies, the one on this machine its sentence."""
    async with running({"x": FAULTS["401"][0]}) as server, service(models="openai/x,embedded", model_base_url=server.url("x")) as client:
        await ask(client)
        await _until_ready(client)
        cell = await ask(client, deadline_s=60)
    assert_safe(cell)
    first, second = cell.body["attempts"][:2]
    assert (first["model"], first["error"]) == ("openai/x", "model_denied")
    assert second["model"] == "embedded"
    assert second["error"] in (None, "model_malformed")
