"""`drafter rules coverage|diff|mutate|replay`: what policy owners ask of a pack as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from drafter.cli.jsonl import error_object, open_input, read_lines, read_some, unwrap_record, warn, write_json
from drafter.cli.progress import Progress
from drafter.content import find_content_root
from drafter.domain import DraftRecord
from drafter.errors import RequestError
from drafter.evals.coverage import Cell, RuleCoverage, cover
from drafter.evals.mutation import Mutation, Proof, collect_proofs, mutate_frames
from drafter.evals.mutation_words import mutate_words
from drafter.evals.replay import Replayed, Stored, read_stored, replay
from drafter.evals.rule_diff import Difference, NamedCheck, compare_rules, examples_of
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.pack import Rule
from drafter.intake import ChannelFact, receive_check_request
from drafter.judges import Judges, build_judges
from drafter.settings import Settings
from drafter.store import open_store

MOST_SHOWN = 12
"""Lines of words that a readable report names of one concept; `--json` names all."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One rule a line, with every language.")
def coverage(as_json: bool) -> int:
    """Show which rule has words and examples in which language. Exit code 1 when a rule lacks words in a language."""
    guardrail = build_judges().guardrail
    found = list(cover(guardrail))
    gaps = [f"{rule.rule_id} has no words in {', '.join(rule.wordless)}" for rule in found if rule.wordless]
    if as_json:
        for rule in found:
            write_json(rule.model_dump(mode="json"))
    else:
        _show_matrix(found, guardrail.languages)
    for gap in gaps:
        click.echo(gap, err=True)
    return 1 if gaps else 0


def _show_matrix(found: Sequence[RuleCoverage], languages: Sequence[str]) -> None:
    """One row a rule; a cell is flag/allow examples, with what is wrong with the words."""
    click.echo(f"{'rule':<34}" + "".join(f"{tag:>9}" for tag in languages))
    for rule in found:
        click.echo(f"{rule.rule_id:<34}" + "".join(f"{_cell(rule.languages[tag]):>9}" for tag in languages))
    click.echo("n/m: examples to flag / to let pass; ! no words; ~ some frames without words")


def _cell(cell: Cell) -> str:
    mark = "!" if cell.words is False else "~" if cell.silent_frames else ""
    return f"{mark}{cell.flag}/{cell.allow}"


@click.command()
@click.argument("old_content_dir", type=click.Path(path_type=Path))
@click.option("--jsonl", metavar="FILE|-", help="Judge these checks, records or responses rather than the examples of both packs.")
@click.option("--json", "as_json", is_flag=True, help="One differing text a line.")
def diff(old_content_dir: Path, jsonl: str | None, as_json: bool) -> int:
    """Show which texts are judged differently than by the rules in OLD_CONTENT_DIR. Exit code 1 when there are any."""
    judges = build_judges()
    if not (old_content_dir / "guardrails").is_dir():
        sentence = f"{old_content_dir} has no folder 'guardrails'; name the folder that holds one, as the repository's root does"
        raise RequestError(sentence, code="invalid", field="OLD_CONTENT_DIR")
    before = Guardrail.load(find_content_root(old_content_dir))
    checks = examples_of(before, judges.guardrail) if jsonl is None else list(_read_checks(jsonl, judges.channels))
    tick = _ticker("judging twice", len(checks))
    found = list(compare_rules(before, judges.guardrail, checks, on_each=tick))
    for difference in found:
        if as_json:
            write_json(difference.model_dump(mode="json"))
        else:
            _show_difference(difference)
    if not as_json:
        click.echo(f"{len(found)} of {len(checks)} texts are judged differently")
    return 1 if found else 0


def _read_checks(source: str, channels: Mapping[str, ChannelFact]) -> Iterator[NamedCheck]:
    """Checks of a file whose lines are checks, records, or responses with their request.

    Raises:
        RequestError: a line is none of these; names it.
    """
    with open_input(source) as stream:
        for line in read_lines(stream):
            try:
                if line.error:
                    raise line.error
                value = unwrap_record(line.value or {})
                request = receive_check_request(value, channels).request if "text" in value else read_stored(value, channels).request
            except RequestError as exc:
                place = f"{'standard input' if source == '-' else source}:{line.number}"
                raise RequestError(f"{place}: {exc}", code=exc.code) from exc
            yield NamedCheck(str(line.number if value.get("id") is None else value["id"]), request)


def _show_difference(difference: Difference) -> None:
    before = difference.before.value if difference.before else "unknown channel"
    after = difference.after.value if difference.after else "unknown channel"
    click.echo(f"{difference.name} ({difference.channel}): {before} -> {after}\n  {difference.text}")
    for sign, findings in (("+", difference.appeared), ("-", difference.gone)):
        for finding in findings:
            click.echo(f"  {sign} {finding}")


@click.command()
@click.option("--rule", "rule_id", help="Only this rule: its frames, and the words in its examples.")
@click.option("--language", help="Only words of this language, and no frames.")
@click.option("--json", "as_json", is_flag=True, help="One mutation that nobody notices a line.")
def mutate(rule_id: str | None, language: str | None, as_json: bool) -> int:
    """Take away frames, parts, conditions and words in turn; name what no example notices. Exit code 1 unless it is single words."""
    judges = build_judges()
    guardrail = judges.guardrail
    chosen = _choose_rules(guardrail, rule_id)
    if language is not None and language not in guardrail.languages:
        raise RequestError(f"{language!r} is no language of the rules; use one of {' '.join(guardrail.languages)}", code="unknown_language")
    proofs = collect_proofs(guardrail, chosen, tick=_ticker("reading examples", len(chosen)))
    tried = list(_mutate_all(judges, chosen, proofs, language, is_whole=rule_id is None))
    missed = [mutation for mutation, is_noticed in tried if not is_noticed]
    if as_json:
        for mutation in missed:
            write_json(mutation.model_dump(mode="json"))
    else:
        _show_missed(missed, len(tried), len(proofs))
    return 1 if any(mutation.kind != "entry" for mutation in missed) else 0


def _mutate_all(
    judges: Judges, chosen: Sequence[Rule], proofs: Sequence[Proof], language: str | None, *, is_whole: bool
) -> Iterator[tuple[Mutation, bool]]:
    guardrail = judges.guardrail
    if language is None:
        tick = _ticker("taking frames away", len(chosen))
        for rule in chosen:
            yield from mutate_frames(guardrail, rule, [proof for proof in proofs if proof.rule is rule])
            tick()
    tags = [language] if language else guardrail.languages
    tick = _ticker("taking words away", sum(proof.language in tags for proof in proofs))
    root = find_content_root(judges.settings.content_dir)
    for tag in tags:
        yield from mutate_words(guardrail, root, tag, proofs, is_whole=is_whole, tick=tick)


def _choose_rules(guardrail: Guardrail, rule_id: str | None) -> list[Rule]:
    """Rules of kind `frame`, or the one that is named.

    Raises:
        RequestError: there is no such rule, or it has no frames.
    """
    chosen = [rule for rule in guardrail.rules if rule.kind == "frame" and rule_id in (None, rule.id)]
    if not chosen:
        kinds = {rule.id: rule.kind for rule in guardrail.rules}
        reason = f"is of kind {kinds[rule_id]} and has no frames" if rule_id in kinds else "is no rule; `drafter rules list` names them"
        raise RequestError(f"{rule_id!r} {reason}", code="not_found")
    return chosen


def _show_missed(missed: Sequence[Mutation], tried: int, examples: int) -> None:
    """What nobody notices: frames first, then words by language and concept."""
    entries: dict[tuple[str, str], list[str]] = {}
    for mutation in missed:
        if mutation.kind == "entry":
            concept, _, line = mutation.name.partition(": ")
            entries.setdefault((mutation.language, concept), []).append(line)
        else:
            click.echo(f"{mutation.kind:<10} {mutation.rule_id or mutation.language} {mutation.name}")
    for (language, concept), lines in entries.items():
        more = f" … and {len(lines) - MOST_SHOWN} more" if len(lines) > MOST_SHOWN else ""
        click.echo(f"entries    {language} {concept}: {', '.join(lines[:MOST_SHOWN])}{more}")
    click.echo(f"{len(missed)} of {tried} mutations go unnoticed by {examples} examples")


@click.command("replay")
@click.argument("source", metavar="FILE|-")
@click.option("--json", "as_json", is_flag=True, help="One result a line.")
def replay_stored(source: str, as_json: bool) -> int:
    """Judge stored records, responses or checks (one JSON object a line) again. Exit code 1 when a report is not the same byte for byte.

    A line is a record, bare or as `drafter db export` writes it, a response whose record is in the database, {"request": …, "response": …},
    or {"request": …, "result": …}. A record without a draft is passed over, with a word.
    """
    judges = build_judges()
    code, judged, draftless = 0, 0, 0
    with open_input(source) as stream:
        for line in read_some(stream, source, "judged again"):
            try:
                if line.error:
                    raise line.error
                done = replay(judges.guardrail, _stored(unwrap_record(line.value or {}), judges))
            except RequestError as exc:
                warn(source, line, exc)
                if as_json:
                    write_json(error_object(line, exc))
                draftless += exc.code == "nothing_judged"
                code = code if exc.code == "nothing_judged" else 2
                continue
            judged += 1
            _show_replayed(done, line.number, as_json=as_json)
            code = code or (0 if done.is_same else 1)
    return 2 if draftless and not judged else code


def _stored(value: Mapping[str, Any], judges: Judges) -> Stored:
    """What a line holds; the request of a bare response is looked up among the stored records."""
    if "request_id" in value and "report" in value and isinstance(value.get("id"), str):
        record = asyncio.run(_find_record(value["id"], judges.settings))
        if record is not None:
            return read_stored({"request": record.request.model_dump(mode="json"), "response": value}, judges.channels)
    return read_stored(value, judges.channels)


async def _find_record(record_id: str, settings: Settings) -> DraftRecord | None:
    store = open_store(settings.database_url)
    try:
        return await store.get(record_id)
    finally:
        await store.aclose()


def _show_replayed(done: Replayed, number: int, *, as_json: bool) -> None:
    if as_json:
        write_json(done.model_dump(mode="json"))
        return
    name = done.id if done.id is not None else f"line {number}"
    click.echo(f"{name}: " + ("the same report, byte for byte" if done.is_same else "another report"))
    for sentence in done.differs:
        click.echo(f"  {sentence}")


def _ticker(label: str, total: int) -> Callable[[], None]:
    """Moves a bar on by one each time it is called."""
    bar = Progress()
    done = iter(range(1, total + 1))
    return lambda: bar(label, next(done, total), total)


COMMANDS: Mapping[str, click.Command] = {"coverage": coverage, "diff": diff, "mutate": mutate, "replay": replay_stored}
