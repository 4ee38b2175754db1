"""The branches of a prompt: which can never be taken, and which a set of requests has taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Template, nodes

from drafter.prompts.fence import Fence
from drafter.prompts.library import Prompt
from drafter.prompts.render import FENCE_KEY, Profile, environment

COUNTER = "count_branch"
"""Name under which a branch reports itself; a prompt that calls it is refused by lint, since it is no input."""

Facts = tuple[tuple[nodes.Node, bool], ...]
"""Conditions that are known to hold, or not to hold, at a place."""


def find_dead_branches(tree: nodes.Node) -> Iterator[tuple[int, str]]:
    """Line and sentence for each branch that no input can reach."""
    yield from _dead(tree, ())


def _dead(node: nodes.Node, facts: Facts) -> Iterator[tuple[int, str]]:
    if not isinstance(node, nodes.If):
        for child in node.iter_child_nodes():
            # A loop binds its own names: what is known outside says nothing of them.
            yield from _dead(child, () if isinstance(node, nodes.For) else facts)
        return
    seen = facts
    for branch in (node, *node.elif_):
        value = _truth(branch.test, seen)
        if value is not None:
            yield branch.lineno, "this condition always holds" if value else "this branch can never be taken"
        for child in branch.body:
            yield from _dead(child, (*seen, (branch.test, True)))
        seen = (*seen, (branch.test, False))
    for child in node.else_:
        yield from _dead(child, seen)


def _truth(test: nodes.Node, facts: Facts) -> bool | None:
    """What a condition must be here; None when it depends on the inputs."""
    if isinstance(test, nodes.Not):
        inner = _truth(test.node, facts)
        return None if inner is None else not inner
    if isinstance(test, nodes.Const):
        return bool(test.value)
    for known, value in facts:
        if known == test:
            return value
        if isinstance(known, nodes.Not) and known.node == test:
            return not value
    return None


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a prompt."""

    number: int
    block: str
    line: int
    """In the file."""
    about: str
    """E.g. `if product`, `else`, `for fact`."""


@dataclass(slots=True)
class BranchCounter:
    """A prompt that counts its branches while the engine of production renders it."""

    branches: tuple[Branch, ...]
    template: Template
    hits: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, prompt: Prompt) -> BranchCounter:
        """A counter for one prompt."""
        env = environment(root)
        tree = env.parse(prompt.body)
        branches: list[Branch] = []
        for block in list(tree.find_all(nodes.Block)):
            _mark(block, block.name, prompt, branches)
        return cls(tuple(branches), env.from_string(tree))

    def count(self, profile: Profile, inputs: Mapping[str, Any]) -> None:
        """Renders one request and counts the branches that it takes."""

        def hit(number: int) -> str:
            self.hits[number] = self.hits.get(number, 0) + 1
            return ""

        values = {**inputs, FENCE_KEY: Fence("coverage"), COUNTER: hit}
        for name in (f"{profile}_system", f"{profile}_user"):
            if name in self.template.blocks:
                "".join(self.template.blocks[name](self.template.new_context(values)))

    def of_profile(self, profile: Profile) -> tuple[Branch, ...]:
        """The branches that a profile can take."""
        return tuple(branch for branch in self.branches if branch.block.startswith(profile))

    def missed(self, profile: Profile) -> tuple[Branch, ...]:
        """Of these, the ones that nothing has taken."""
        return tuple(branch for branch in self.of_profile(profile) if not self.hits.get(branch.number))


def _mark(node: nodes.Node, block: str, prompt: Prompt, branches: list[Branch]) -> None:
    """Puts a counter at the head of every body below a node."""
    for child in list(node.iter_child_nodes()):
        _mark(child, block, prompt, branches)
    if isinstance(node, nodes.If):
        _count(node.body, f"if {_words(node.test)}", node.lineno, block, prompt, branches)
        _count(node.else_, "else", node.lineno, block, prompt, branches)
    elif isinstance(node, nodes.For):
        _count(node.body, f"for {_words(node.target)}", node.lineno, block, prompt, branches)
        _count(node.else_, f"none in {_words(node.iter)}", node.lineno, block, prompt, branches)


def _count(body: list[nodes.Node], about: str, line: int, block: str, prompt: Prompt, branches: list[Branch]) -> None:
    number = len(branches)
    branches.append(Branch(number, block, line + prompt.body_line - 1, about))
    call = nodes.Call(nodes.Name(COUNTER, "load"), [nodes.Const(number)], [], None, None)
    body.insert(0, nodes.Output([call]).set_lineno(line))


def _words(node: nodes.Node) -> str:
    """A condition in the words of its author, as far as names go."""
    if isinstance(node, nodes.Name):
        return node.name
    return " ".join(name.name for name in node.find_all(nodes.Name))
