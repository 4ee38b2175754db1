"""`drafter prompts dev`: the author's screen. Each save shows what it did; the next save cuts off what is still being measured."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from drafter.errors import ContentError
from drafter.evals.affected import word_diff
from drafter.evals.desk import Desk, Look
from drafter.evals.report import CaseFigure, Comparison
from drafter.evals.show_text import comparison_lines, why_not

KEYS = "watching: [1-9] open a case  n next one  d word diff  + good  - bad  r run again  q quit"
LEARNT = {"+": "good", "-": "bad"}
SAVED, SHOWN = "saved", "shown"
"""The events of a save: a file has changed; what that did is on the screen."""


@dataclass(slots=True)
class Screen:
    """What the author sees, and what he has opened."""

    desk: Desk
    prompt_id: str
    echo: Callable[[str], None]
    labels: Path
    """Where the author's own verdicts on drafts go."""
    look: Look | None = None
    is_measurable: bool = False
    """The last look affects cases, and lint found nothing in it."""
    opened: int = -1
    measuring: asyncio.Task[None] | None = None
    seen: Mapping[Path, tuple[int, int] | None] = field(default_factory=dict)
    """The files as they were at the last look."""

    def state(self) -> Mapping[Path, tuple[int, int] | None]:
        """When each file that counts was written, and how long it is."""
        prompt = self.look.prompt if self.look is not None else self.desk.before
        own = self.desk.writer.library.root / "prompts" / f"{self.prompt_id}.j2"
        return {path: _stamp(path) for path in {own, *self.desk.files(prompt)}}

    def show(self) -> None:
        """Lint, the rendered difference and what is affected; no model call."""
        self.seen, self.is_measurable = self.state(), False
        try:
            self.desk.refresh()
            look = self.desk.look(self.desk.read(), self.prompt_id)
        except ContentError as exc:
            self.echo(f"cannot be read: {exc}")
            self.look = None
            return
        self.look, self.opened = look, -1
        self.is_measurable = bool(look.affected) and not look.findings
        self.echo("\n".join([f"\n{time.strftime('%H:%M:%S')}  against {self.desk.before.id} in production", *_look_lines(look)]))

    async def measure(self) -> None:
        """The sentinels, each asked once; then all that is affected, as often as the suite wants."""
        look = self.look
        assert look is not None
        if look.sentinels:
            await self._compare(look, f"{len(look.sentinels)} sentinels, asked once", only=look.sentinels, repeats=1)
        await self._compare(look, f"all {len(look.affected)} affected × {self.desk.repeats}")

    async def _compare(self, look: Look, words: str, *, only: frozenset[str] | None = None, repeats: int | None = None) -> None:
        since = time.monotonic()
        result = await self.desk.measure(look, only=only, repeats=repeats)
        assert result is not None
        self.echo("\n".join([f"{words}: {time.monotonic() - since:.1f} s", *_result_lines(self.desk, result)]))

    async def begin(self) -> None:
        """Measures what was looked at last."""
        await self.stop()
        if self.is_measurable:
            self.measuring = asyncio.create_task(self.measure())

    async def stop(self) -> None:
        """Cuts off what is being measured; finished samples are kept."""
        if self.measuring is not None:
            self.measuring.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.measuring
            self.measuring = None

    async def press(self, key: str) -> None:
        """What a key does."""
        if key == SAVED:
            # Judging drafts of what is no longer there would take the look's time.
            await self.stop()
        elif key == SHOWN:
            await self.begin()
        elif key == "r" and self.look is not None:
            await self.stop()
            self.desk.forget(self.look.prompt)
            self.show()
            await self.begin()
        elif key == "d" and self.look is not None:
            self.echo(show_diff(self.look))
        elif key.isdigit() or key == "n":
            self.opened = int(key) - 1 if key.isdigit() else self.opened + 1
            for line in case_lines(self.desk, self.opened):
                self.echo(line)
        elif key in LEARNT:
            self.echo(self._label(LEARNT[key]))

    def _label(self, verdict: str) -> str:
        if self.look is None or self.opened < 0 or not self.desk.losing:
            return "open a case first"
        case = self.desk.losing[self.opened % len(self.desk.losing)]
        return self.desk.label(self.labels, self.look.prompt, case, verdict)


async def watch(desk: Desk, prompt_id: str, *, once: bool, labels: Path, echo: Callable[[str], None] = click.echo) -> int:
    """Looks, measures and shows, now and after each save, until `q`. A wrong file is shown and does not end it."""
    screen = Screen(desk, prompt_id, echo, labels)
    desk.warm_up()
    screen.show()
    if once:
        if screen.is_measurable:
            await screen.measure()
        return 1 if screen.look is None or screen.look.findings else 0
    await screen.begin()
    echo(KEYS)
    try:
        async for event in _events(screen):
            if event == "q":
                break
            await screen.press(event)
            if screen.measuring is not None and screen.measuring.done():
                # What broke while it was measured is said where it can be seen.
                await screen.measuring
    finally:
        await screen.stop()
    return 0


def _look_lines(look: Look) -> Iterator[str]:
    yield from look.lines()
    if look.affected:
        yield show_diff(look)
    if look.findings:
        yield "lint comes first: nothing is asked of a model"
    elif not look.affected:
        yield "nothing is affected: no case can answer differently, nothing was asked"


def show_diff(look: Look, number: int = 0) -> str:
    """The rendered messages of one affected case, word by word."""
    affected = look.affected
    if not affected:
        return "nothing that a model would read has changed"
    change = affected[number % len(affected)]
    pieces = [f"── {change.case.id}\n"]
    for old, new in zip(change.before.messages, change.after.messages, strict=False):
        if old != new:
            pieces += [_colour(mark, text) for mark, text in word_diff(old.content, new.content)]
    if change.before.parameters != change.after.parameters:
        pieces += [_colour(mark, text) for mark, text in word_diff(change.before.parameters, change.after.parameters)]
    return "".join(pieces)


def _colour(mark: str, text: str) -> str:
    """What stayed is cut to its edges."""
    if mark == " ":
        return text if len(text) <= 160 else f"{text[:70]} … {text[-70:]}"
    return click.style(f"[{mark}{text}{mark}]", fg="green" if mark == "+" else "red")


def _result_lines(desk: Desk, result: Comparison) -> Iterator[str]:
    yield from list(comparison_lines(result))[1:]
    for number, case in enumerate(desk.losing[:9], start=1):
        yield f"  [{number}] {case.id}  {case.passes}/{case.repeats}  {why_not(case)}"


def case_lines(desk: Desk, number: int) -> Iterator[str]:
    """One case: the review, what changed in its draft, every score before and now with its reason."""
    if not desk.losing:
        yield "every case passes, and none lost"
        return
    case = desk.losing[number % len(desk.losing)]
    before = next((old for old in desk.base if old.id == case.id), None)
    yield f"── {case.id}  {case.passes}/{case.repeats}\n{case.about}\n"
    old, new = _draft(before), _draft(case)
    yield "".join(_colour(mark, text) if mark != " " else text for mark, text in word_diff(old, new)) if old else new
    sample = case.samples[0]
    for name, value in case.metrics.items():
        was = before.metrics.get(name) if before else None
        reason = sample.notes[name].reason if name in sample.notes else ""
        if name in sample.notes or value != was:
            yield f"  {name:<16} {_figure(was)} → {_figure(value)}  {reason}"
    yield why_not(case)


def _draft(case: CaseFigure | None) -> str:
    """The first draft of a case; where there is none, why."""
    if case is None or not case.samples:
        return ""
    sample = next((s for s in case.samples if not s.passed), case.samples[0])
    return sample.text or sample.detail


def _figure(value: float | None) -> str:
    return "    –" if value is None else f"{value:5.2f}"


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was written, and its length; None when it is not there, as for a moment while an editor replaces it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


async def _events(screen: Screen) -> AsyncIterator[str]:
    """`SAVED` and `SHOWN` for each save, and the keys that are pressed."""
    queue: asyncio.Queue[str] = asyncio.Queue()
    loop, stopped = asyncio.get_running_loop(), threading.Event()

    def follow() -> None:
        for _ in _saves(screen, stopped):
            loop.call_soon_threadsafe(queue.put_nowait, SAVED)
            screen.show()
            loop.call_soon_threadsafe(queue.put_nowait, SHOWN)

    # A thread: the loop's turns are long while many drafts are judged, and the difference must not wait for them.
    following = asyncio.create_task(asyncio.to_thread(follow))
    following.add_done_callback(lambda _: queue.put_nowait("q"))
    try:
        with _keys(queue):
            while True:
                yield await queue.get()
    finally:
        stopped.set()
        await following


def _saves(screen: Screen, stopped: threading.Event) -> Iterator[None]:
    """Once for each time that a file which counts has changed."""
    from watchfiles import watch as watch_files

    root = screen.desk.writer.library.root / "prompts"
    # An editor may replace the file: its folder is watched. What a prompt includes may be another file after each save.
    folders = sorted({path.parent for path in screen.state()} | {root, root / "_parts"})
    # Files are looked at on each event, and now and then: a save that comes before the watch has begun has no event.
    for _ in watch_files(*folders, stop_event=stopped, recursive=False, debounce=50, step=10, rust_timeout=500, yield_on_timeout=True):
        if any(_stamp(path) != stamp for path, stamp in screen.seen.items()):
            yield


@contextlib.contextmanager
def _keys(queue: asyncio.Queue[str]) -> Iterator[None]:
    """Keys go into the queue as they are pressed; the terminal is left as it was. Nothing where nobody types."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before, loop = termios.tcgetattr(sys.stdin), asyncio.get_running_loop()
    tty.setcbreak(sys.stdin)
    # A reader of the loop, not a thread: one that waits for a key would keep the process after `q`.
    loop.add_reader(sys.stdin, lambda: queue.put_nowait(sys.stdin.read(1)))
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
