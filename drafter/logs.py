"""JSON lines to stdout, one canonical line per request, never a customer's text.

Events are past facts (`draft.decided`); fields are ids, counts, hashes, codes and seconds.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class Log:
    """A logger whose message is an event name and whose fields are keyword arguments."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(f"drafter.{name}")

    def info(self, event: str, **fields: Any) -> None:
        """Record a fact."""
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        """Record a fact that somebody may want to look at."""
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        """Record a fact that somebody must look at."""
        self._logger.error(event, extra={"fields": fields})


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            # Only the class: a message or a traceback may quote a customer.
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False, default=str)


def announce(event: str, **fields: Any) -> None:
    """The same line on standard error, for whoever has just started this process and looks there."""
    logger = logging.getLogger("drafter")
    if logger.isEnabledFor(logging.INFO):
        record = logger.makeRecord(logger.name, logging.INFO, "", 0, event, (), None, extra={"fields": fields})
        sys.stderr.write(_JsonLines().format(record) + "\n")
        sys.stderr.flush()


def configure(level: str, *, stream: TextIO | None = None) -> None:
    """Send this package's log lines to `stream` (stdout when None) from `level` upwards."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_JsonLines())
    logger = logging.getLogger("drafter")
    logger.handlers = [handler]
    logger.setLevel(LEVELS[level])
    logger.propagate = False
