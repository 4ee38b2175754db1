"""Kind `state`: what a text repeats or adds to, given our own earlier messages to this buyer.

`with: {find: …}` says what is looked for; each needs the request's `previous_messages`:

- `repeated_text`, with `alike: 0.8`: the share of this text's words that one earlier message has too.
- `repeated_frames`: one of the rule's `frames` is met here, and one in an earlier message, in whatever words.
- `parted_frames`, with `here: [part]`: these parts of a frame stand here, its other parts in an earlier message.
- `unanswered`, with `at_least: 2`, `but: [words]` and perhaps `at_most`: so many earlier messages, and none of these words here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit
from drafter.guardrails.kinds.frame import Frame, FrameError, FrameRule
from drafter.guardrails.kinds.word_list import compile_word_list
from drafter.guardrails.scene import Check, Scene
from drafter.guardrails.segmentation import split_words


def compile_state(spec: Mapping[str, Any], frames: Callable[[], FrameRule]) -> Check:
    """A check against the earlier messages of the request.

    Args:
        spec: `with`, as above.
        frames: Compiles the rule's frames, for those that have any.

    Raises:
        FrameError: `find` names something else, or `here` a part that a frame has not.
    """
    find = spec.get("find")
    if find == "repeated_text":
        return _repeated_text(float(spec["alike"]))
    if find == "unanswered":
        return _unanswered(int(spec["at_least"]), int(spec.get("at_most", sys.maxsize)), compile_word_list({"words": spec["but"]}))
    if find == "repeated_frames":
        return RepeatedFrames(frames())
    if find == "parted_frames":
        return PartedFrames(frames(), spec["here"])
    raise FrameError(f"find is one of repeated_text, repeated_frames, parted_frames, unanswered, not {find!r}")


def _repeated_text(alike: float) -> Check:
    def check(scene: Scene) -> Iterator[Hit]:
        if not scene.request.previous_messages:
            return
        words = frozenset(scene.document.norms)
        for earlier in scene.request.previous_messages:
            folded = earlier.casefold()
            said = frozenset(split_words(folded, frozenset(folded)).words)
            if words and len(words & said) >= alike * len(words):
                yield Hit(0, len(scene.document.text))
                return

    return check


def _unanswered(at_least: int, at_most: int, find_excuse: Callable[[Document], Iterable[Hit]]) -> Check:
    def check(scene: Scene) -> Iterator[Hit]:
        earlier = len(scene.request.previous_messages or ())
        if at_least <= earlier <= at_most and not any(find_excuse(scene.document)):
            yield Hit(0, len(scene.document.text), detail=f"{earlier} before it")

    return check


class RepeatedFrames:
    """What is said here was said before, in whatever words."""

    def __init__(self, rule: FrameRule) -> None:
        self.rule = rule

    def __call__(self, scene: Scene) -> Iterator[Hit]:
        """The first place here, when an earlier message has one too."""
        here = next(_real(self.rule(scene)), None)
        if here and any(next(_real(self.rule(earlier)), None) for earlier in scene.earlier()):
            yield here


class PartedFrames:
    """Some parts of a frame are said here, the others were said before."""

    def __init__(self, rule: FrameRule, here: Iterable[str]) -> None:
        self.rule = rule
        self._halves = [_part(frame, frozenset(here)) for frame in rule.frames]

    def __call__(self, scene: Scene) -> Iterator[Hit]:
        """The first place of the parts that stand here; silent when all of them do, which is for a rule on one text to say."""
        mask = scene.scan.mask
        for here, before in self._halves:
            is_begun = all(mask & part for part in here) and not all(mask & part for part in before)
            if is_begun and any(all(earlier.scan.mask & part for part in before) for earlier in scene.earlier()):
                first, last = scene.scan.places_of(here[0], 0, len(scene.document.norms))[0]
                yield Hit(*scene.span(first, last))
                return


def _part(frame: Frame, here: frozenset[str]) -> tuple[list[int], list[int]]:
    if not here or not here < set(frame.part_names):
        raise FrameError(f"frame {frame.name!r}: here names some of its parts {', '.join(frame.part_names)}, and not all")
    named = list(zip(frame.part_names, frame.parts, strict=True))
    return [part for name, part in named if name in here], [part for name, part in named if name not in here]


def _real(hits: Iterable[Hit]) -> Iterator[Hit]:
    return (hit for hit in hits if not hit.exception)
