"""`drafter serve`: the HTTP service."""

from __future__ import annotations

import click

from drafter.settings import load_settings


@click.command()
@click.option("--host", help="Address to listen on, instead of DRAFTER_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, instead of DRAFTER_PORT; 0 picks a free one.")
def serve(host: str | None, port: int | None) -> int:
    """Answer over HTTP until stopped."""
    import uvicorn

    from drafter.api.app import create_app

    settings = load_settings()
    uvicorn.run(
        create_app(),
        host=host or settings.host,
        port=settings.port if port is None else port,
        # Its tracebacks may quote a request; our own last handler says what broke.
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=30,
        # Longer than callers and balancers keep theirs: who closes first while the other writes costs a request.
        timeout_keep_alive=75,
    )
    return 0
