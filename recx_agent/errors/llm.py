"""The endpoint of a language model. The writer answers with templates and notes the fault."""

from __future__ import annotations

from typing import ClassVar

from recx_agent.errors.base import RecxError


class LlmError(RecxError):
    """A chat endpoint did not give a usable answer.

    Attributes
    ----------
    fault : str
        One word for records and measures.
    passing : bool
        Whether the same request may succeed a moment later.
    """

    fault: ClassVar[str] = "error"
    passing: ClassVar[bool] = False


class LlmUnreachable(LlmError):
    """Nothing answers at the address, or the connection broke."""

    fault = "unreachable"
    passing = True


class LlmTimeout(LlmError):
    """There was no answer in time."""

    fault = "timeout"
    passing = True


class LlmOverloaded(LlmError):
    """The endpoint asks to be left alone for a while (HTTP 429 or 503).

    Attributes
    ----------
    retry_after : float or None
        Seconds, if the endpoint says.
    """

    fault = "overloaded"
    passing = True

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LlmFaulty(LlmError):
    """The endpoint failed inside (HTTP 5xx), or what it sent cannot be read."""

    fault = "faulty"
    passing = True


class LlmRefused(LlmError):
    """The endpoint will not take the request: key, model name, length, a parameter."""

    fault = "refused"


class LlmPaused(LlmError):
    """Too many faults in a row: the endpoint is not asked for some seconds."""

    fault = "paused"


PASSING_FAULTS = frozenset(
    kind.fault for kind in (LlmUnreachable, LlmTimeout, LlmOverloaded, LlmFaulty, LlmPaused)
)
"""Faults, as explanations tell them, after which the same text may be had a while later."""


class ModelServerFailed(RecxError):
    """The server of a language model did not start, or ended by itself.

    Attributes
    ----------
    log : str
        The end of what it wrote.
    """

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(f"{message}\n{log}" if log else message)
        self.log = log
