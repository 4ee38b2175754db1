"""Replies without any model: what every failing model turns into, and good enough to be sent alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from drafter.domain import ContentRef, Draft, DraftRequest, Origin, Subject, Triage
from drafter.drafting.case import Case
from drafter.drafting.compose import compose_reply, compose_waiting
from drafter.drafting.details import DetailBook, load_details
from drafter.drafting.offer import Offer
from drafter.drafting.parts import Layout
from drafter.drafting.phrasebook import Phrasebook, Voice, load_phrasebooks, open_voice
from drafter.drafting.plan import Plan, choose_language, is_waited_for, make_plan
from drafter.drafting.points import find_points
from drafter.drafting.product import short_title
from drafter.errors import BUGS
from drafter.logs import Log
from drafter.scoring.lexicon import Lexicon, load_lexicons

log = Log("templates")

Compose = Callable[..., Layout]
"""Makes a whole message of a case."""


@dataclass(frozen=True, slots=True)
class Templates:
    """The vetted parts of all languages, and how to join them."""

    books: Mapping[str, tuple[Phrasebook, ContentRef]]
    lexicons: Mapping[str, Lexicon]
    details: Mapping[str, DetailBook]

    @classmethod
    def load(cls, content_root: Path) -> Templates:
        """Templates of `prompts/templates/`.

        Raises:
            ContentError: a file is wrong or missing.
        """
        return cls(load_phrasebooks(content_root), load_lexicons(content_root), load_details(content_root))

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that templates are written in."""
        return tuple(self.books)

    def refs(self, language: str) -> tuple[ContentRef, ...]:
        """The files whose words a reply in this language is made of: template, words, details."""
        others = (books[language].ref for books in (self.lexicons, self.details) if language in books)
        return (self.books[language][1], *others)

    def compose(self, request: DraftRequest, triage: Triage) -> Iterator[Draft]:
        """Drafts from the most personal to the plainest, each composed when it is asked for: the first one nearly always does.

        None when the language has no templates, so that a person writes.
        """
        language = choose_language(request, triage)
        if language not in self.books:
            return
        yield from self._drafts(self.plan(request, triage, language), request, triage, compose_reply)

    def compose_holding(self, request: DraftRequest, triage: Triage) -> Iterator[Draft]:
        """The same of a message that says that the reply follows; none where a reply would not be waited for, or holds the line itself."""
        language = choose_language(request, triage)
        if language in self.books and is_waited_for(plan := self.plan(request, triage, language)):
            yield from self._drafts(plan, request, triage, compose_waiting)

    def _drafts(self, plan: Plan, request: DraftRequest, triage: Triage, compose: Compose) -> Iterator[Draft]:
        texts = set[str]()
        for make in self._layouts(plan, request, triage, compose):
            try:
                layout = make()
            except BUGS as exc:
                # A plainer reply does without what broke.
                log.error("template.crashed", exception=type(exc).__name__)
                continue
            if layout.text not in texts:
                texts.add(layout.text)
                yield self._draft(layout, plan)

    def plan(self, request: DraftRequest, triage: Triage, language: str) -> Plan:
        """What the reply will say."""
        return make_plan(request, triage, language=language, lexicons=self.lexicons, books=self.details)

    def voice(self, plan: Plan, request: DraftRequest, *, with_product: bool) -> Voice:
        """The words for this request, with the product's name or a plain word for it."""
        book, ref = self.books[plan.language]
        title = plan.thing or short_title(request.product.title, request.seller.brand, plan.language)
        seed = f"{request.id or ''}\0{request.channel}\0{request.review.text}"
        return open_voice(
            book,
            ref,
            seed=seed,
            tone=request.seller.tone,
            title=_in_small_letters(title, plan.language) if with_product else "",
            details=self.details.get(plan.language),
            is_order=request.review.subject is Subject.SELLER_FEEDBACK,
        )

    def _layouts(self, plan: Plan, request: DraftRequest, triage: Triage, compose: Compose) -> Iterator[Callable[[], Layout]]:
        lexicon = self.lexicons.get(plan.language)
        points = find_points(request.review.text, triage, lexicon, title=request.review.title) if lexicon and plan.quotable else []
        named = Case(plan, self.voice(plan, request, with_product=True), request, triage, lexicon)
        plainly = replace(plan, details=(), aspects=(), issues=plan.plain_issues, questions=(), needed_by=None)
        plain = Case(plainly, self.voice(plan, request, with_product=False), request, triage, lexicon)
        # What a rule stumbles over may be a fact, or the buyer's words in a question or a day.
        without_facts = Case(replace(plan, facts=()), named.voice, request, triage, lexicon)
        unasked = Case(replace(plan, questions=(), needed_by=None), named.voice, request, triage, lexicon)
        sore = [point for point in points if point.is_sore] or points
        for some in (points, sore[:2], sore[:1], sore[1:2]):
            if some:
                yield partial(compose, named, opening=None, points=some)
                yield partial(compose, unasked, opening=None, points=some)
                yield partial(compose, without_facts, opening=None, points=some)
        yield partial(compose, named, opening=None, points=())
        yield partial(compose, plain, opening=None, points=())
        bare = replace(plainly, issues=plan.plain_issues[:1], offer=Offer(), facts=())
        yield partial(compose, Case(bare, plain.voice, request, triage, lexicon), opening=None, points=())
        # A signature may be what a rule stumbles over: better an unsigned answer than none.
        unsigned = request.model_copy(update={"seller": request.seller.model_copy(update={"signature": "", "brand": ""})})
        yield partial(compose, Case(plan, named.voice, unsigned, triage, lexicon), opening=None, points=points[:2])
        yield partial(compose, Case(bare, plain.voice, unsigned, triage, lexicon), opening=None, points=())

    def _draft(self, layout: Layout, plan: Plan) -> Draft:
        return Draft(
            text=layout.text,
            language=plan.language,
            origin=Origin.TEMPLATE,
            content=self.refs(plan.language),
            prompt=None,
            model_asked=None,
            model_answered=None,
            attempt=0,
            sentences=layout.sentences,
        )


def _in_small_letters(title: str, language: str) -> str:
    """An English title as it stands in a sentence: "Cast iron trivet" begins small, a name with another capital does not."""
    first, *rest = title.split() or [""]
    is_name = not rest or not first[1:].islower() or any(word[:1].isupper() for word in rest)
    return title if language != "en" or is_name else f"{title[0].lower()}{title[1:]}"
