"""The command line: noun then verb. A command's module is loaded when it is called, so that `--help` stays quick.

Exit codes: 0 done or passed, 1 a gate or check failed, 2 usage, input or content error, 3 could not measure (model or network).

To add a command: write it in a file of its noun's name and name it in `COMMANDS`.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from drafter import __version__

COMMANDS = {
    "draft": ("drafter.cli.draft:draft", "Draft replies to reviews or feedback."),
    "triage": ("drafter.cli.triage:triage", "Say what is wrong, whether it is dangerous, and whether to write at all."),
    "rules": ("drafter.cli.rules:rules", "Check texts against policy; look into the rules."),
    "prompts": ("drafter.cli.prompts:prompts", "Work on prompts."),
    "models": ("drafter.cli.models:models", "Fetch, list or remove the embedded model."),
    "evals": ("drafter.cli.evals:evals", "Measure rules and triage on labelled sets."),
    "serve": ("drafter.cli.serve:serve", "Answer over HTTP."),
    "jobs": ("drafter.cli.jobs:jobs", "Have many drafts made, when there is time."),
    "keys": ("drafter.cli.keys:keys", "Make, list, rotate and revoke API keys."),
    "db": ("drafter.cli.db:db", "Look after the database: upgrade, back up, export, erase."),
    "doctor": ("drafter.cli.doctor:doctor", "Say what works here and what does not."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and first sentences without loading them."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="drafter")
def _root() -> None:
    """Turn negative Amazon reviews into short, personal draft replies that are provably within policy."""


def main(args: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    from drafter.errors import DrafterError, ModelError, StoreError, WeightsError

    try:
        # Not standalone: a command's own return value is its exit code.
        code: Any = _root.main(args=args, prog_name="drafter", standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        code = 2
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        code = 130
    except DrafterError as exc:
        click.echo(f"drafter: {exc}", err=True)
        code = 3 if isinstance(exc, (ModelError, WeightsError, StoreError)) else 2
    except BrokenPipeError:
        # The reader went away (`| head`); nothing more can be said to it.
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
