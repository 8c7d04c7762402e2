"""The base of all errors."""

from __future__ import annotations

_SHOWN = 80


def quoted(text: str) -> str:
    """Quote what somebody else wrote: without control characters, and not all of it."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


class RecxError(Exception):
    """Base of every error raised on purpose.

    Attributes
    ----------
    exit_code : int
        What the command line exits with.
    """

    exit_code = 1
