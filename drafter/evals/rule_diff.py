"""Which texts two states of the rules judge differently: what `drafter rules diff` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from drafter.domain import CheckRequest, GuardrailReport, Value, Verdict
from drafter.errors import RequestError
from drafter.guardrails.engine import Guardrail


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A text to judge, and what to call it."""

    name: str
    request: CheckRequest


class Difference(Value):
    """A text that is judged differently."""

    name: str
    channel: str
    text: str
    before: Verdict | None
    """None: the old rules do not know the channel."""
    after: Verdict | None
    """None: the new rules do not know the channel."""
    appeared: tuple[str, ...]
    """Findings that are new, as `rule-id (severity) “quote”`."""
    gone: tuple[str, ...]
    """Findings that are no more."""


def examples_of(*guardrails: Guardrail) -> list[NamedCheck]:
    """The examples of several packs, each once."""
    found: dict[str, NamedCheck] = {}
    for guardrail in guardrails:
        for rule in guardrail.rules:
            for side, examples in (("flag", rule.flag), ("allow", rule.allow)):
                for number, example in enumerate(examples, start=1):
                    request = example.request
                    found.setdefault(request.model_dump_json(), NamedCheck(f"{rule.id}/{side}/{number}", request))
    return list(found.values())


def compare_rules(
    before: Guardrail, after: Guardrail, checks: Iterable[NamedCheck], *, on_each: Callable[[], None] = lambda: None
) -> Iterator[Difference]:
    """The texts that `after` judges differently from `before`: another verdict, or other findings.

    Args:
        on_each: Called after each text, whether or not it is judged differently.

    Raises:
        RequestError: neither knows the channel of a text, or it is too long.
    """
    for check in checks:
        old, new = _judge(before, check.request), _judge(after, check.request)
        if old is None and new is None:
            after.check(check.request)
        said, says = _findings(old), _findings(new)
        if (old and old.verdict) != (new and new.verdict) or said != says:
            yield Difference(
                name=check.name,
                channel=check.request.channel,
                text=check.request.text,
                before=old.verdict if old else None,
                after=new.verdict if new else None,
                appeared=tuple(finding for finding in says if finding not in said),
                gone=tuple(finding for finding in said if finding not in says),
            )
        on_each()


def _judge(guardrail: Guardrail, request: CheckRequest) -> GuardrailReport | None:
    """The report; None when the channel is not there."""
    try:
        return guardrail.check(request)
    except RequestError as exc:
        if exc.code == "unknown_channel":
            return None
        raise


def _findings(report: GuardrailReport | None) -> list[str]:
    return [f"{f.rule_id} ({f.severity.value}) “{f.quote}”" for f in report.findings] if report else []
