"""`drafter models`: the embedded model's file, and which models are configured."""

from __future__ import annotations

import click

from drafter.cli.jsonl import write_json
from drafter.cli.progress import Progress
from drafter.llm.weights import SPEC, Weights
from drafter.settings import load_settings

LICENCE = "Apache-2.0"
MAKER = "Qwen2.5-Coder-1.5B-Instruct by Alibaba Cloud, quantised to Q4_K_M by its makers"


@click.group()
def models() -> None:
    """Fetch, list or remove the embedded model."""


def _weights() -> Weights:
    settings = load_settings()
    return Weights(settings.cache_dir, settings.model_path)


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def list_models(as_json: bool) -> None:
    """Show the models that are configured, and where the embedded one's file is."""
    weights = _weights()
    configured = load_settings().model_names
    names = dict.fromkeys(("embedded", *configured))
    rows = [{"name": name, "is_configured": name in configured} for name in names]
    rows[0] |= {
        "is_present": weights.is_present,
        "path": str(weights.path),
        "size_bytes": SPEC.size_bytes,
        "sha256": SPEC.sha256,
        "licence": LICENCE,
        "made_of": MAKER,
    }
    if as_json:
        write_json(rows)
        return
    for row in rows:
        click.echo(f"{'*' if row['is_configured'] else ' '} {row['name']}")
    click.echo(f"\nembedded: {MAKER} ({LICENCE}), {SPEC.size_bytes / 1e9:.2f} GB")
    click.echo(f"{weights.path}: {'there' if weights.is_present else 'not there; run: drafter models pull'}")
    if not configured:
        click.echo("No model is configured: templates answer.")


@models.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def pull(as_json: bool) -> None:
    """Fetch the embedded model's file, or verify the one that is there. An interrupted fetch goes on where it stopped."""
    weights = _weights()
    was_present = weights.is_present
    progress = Progress()
    label = "verifying" if was_present else "fetching"
    if was_present:
        weights.verify(progress=lambda done, total: progress(label, done, total))
    path = weights.ensure(progress=lambda done, total: progress(label, done, total))
    if as_json:
        write_json({"path": str(path), "size_bytes": SPEC.size_bytes, "sha256": SPEC.sha256, "was_present": was_present})
    else:
        click.echo(f"{path}: {'verified' if was_present else 'fetched and verified'}")


@models.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def remove(as_json: bool) -> None:
    """Remove the embedded model's file from the cache. A file named by DRAFTER_MODEL_PATH is left alone."""
    weights = _weights()
    freed = weights.remove()
    if as_json:
        write_json({"path": str(weights.folder / SPEC.file_name), "freed_bytes": freed})
    else:
        click.echo(f"{freed / 1e9:.2f} GB freed in {weights.folder}")
