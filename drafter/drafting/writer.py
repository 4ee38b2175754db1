"""Request and triage -> draft by a model, in the way that the model's profile allows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from drafter.domain import ContentRef, Draft, DraftRequest, Origin, Triage, Usage
from drafter.drafting import large, small
from drafter.drafting.case import Case
from drafter.drafting.compose import compose_reply
from drafter.drafting.inputs import (
    LANGUAGE_NAMES,
    MAX_REVIEW_CHARS_LARGE,
    Mending,
    clean_review,
    focus_review,
    mend_inputs,
    name_unanswered,
    number_evidence,
    prompt_inputs,
)
from drafter.drafting.parts import Layout
from drafter.drafting.plan import Plan, choose_language
from drafter.drafting.points import TOLD, Point, find_points
from drafter.drafting.product import short_title
from drafter.drafting.restate import name_subject, turn_seller
from drafter.drafting.tell import say_sorry_that
from drafter.drafting.templates import Templates
from drafter.errors import ContentError, ModelError, ModelMalformed, ModelSkipped
from drafter.llm.chat import ChatAnswer, ChatCall, ChatModel
from drafter.prompts.fence import derive_fence
from drafter.prompts.library import Library, Prompt
from drafter.prompts.lint import require_clean
from drafter.prompts.render import Profile, Rendered, render_prompt

TAPE_FENCE_SECRET = b"the fence of questions on tape"
"""For recording and replaying, where nobody unknown writes: a question must come out the same in every process."""

SEVERAL_S = 8.0
"""With less time than this a second try is worth more than a second candidate."""

REASONS = {
    "low:specificity": "It does not say enough about this very text: use the buyer's own details.",
    "low:boilerplate": "It uses stock phrases that fit any letter.",
    "low:coverage": "It leaves a complaint point unanswered.",
    "low:copy": "It copies the buyer's sentence instead of answering it.",
    "low:empathy": "It does not say what this meant for the buyer.",
    "low:brevity": "Its length is wrong for what it answers.",
    "low:one_next_step": "It must end with exactly one next step.",
}
"""What a low score means, told to the model."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes with prompts, phrasebooks and word lists; holds no state."""

    library: Library
    templates: Templates
    small: small.SmallConfig
    fence_secret: bytes
    """What fences around untrusted text are derived from. A tape needs a fixed one: questions must come out the same again."""
    candidates: int = 1
    """Whole replies asked of a large model at once."""

    @classmethod
    def load(cls, library: Library, *, fence_secret: bytes | None = None, candidates: int = 1) -> Writer:
        """Writer with these prompts, which must be free of lint, and with a secret of its own when none is given.

        Raises:
            ContentError: a file is wrong.
        """
        require_clean(library)
        templates, config = Templates.load(library.root), small.load_small(library.root)
        for language in config.languages:
            if language not in templates.books or templates.lexicons[language].judge is None:
                path = library.root / "prompts" / "small.yaml"
                raise ContentError(path, f"language {language!r} has no template, or no 'model' part in its word list")
        return cls(library, templates, config, fence_secret or secrets.token_bytes(32), candidates)

    def warm_up_call(self) -> ChatCall | None:
        """Question that begins like every sentence asked of a small model, so that it can read that beginning before the first draft."""
        language = next(iter(self.small.languages), None)
        if language is None:
            return None
        lead = self.small.languages[language].lead
        inputs = dict.fromkeys(self.library.get("reply").front.inputs, "") | {"language": LANGUAGE_NAMES[language], "opening": lead}
        rendered = render_prompt(self.library.root, self.library.get("reply"), "small", inputs, language=language)
        return replace(small.make_call(self.small, language, rendered, 1), max_tokens=1)

    def preview(self, request: DraftRequest, triage: Triage, *, profile: Profile, plan: Plan | None = None) -> Rendered:
        """The messages that a model of this profile would be asked for this request.

        Args:
            plan: The request's, where it is known already.

        Raises:
            RequestError: the request names an unknown prompt.
        """
        plan = plan or self.templates.plan(request, triage, choose_language(request, triage))
        prompt = self._reply_prompt(request)
        if profile == "large":
            review, opening = clean_review(request, triage, max_chars=MAX_REVIEW_CHARS_LARGE), ""
        else:
            review = focus_review(request, triage, max_chars=self.small.review_chars)
            opening = self.small.languages[plan.language].lead if plan.language in self.small.languages else ""
        return self._render(request, triage, plan, prompt, profile=profile, review=review, opening=opening, mend=None)

    async def write(
        self, request: DraftRequest, triage: Triage, *, model: ChatModel, attempt: int, timeout_s: float, mend: Mending | None
    ) -> tuple[Draft | ModelError, ...]:
        """Drafts of this model, or a mended one; of a candidate that cannot be used, why. The first draft has the usage of all.

        Raises:
            ModelError: the model could not answer, or its answer cannot be used.
            RequestError: the request names an unknown prompt.
        """
        language = choose_language(request, triage)
        if language not in self.templates.books or (model.profile == "small" and language not in self.small.languages):
            written = ", ".join(self.small.languages if model.profile == "small" else self.templates.books)
            raise ModelSkipped(f"not asked: profile {model.profile} writes {written}, and this reply is in {language}", model=model.name)
        prompt = self.library.get("repair") if mend else self._reply_prompt(request)
        plan = self.templates.plan(request, triage, language)
        write = self._write_small if model.profile == "small" else self._write_large
        drafts = await write(request, triage, plan, prompt, model=model, attempt=attempt, timeout_s=timeout_s, mend=mend)
        if not mend:
            return drafts
        # A repair mends words of the prompt before it: both are named.
        return tuple(_with_content(draft, mend.draft.content) if isinstance(draft, Draft) else draft for draft in drafts)

    def _reply_prompt(self, request: DraftRequest) -> Prompt:
        """The prompt asked for, or what the labels say: the same review is always answered by the same version of a canary."""
        return self.library.get("reply", request.options.prompt, key=request.review.text)

    async def _write_small(
        self,
        request: DraftRequest,
        triage: Triage,
        plan: Plan,
        prompt: Prompt,
        *,
        model: ChatModel,
        attempt: int,
        timeout_s: float,
        mend: Mending | None,
    ) -> tuple[Draft, ...]:
        """One sentence of the model inside vetted parts."""
        points = self._points(request, triage, plan)
        if plan.is_question or (plan.is_content and not any(point.weight > TOLD for point in points)):
            raise ModelSkipped("not asked: profile small only names what went wrong, and nothing did", model=model.name)
        lead, lexicon = self.small.languages[plan.language].lead, self.templates.lexicons[plan.language]
        review = focus_review(request, triage, max_chars=self.small.review_chars)
        rendered = self._render(request, triage, plan, prompt, profile="small", review=review, opening=lead, mend=mend)
        whole = clean_review(request, triage, max_chars=MAX_REVIEW_CHARS_LARGE)
        source = small.source_of(request, triage, whole, points, plan.thing)
        ask = small.make_call(self.small, plan.language, rendered, attempt)
        answer, sentence = await small.ask_for_sentence(
            model, ask, lead=lead, source=source, lexicon=lexicon, not_again=mend.draft.text if mend else "", timeout_s=timeout_s
        )
        links = small.link_sentence(request, sentence, lead, lexicon)
        case = Case(plan, self.templates.voice(plan, request, with_product=True), request, triage, lexicon)
        clause = sentence.removeprefix(lead).strip(" .")
        if plan.language == "en":
            clause = turn_seller(name_subject(clause, case.voice.items["item"]))
        opening = say_sorry_that(case, [clause], links)
        return (self._draft(compose_reply(case, opening=opening, points=points), plan, prompt, model, answer, attempt),)

    async def _write_large(
        self,
        request: DraftRequest,
        triage: Triage,
        plan: Plan,
        prompt: Prompt,
        *,
        model: ChatModel,
        attempt: int,
        timeout_s: float,
        mend: Mending | None,
    ) -> tuple[Draft | ModelError, ...]:
        """All parts by the model, joined by code."""
        review = clean_review(request, triage, max_chars=MAX_REVIEW_CHARS_LARGE)
        rendered = self._render(request, triage, plan, prompt, profile="large", review=review, opening="", mend=mend)
        several = self.candidates if mend is None and timeout_s >= SEVERAL_S else 1
        answer = await model.complete(replace(large.make_call(prompt, rendered), candidates=several), timeout_s=timeout_s)
        evidence = number_evidence(request, triage, plan)
        lexicon = self.templates.lexicons[plan.language]
        case = Case(plan, self.templates.voice(plan, request, with_product=True), request, triage, lexicon)
        written: list[Draft | ModelError] = []
        usage = answer.usage
        for text in dict.fromkeys(answer.texts):
            try:
                parts = large.read_parts(text, evidence, model=model.name)
                layout = large.join_parts(parts, evidence, case, rendered, lexicon=lexicon, model=model.name)
            except ModelMalformed as exc:
                written.append(exc)
                continue
            written.append(self._draft(layout, plan, prompt, model, replace(answer, usage=usage), attempt + len(written)))
            usage = Usage(cost_usd=0.0)
        if not any(isinstance(one, Draft) for one in written):
            raise next(one for one in written if isinstance(one, ModelError))
        return tuple(written)

    def _points(self, request: DraftRequest, triage: Triage, plan: Plan) -> list[Point]:
        return find_points(request.review.text, triage, self.templates.lexicons[plan.language], title=request.review.title)

    def _render(
        self,
        request: DraftRequest,
        triage: Triage,
        plan: Plan,
        prompt: Prompt,
        *,
        profile: Profile,
        review: str,
        opening: str,
        mend: Mending | None,
    ) -> Rendered:
        evidence = number_evidence(request, triage, plan)
        inputs = prompt_inputs(request, plan, evidence, review=review, opening=opening)
        if profile == "small":
            # A listing's whole title would be repeated whole.
            inputs["product"] = plan.thing or short_title(request.product.title, request.seller.brand, plan.language)
        if mend:
            inputs |= mend_inputs(mend, REASONS)
            inputs["findings"] += name_unanswered(evidence, triage, mend.draft.text, self.templates.lexicons[plan.language])
        fence = derive_fence(self.fence_secret, [str(inputs[name]) for name, spec in prompt.front.inputs.items() if spec.untrusted])
        return render_prompt(self.library.root, prompt, profile, inputs, language=plan.language, fence=fence)

    def _draft(self, layout: Layout, plan: Plan, prompt: Prompt, model: ChatModel, answer: ChatAnswer, attempt: int) -> Draft:
        return Draft(
            text=layout.text,
            language=plan.language,
            origin=Origin.MODEL,
            content=(*prompt.refs, *self.templates.refs(plan.language)),
            prompt=prompt.id,
            model_asked=model.name,
            model_answered=answer.model_answered,
            usage=answer.usage,
            failed_tries=tuple(failure.reason for failure in answer.failures),
            attempt=attempt,
            sentences=layout.sentences,
        )


def _with_content(draft: Draft, others: Sequence[ContentRef]) -> Draft:
    """The draft, made of these files too."""
    return draft.model_copy(update={"content": tuple(dict.fromkeys((*draft.content, *others)))})
