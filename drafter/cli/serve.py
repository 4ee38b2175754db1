"""`drafter serve`: the HTTP service."""

from __future__ import annotations

import contextlib
import gc
import math
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from drafter.errors import DrafterError, SettingsError, StoreError
from drafter.settings import load_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from drafter.wiring import Services

FIRST_KEY = """drafter: no API key has been made yet. This is the first one; it is not shown again.

    {key}

    curl -s http://{host}:{port}/v1/drafts -H 'authorization: Bearer {key}' \\
      -H 'content-type: application/json' -d '{{"review": {{"body": "The zipper broke on the second day."}}}}'

More keys: drafter keys create NAME. Without keys, for this machine only: drafter serve --no-auth
"""

SENDING_S = 5
"""After the last draft: for what is still to be stored and sent."""


@click.command()
@click.option("--host", help="Address to listen on, instead of DRAFTER_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, instead of DRAFTER_PORT; 0 picks a free one.")
@click.option("--no-auth", is_flag=True, help="Ask for no API key; only on an address that nobody else can reach.")
def serve(host: str | None, port: int | None, no_auth: bool) -> int:
    """Answer over HTTP until stopped."""
    from drafter.api.app import create_app
    from drafter.api.identity import is_loopback

    settings = load_settings()
    host = host or settings.host
    port = settings.port if port is None else port
    auth = "none" if no_auth else settings.auth
    if auth == "none" and not is_loopback(host):
        message = f"no API keys are needed only where nobody else can call, and {host} is not such an address; listen on 127.0.0.1"
        raise SettingsError("--no-auth" if no_auth else "DRAFTER_AUTH", message)

    failed: list[DrafterError] = []

    @asynccontextmanager
    async def services() -> AsyncIterator[Services]:
        from drafter.wiring import build

        try:
            async with build({"auth": auth}, waits_for_model=False) as built:
                if auth == "keys":
                    await _show_first_key(built, host, port)
                built.read_content()
                # One before anybody asks, the others beside the first requests: to keep those waiting for eight would be worse.
                built.warm_up(["en"])
                others = built.templates.books.keys() - {"en"}
                threading.Thread(target=_settle, args=(built, sorted(others)), name="drafter-warm-up", daemon=True).start()
                yield built
        except DrafterError as exc:
            failed.append(exc)
            raise

    has_served = _run(create_app(services), host, port, finish_s=settings.effective_deadline_s)
    if failed:
        raise failed[0]
    if not has_served:
        raise SettingsError("DRAFTER_PORT", f"{host}:{port} cannot be listened on; is another service there?")
    return 0


def _settle(services: Services, languages: Sequence[str]) -> None:
    """Reads and loads what is still missing, and hides it from the garbage collector.

    It all stays for good: half a million objects, and looking over them held every request up for a third of a second, again and again.
    """
    try:
        services.warm_up(languages)
        services.models.wait_until_loaded()
    finally:
        gc.collect()
        gc.freeze()


async def _show_first_key(services: Services, host: str, port: int) -> None:
    """Makes and shows a key when there has never been one; a store that is away is said, and the service starts all the same."""
    from drafter.api.identity import is_loopback
    from drafter.domain import LOCAL_ACCOUNT
    from drafter.store.keys import Scope

    try:
        if await services.store.keys.is_empty():
            new = await services.store.keys.create("first key", account_id=LOCAL_ACCOUNT, scopes=frozenset(Scope))
            shown = host if is_loopback(host) else "localhost"
            click.echo(FIRST_KEY.format(key=new.text, host=shown, port=port), err=True)
    except StoreError as exc:
        click.echo(f"drafter: {exc}; nobody can be let in until it can be reached", err=True)


def _announce(host: str, port: int) -> None:
    """Says where the service can be called, and where it is described."""
    from drafter.api.identity import is_loopback
    from drafter.logs import announce

    near = host if is_loopback(host) else "localhost"
    listening, docs = (f"http://{f'[{name}]' if ':' in name else name}:{port}" for name in (host, near))
    announce("service.started", address=listening, docs=f"{docs}/docs")


def _run(app: FastAPI, host: str, port: int, *, finish_s: float) -> bool:
    """False when it could not start. Told to stop, it answers all that it has taken within `finish_s`, with templates where it must."""
    import uvicorn

    class Server(uvicorn.Server):
        """Says that it is stopping before it does, so that balancers send nothing new."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.is_stopping = True
            super().handle_exit(sig, frame)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(host, self.servers[0].sockets[0].getsockname()[1])

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            services: Services = app.state.services
            services.pipeline.last_call.ring(time.monotonic() + finish_s)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        # Its tracebacks may quote a request; our own last handler says what broke.
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(finish_s) + SENDING_S,
        # Longer than callers and balancers keep theirs: who closes first while the other writes costs a request.
        timeout_keep_alive=75,
    )
    server = Server(config)
    # It leaves the process when it cannot listen; why, is for the caller to say.
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run()
    return server.started
