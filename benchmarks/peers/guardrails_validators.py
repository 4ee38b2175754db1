"""guardrails-ai with the forty rules: in one validator, its fastest way, and as forty validators, which give an id to each rule."""

from __future__ import annotations

import re
from typing import Any

from forty_rules import RULES, answer, search_plainly, texts_from_input, time_calls
from guardrails.validator_base import FailResult, PassResult, ValidationResult, Validator, register_validator

from guardrails import Guard


@register_validator(name="forty-rules", data_type="string")
class AllRules(Validator):
    """All rules at once."""

    def __init__(self, rules: list[str], **more: Any) -> None:
        super().__init__(rules=rules, **more)
        self._compiled = [re.compile(rule, re.IGNORECASE) for rule in rules]

    def _validate(self, value: Any, metadata: dict[str, Any]) -> ValidationResult:
        hits = [pattern.pattern for pattern in self._compiled if pattern.search(value)]
        return FailResult(error_message=", ".join(hits)) if hits else PassResult()


def make_forty() -> list[Validator]:
    """A validator a rule, each of a name of its own."""
    made = []
    for i, rule in enumerate(RULES):
        kind = register_validator(name=f"rule-{i}", data_type="string")(type(f"Rule{i}", (AllRules,), {}))
        made.append(kind(rules=[rule], on_fail="noop"))
    return made


texts = texts_from_input()
figures = {}
for label, guard in (
    ("one validator", Guard().use(AllRules(rules=list(RULES), on_fail="noop"))),
    ("forty validators", Guard().use(*make_forty())),
):
    for name, some in texts.items():
        figures[f"{label}, {name}"] = time_calls(guard.validate, some if label == "one validator" else some[::4])
figures["plain re there, clean"] = search_plainly(texts["clean"])
answer(figures)
