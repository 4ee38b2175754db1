"""`drafter rules`: check texts against policy, look into the rules. No model."""

from __future__ import annotations

import difflib
import json
import sys
from collections import Counter
from collections.abc import Set
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from drafter.answers import check_result
from drafter.cli.jsonl import error_object, open_input, read_some, warn, write_json
from drafter.content import find_content_root, read_jsonl
from drafter.domain import RuleStatus, Verdict
from drafter.errors import RequestError
from drafter.intake import receive_check_request
from drafter.judges import Judges, build_judges
from drafter.settings import load_settings

if TYPE_CHECKING:
    from drafter.domain import GuardrailReport
    from drafter.guardrails.engine import Guardrail
    from drafter.guardrails.pack import Rule

TOOLS = ("coverage", "diff", "mutate", "replay")
"""Commands of `rule_tools.py`, which needs the whole drafting line: half a second that no check shall wait for."""


class RulesGroup(click.Group):
    """The commands of this file, and `TOOLS`, loaded when one of them is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *TOOLS))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in TOOLS:
            command: click.Command = import_module("drafter.cli.rule_tools").COMMANDS[name]
            return command
        return super().get_command(ctx, name)


@click.group(cls=RulesGroup)
def rules() -> None:
    """Check texts against policy; look into the rules."""


@rules.command()
@click.argument("text", required=False, metavar="TEXT|-")
@click.option("--jsonl", metavar="FILE|-", help="One check a line in, one verdict a line out, in the same order.")
@click.option("--channel", help="Where the text would appear, e.g. review_followup.")
@click.option("--language", help="Language that the text must have, e.g. de.")
@click.option("--resolved", is_flag=True, help="The buyer's concern is settled.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def check(text: str | None, jsonl: str | None, channel: str | None, language: str | None, resolved: bool, as_json: bool) -> int:
    """Check a text (- reads standard input), or a file of them (--jsonl). Exit code 1 when a text is blocked."""
    if (text is None) == (jsonl is None):
        raise click.UsageError("name one input: TEXT, - or --jsonl FILE")
    judges = build_judges()
    if jsonl is not None:
        return _check_lines(jsonl, judges)
    if channel is None:
        raise click.UsageError(f"name the channel: --channel {'|'.join(sorted(judges.channels))}")
    if text == "-":
        try:
            text = sys.stdin.buffer.read().decode("utf-8")
        except UnicodeDecodeError as exc:
            raise RequestError(f"standard input is not UTF-8 at byte {exc.start}; send UTF-8", code="not_utf8") from exc
    value = {"channel": channel, "text": text, "language": language, "resolved": resolved}
    received = receive_check_request(value, judges.channels)
    report = judges.guardrail.check(received.request)
    if as_json:
        write_json(check_result(None, report, received.warnings).model_dump(mode="json"))
    else:
        _show(value["text"] or "", report, {rule.id for rule in judges.guardrail.rules if rule.kind == "person"})
        for sentence in received.warnings:
            click.echo(sentence, err=True)
    return 1 if report.verdict is Verdict.BLOCK else 0


def _check_lines(source: str, judges: Judges) -> int:
    """0 when every line could be checked, whatever the verdicts: they are in the output."""
    code = 0
    with open_input(source) as stream:
        for line in read_some(stream, source, "checked"):
            try:
                if line.error:
                    raise line.error
                received = receive_check_request(line.value, judges.channels)
                report = judges.guardrail.check(received.request)
            except RequestError as exc:
                warn(source, line, exc)
                write_json(error_object(line, exc))
                code = 2
                continue
            for sentence in received.warnings:
                warn(source, line, sentence)
            write_json(check_result(line.id, report, received.warnings).model_dump(mode="json"))
    return code


@rules.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def list_rules(as_json: bool) -> int:
    """List every rule: id, severity, category, kind, mode, channels."""
    guardrail = build_judges().guardrail
    found = guardrail.rules
    if as_json:
        write_json([_as_json(rule) for rule in found])
        return 0
    click.echo(f"{guardrail.pack_version} (sha256 {guardrail.pack_sha256[:12]}, engine {guardrail.engine_version})")
    for rule in found:
        click.echo(
            f"{rule.id:<34} {rule.severity.value:<6} {rule.category.value:<30} {rule.kind:<14} {rule.mode:<8} {' '.join(rule.channels)}"
        )
    return 0


@rules.command()
@click.argument("rule_id")
@click.option("--channel", help="Also as it holds in this channel.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def show(rule_id: str, channel: str | None, as_json: bool) -> int:
    """Show one rule with its source, date and examples; with --channel, what holds there and which key says so."""
    guardrail = build_judges().guardrail
    rule = _find_rule(guardrail, rule_id)
    facts = _as_json(rule)
    if channel is not None:
        from drafter.guardrails.channels import pick_channel

        facts["effective"] = _effective(rule, pick_channel(guardrail.channels, channel).id)
    if as_json:
        write_json(facts)
        return 0
    for name, value in facts.items():
        click.echo(f"{name:<12} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    return 0


def _find_rule(guardrail: Guardrail, rule_id: str) -> Rule:
    """The rule of this id.

    Raises:
        RequestError: there is none; names near ones.
    """
    rule = next((rule for rule in guardrail.rules if rule.id == rule_id), None)
    if rule is None:
        near = difflib.get_close_matches(rule_id, [rule.id for rule in guardrail.rules], n=3)
        way_out = f"did you mean {' or '.join(near)}?" if near else "`drafter rules list` names them"
        raise RequestError(f"there is no rule {rule_id!r}; {way_out}", code="not_found")
    return rule


def _effective(rule: Rule, channel: str) -> dict[str, str]:
    """What holds of a rule in a channel, with the key of the pack that each comes from."""
    runs = f"yes ({rule.path}: channels)" if channel in rule.channels else f"no (not under channels in {rule.path})"
    severity = "severity_in" if channel in rule.severity_in else "severity"
    category = "category_in" if channel in rule.category_in else "category"
    found = {
        "channel": channel,
        "runs": runs if rule.mode != "off" else f"no ({rule.path}: mode)",
        "severity": f"{rule.severity_on(channel).value} ({rule.path}: {severity})",
        "category": f"{', '.join(rule.categories_on(channel))} ({rule.path}: {category}{' and also' if rule.also else ''})",
    }
    return {**found, "because": rule.because} if severity == "severity_in" and rule.because else found


@rules.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def lint(as_json: bool) -> int:
    """Load every content file of the rules, compile all languages, run every example. Exit code 1 when an example does not hold."""
    from drafter.evals.examples import failed_examples

    guardrail = build_judges().guardrail
    guardrail.compile_all()
    failed = list(failed_examples(guardrail))
    count = sum(len(rule.flag) + len(rule.allow) for rule in guardrail.rules)
    if as_json:
        figures = {"rules": len(guardrail.rules), "examples": count, "languages": list(guardrail.languages)}
        write_json({**figures, "failed": [str(failure) for failure in failed]})
        return 1 if failed else 0
    for failure in failed:
        click.echo(str(failure), err=True)
    click.echo(f"{len(guardrail.rules)} rules, {count} examples, {len(failed)} failed, languages {' '.join(guardrail.languages)}")
    return 1 if failed else 0


@rules.command()
@click.argument("text")
@click.option("--channel", required=True, help="Where the text would appear.")
@click.option("--language", help="Language that the text must have.")
@click.option("--rule", "rule_id", help="Only this rule's frames.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def explain(text: str, channel: str, language: str | None, rule_id: str | None, as_json: bool) -> int:
    """Show what the rules saw: the text as read, the concepts, and what each frame lacked."""
    judges = build_judges()
    request = receive_check_request({"channel": channel, "text": text, "language": language}, judges.channels).request
    rule = _find_rule(judges.guardrail, rule_id) if rule_id is not None else None
    found = judges.guardrail.explain(request)
    if as_json:
        write_json(found.model_dump(mode="json"))
        return 0
    if rule is not None:
        click.echo("\n".join(f"{name:<10} {value}" for name, value in _effective(rule, channel).items()))
    views = [view for view in found.views if view.text != text]
    for view in views:
        click.echo(f"view       {view.name}: {view.text}")
    click.echo(f"languages  {' '.join(found.languages)}\nreader     {found.reader}")
    for trick in found.tampering:
        click.echo(f"disguise   {trick}")
    for concept in found.concepts:
        click.echo(f"concept    {concept.concept:<22} “{concept.quote}”")
    for frame in found.frames:
        is_near = frame.is_met or (frame.present and len(frame.missing) <= 1)
        if rule_id == frame.rule_id or (rule_id is None and is_near):
            state = "met" if frame.is_met else f"lacks {', '.join(frame.missing) or 'nearness, or is excepted'}"
            click.echo(f"frame      {frame.rule_id} / {frame.frame}: {state}")
    return 0


@rules.command()
@click.option("--left-out", is_flag=True, help="Write nothing: judge each author by a model made without them, and print bars and recall.")
@click.option("--author", help="With --left-out: only the author whose ids begin so, e.g. wa.")
def train(left_out: bool, author: str | None) -> int:
    """Make the second reader's weights anew from labelled texts and the rules' examples. Needs scikit-learn: make train."""
    from drafter.evals import reader_holdout, reader_training
    from drafter.evals.word_vectors import WordVectors
    from drafter.guardrails.reader import WEIGHTS
    from drafter.guardrails.reader_weights import Weights

    settings = load_settings()
    root = find_content_root(settings.content_dir)
    sets = root / "evals" / "sets"
    paths = [*sorted((sets / "reader").glob("*.jsonl")), *sorted(sets.glob("policy_*.jsonl"))]
    rows = [row for path in paths for row in read_jsonl(path)]
    guardrail = build_judges(settings).guardrail
    if left_out:
        judged = list(reader_holdout.judge_left_out(guardrail, rows, only=author, say=_say))
        for line in reader_holdout.lines(judged):
            click.echo(line)
        return 0
    texts = reader_training.read_texts(guardrail, [*rows, *reader_training.rows_of_rules(guardrail)])
    weights = reader_training.train(texts, WordVectors(reader_holdout.words_of(texts)), say=_say)
    path = root / WEIGHTS
    path.parent.mkdir(exist_ok=True)
    path.write_text(Weights.of(weights).write(), encoding="utf-8")
    counts = ", ".join(f"{len(weights[part])} {part}" for part in ("weights", "unseen", "letters", "kinds"))
    click.echo(f"{path}: {counts}, from {len(texts)} texts")
    return 0


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "severity_in": {channel: severity.value for channel, severity in rule.severity_in.items()},
        "because": rule.because,
        "category": rule.category.value,
        "category_in": {channel: category.value for channel, category in rule.category_in.items()},
        "kind": rule.kind,
        "mode": rule.mode,
        "channels": list(rule.channels),
        "message": rule.message,
        "suggestion": rule.suggestion,
        "source": rule.source,
        "checked_on": rule.checked_on.isoformat(),
        "reason": rule.reason,
        "frames": [frame.get("name") for frame in rule.frames],
        "flag": [example.text for example in rule.flag],
        "allow": [example.text for example in rule.allow],
        "pack": rule.path,
        "version": rule.pack,
    }


def _show(text: Any, report: GuardrailReport, persons: Set[str]) -> None:
    """The verdict, and under each line of the text the words that rules saw; `persons` are rules that no text can decide."""
    click.echo(f"{report.verdict.value}: {len(report.findings)} finding(s), channel {report.channel}")
    start = 0
    for row in str(text).split("\n"):
        click.echo(f"  {row}")
        marks = "".join("^" if any(f.start <= start + i < f.end for f in report.findings) else " " for i in range(len(row))).rstrip()
        if marks:
            click.echo(f"  {marks}")
        start += len(row) + 1
    for f in report.findings:
        click.echo(f"{f.severity.value:<5} {f.rule_id} “{f.quote}”\n      {f.message}\n      Instead: {f.suggestion} (source: {f.source})")
    for f in report.shadow:
        click.echo(f"on trial {f.rule_id} would say {f.severity.value} “{f.quote}”: {f.message}")
    for exception in report.exceptions:
        click.echo(f"let pass by exception {exception}")
    skipped = Counter(
        "for a person or another system to judge" if result.rule_id in persons else result.reason
        for result in report.results
        if result.status is RuleStatus.SKIPPED
    )
    if skipped:
        reasons = "; ".join(f"{count} {reason}" for reason, count in skipped.most_common())
        click.echo(f"not evaluated: {skipped.total()} of {len(report.results)} rules ({reasons})")
    click.echo(f"rules {report.pack_version} (sha256 {report.pack_sha256[:12]}), engine {report.engine_version}")
    for rule_id in report.errored:
        click.echo(f"error {rule_id} crashed; the text counts as not passed")
