"""What is wrong with a prompt file, found without rendering it.

Untrusted inputs may only be printed through the `fence` filter, in a user block: anywhere else a buyer's text would become an instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes

from drafter.domain import Value
from drafter.errors import ContentError
from drafter.prompts.branches import find_dead_branches
from drafter.prompts.library import Library, Prompt
from drafter.prompts.render import environment

FENCE_FILTER = "fence"
PROFILES = ("small", "large")
UNSAID = "say what is different from the version before, and why"
"""What `changes` says in a new version, until its author has."""
BLOCKS = tuple(f"{profile}_{role}" for profile in PROFILES for role in ("system", "user"))


class LintFinding(Value):
    """One thing that is wrong, and where."""

    path: str
    line: int
    column: int = 1
    message: str


_MARKS = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where an input is read."""

    name: str
    line: int
    block: str
    is_fenced: bool


def lint_library(library: Library) -> list[LintFinding]:
    """Findings of all prompts, by file and line."""
    return [finding for prompt in library.prompts.values() for finding in lint_prompt(library, prompt)]


def lint_prompt(library: Library, prompt: Prompt) -> list[LintFinding]:
    """Findings of one prompt, by line."""
    env = environment(library.root)
    try:
        tree = env.parse(prompt.body)
    except TemplateSyntaxError as exc:
        return [_finding(prompt, exc.lineno, exc.message or "not a Jinja template")]
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    uses = [use for name, block in blocks.items() for use in _uses(block, name)]
    found = [
        *_lint_blocks(prompt, blocks),
        *_lint_inputs(prompt, uses),
        *_lint_shots(prompt, uses),
        *_lint_parts(library, prompt, tree, env),
        *(_finding(prompt, line, message, "if ") for line, message in find_dead_branches(tree)),
    ]
    return sorted(found, key=lambda f: (f.line, f.column))


def count_tokens(prompt: Prompt) -> dict[str, int]:
    """About how many tokens the instructions of each profile are, without any input: four characters count as one."""
    blocks = {name: _block_words(name).search(prompt.body) for name in BLOCKS}
    sizes = {name: len(_MARKS.sub("", found.group(1))) if found else 0 for name, found in blocks.items()}
    return {profile: (sizes[f"{profile}_system"] + sizes[f"{profile}_user"]) // 4 for profile in PROFILES}


def _block_words(name: str) -> re.Pattern[str]:
    return re.compile(rf"\{{% block {name} %\}}(.*?)\{{% endblock %\}}", re.DOTALL)


def require_clean(library: Library) -> None:
    """Nothing, when all prompts are clean.

    Raises:
        ContentError: names the first finding.
    """
    for finding in lint_library(library):
        raise ContentError(finding.path, finding.message, line=finding.line, hint="run `drafter prompts lint`")


def _lint_blocks(prompt: Prompt, blocks: dict[str, nodes.Block]) -> Iterator[LintFinding]:
    for name in BLOCKS:
        if name not in blocks:
            yield _finding(prompt, 1, f"no block {name!r}")
    for name, block in blocks.items():
        if name not in BLOCKS:
            yield _finding(prompt, block.lineno, f"unknown block {name!r}; there are {', '.join(BLOCKS)}")


def _lint_inputs(prompt: Prompt, uses: list[_Use]) -> Iterator[LintFinding]:
    specs = prompt.front.inputs
    for use in uses:
        if use.name not in specs:
            yield _finding(prompt, use.line, f"{use.name!r} is used but not among the inputs of the front matter", use.name)
        elif specs[use.name].untrusted and not (use.is_fenced and use.block.endswith("_user")):
            message = f"untrusted {use.name!r} must be written as {{{{ {use.name} | fence }}}} inside a user block"
            yield _finding(prompt, use.line, message, use.name)
    for name in sorted(specs.keys() - {use.name for use in uses}):
        yield _finding(prompt, _front_line(prompt, f"  {name}:"), f"input {name!r} is declared but never used", name)
    if not any(spec.untrusted for spec in specs.values()):
        yield _finding(prompt, -prompt.body_line + 2, "no input is marked untrusted; the buyer's text must be")


def _lint_shots(prompt: Prompt, uses: list[_Use]) -> Iterator[LintFinding]:
    needed = {use.name for use in uses if use.block == "small_user"} & {"product", "opening", "review"}
    for language, shots in prompt.front.shots.items():
        for shot in shots:
            missing = (needed | {"sentence"}) - shot.keys()
            if missing:
                yield _finding(prompt, -prompt.body_line + 2, f"a worked example in {language!r} lacks {', '.join(sorted(missing))}")
            elif not str(shot["sentence"]).startswith(str(shot["opening"])):
                yield _finding(prompt, -prompt.body_line + 2, f"a worked example in {language!r} does not begin with its opening")


def _lint_parts(library: Library, prompt: Prompt, tree: nodes.Template, env: Environment) -> Iterator[LintFinding]:
    """Parts must exist, and may not read any input: they stand in system blocks as well."""
    for include in tree.find_all(nodes.Include):
        name = include.template.value if isinstance(include.template, nodes.Const) else None
        path = library.root / "prompts" / "_parts" / str(name)
        if name is None or not path.is_file():
            yield _finding(prompt, include.lineno, f"included part {name!r} does not exist in prompts/_parts/")
            continue
        part = env.parse(path.read_text(encoding="utf-8"))
        for use in _uses(part, str(name)):
            yield _finding(prompt, include.lineno, f"part {name!r} reads {use.name!r}; parts are fixed text")


def _uses(node: nodes.Node, block: str, *, fenced: bool = False, local: frozenset[str] = frozenset()) -> Iterator[_Use]:
    """Every place below a node where a name from outside is read."""
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in local and node.name not in {"loop", "true", "false", "none"}:
            yield _Use(node.name, node.lineno, block, fenced)
        return
    if isinstance(node, nodes.For):
        targets = [node.target] if isinstance(node.target, nodes.Name) else node.target.find_all(nodes.Name)
        local = local | {target.name for target in targets}
    is_fence = isinstance(node, nodes.Filter) and node.name == FENCE_FILTER
    for child in node.iter_child_nodes():
        yield from _uses(child, block, fenced=is_fence, local=local)


def _front_line(prompt: Prompt, words: str) -> int:
    """Line of the head that begins with these words, counted like the lines of the body."""
    for number, line in enumerate(prompt.text.splitlines(), start=1):
        if line.startswith(words):
            return number - prompt.body_line + 1
    return -prompt.body_line + 2


def _finding(prompt: Prompt, line: int, message: str, words: str = "") -> LintFinding:
    number = max(1, line + prompt.body_line - 1)
    lines = prompt.text.splitlines()
    column = lines[number - 1].find(words) + 1 if words and number <= len(lines) else 1
    return LintFinding(path=str(prompt.path), line=number, column=max(1, column), message=message)
