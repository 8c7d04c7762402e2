"""What went wrong with one writer or scorer, without ending the run."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from recx_agent.errors import RecxError

_LONGEST = 300


@dataclass(frozen=True, order=True)
class Fault:
    """One failure.

    Attributes
    ----------
    stage : str
        ``write``, ``score`` or ``group``.
    writer, scorer : str
        Who failed, or at whose texts; ``scorer`` is empty where a writer failed.
    key : str
        The case; empty where it was all of them.
    error : str
        Type, words, and where it was raised.
    """

    stage: str
    writer: str
    scorer: str
    key: str
    error: str


def told(error: Exception) -> str:
    """An error in one line; one that was not raised on purpose with its place."""
    if isinstance(error, RecxError):
        return " ".join(str(error).split())[:_LONGEST]
    text = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    places = traceback.extract_tb(error.__traceback__)
    return f"{text} ({Path(places[-1].filename).name}:{places[-1].lineno})" if places else text
