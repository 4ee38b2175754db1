"""The embedded model's own process: `python -m drafter.llm.embedded_server`.

Reads one JSON line (`model_path`, `api_key`, `slots`, `slot_tokens`, `threads`) from standard input, serves the model on 127.0.0.1,
writes one JSON line (`base_url`, or `error`) to standard output, and ends when standard input closes: that is, with its parent,
however that one ends. The key comes by the pipe because arguments and variables can be seen by others.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from typing import Any


def serve(config: dict[str, Any]) -> Any:
    """A running server; it lives as long as the value does."""
    llama = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = config["model_path"]
    params.model_alias = {"embedded"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [config["api_key"]]
    params.n_parallel = config["slots"]
    params.n_ctx = config["slots"] * config["slot_tokens"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.cache_ram_mib = 256
    # Fitting would shrink the context where memory is short; a known size or none.
    params.fit_params = False
    params.ui = False
    # Its log lines carry prompts.
    params.verbosity = -1
    return llama.Server(params)


def exit_with_parent() -> None:
    """Ends the process when standard input closes; runs from the start, since loading takes seconds."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Serves until the parent is gone."""
    config = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=exit_with_parent, daemon=True).start()
    try:
        server = serve(config)
    except (ImportError, OSError, RuntimeError, ValueError, TypeError, AttributeError) as exc:
        print(json.dumps({"error": f"{type(exc).__name__}: {exc}"}), flush=True)
        os._exit(1)
    print(json.dumps({"base_url": server.listening_address}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
