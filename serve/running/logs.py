"""Lines of JSON without personal data: no user id, no title, no body, no address."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from recx_agent.errors import RecxError

LOGGER = "recx_agent.serve"
_log = logging.getLogger(LOGGER)


def event(name: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log that something came about; ``fields`` are numbers and words of ours."""
    _log.log(level, name, extra={"recx_fields": fields})


def fault(name: str, error: BaseException, **fields: Any) -> None:
    """Log an error of the operator's, or a bug.

    Of an error of recx-agent the message is told unless it is the caller's mistake, which may
    repeat what was sent; of any other one the places in the code alone.
    """
    operators = isinstance(error, RecxError) and error.exit_code not in (2, 3)
    event(
        name,
        level=logging.ERROR,
        error=type(error).__name__,
        **({"message": str(error)} if operators else {"at": places(error)}),
        **fields,
    )


def places(error: BaseException) -> list[str]:
    """Where it was raised, innermost last, without any message: that may have anything in it."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


class JsonLines(logging.Formatter):
    """One JSON object a line. Of other libraries' records the text is kept, not the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, "recx_fields", None)
        if fields is not None:
            told |= {"event": record.getMessage(), **fields}
        else:
            told |= {"logger": record.name, "message": record.getMessage()}
            if record.exc_info and record.exc_info[1] is not None:
                error = record.exc_info[1]
                told |= {"error": type(error).__name__, "at": places(error)}
        return json.dumps(told, ensure_ascii=False, default=str)


def log_json(level: int = logging.INFO) -> None:
    """Have the process log lines of JSON to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in ("recx_agent", "uvicorn"):
        logging.getLogger(name).setLevel(level)
