"""A candidate answers its share of reviews, the same ones each time, and the draft names who wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drafter.domain import Issue
from drafter.drafting.writer import Writer
from drafter.llm.scripted import ScriptedModel
from drafter.prompts.labels import TaskState
from drafter.roles import Mend
from tests.drafting.conftest import ask, judge

TRUE = "We are sorry that the lid leaks and your bag is wet."


@pytest.fixture
def canary(writer: Writer) -> Writer:
    """A writer whose candidate, a copy of production's prompt, answers every second review."""
    library, old = writer.library, writer.library.prompts["reply/v1"]
    new = replace(old, id="reply/v2", front=old.front.model_copy(update={"version": "v2"}))
    state = TaskState(production="v1", candidate="v2", canary=0.5)
    return replace(writer, library=replace(library, prompts={**library.prompts, new.id: new}, tasks={**library.tasks, "reply": state}))


async def written_by(writer: Writer, number: int, *, mend: Mend | None = None) -> str:
    """The prompt that wrote the draft for one of many reviews."""
    request = ask()
    review = request.review.model_copy(update={"title": f"{request.review.title} {number}"})
    request = request.model_copy(update={"review": review})
    model = ScriptedModel([(TRUE,)], profile="small")
    triage = judge(request, (Issue.DEFECTIVE, "leaks"))
    return (await writer.write(request, triage, model=model, attempt=1, timeout_s=5, mend=mend))[0].prompt or ""


async def test_the_same_review_is_always_answered_by_the_same_version(canary: Writer) -> None:
    """Both versions answer some; asked again, each review gets the one it had."""
    first = [await written_by(canary, number) for number in range(12)]
    assert set(first) == {"reply/v1", "reply/v2"}
    assert [await written_by(canary, number) for number in range(12)] == first


async def test_a_mended_draft_names_the_words_it_mends(writer: Writer) -> None:
    """The repair prompt and the reply prompt before it."""
    request = ask()
    triage = judge(request, (Issue.DEFECTIVE, "leaks"))
    model = ScriptedModel([(TRUE,), ("We are sorry that your bag is wet.",)], profile="small")
    (draft,) = await writer.write(request, triage, model=model, attempt=1, timeout_s=5, mend=None)
    (mended,) = await writer.write(request, triage, model=model, attempt=2, timeout_s=5, mend=Mend(draft, (), ("low:coverage",)))
    assert {"prompts/reply/v1.j2", "prompts/repair/v1.j2"} <= {ref.path for ref in mended.content}
