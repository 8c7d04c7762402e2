"""What the OpenAI client and the HTTP library under it raise, as our own errors."""

from __future__ import annotations

from typing import Any

from recx_agent.errors import (
    LlmError,
    LlmFaulty,
    LlmOverloaded,
    LlmRefused,
    LlmTimeout,
    LlmUnreachable,
)

PACKAGES = frozenset({"openai", "httpx", "httpx2"})
"""Where the errors come from; which HTTP library it is depends on the client's version."""

_SHOWN = 300

# By the name of the class or of the nearest of its bases: both HTTP libraries use the same.
_KINDS: dict[str, type[LlmError]] = {
    # openai
    "APITimeoutError": LlmTimeout,
    "APIConnectionError": LlmUnreachable,
    "APIResponseValidationError": LlmFaulty,
    "APIError": LlmFaulty,
    "LengthFinishReasonError": LlmFaulty,
    "ContentFilterFinishReasonError": LlmRefused,
    "InvalidWebhookSignatureError": LlmRefused,
    "WebSocketConnectionClosedError": LlmUnreachable,
    "WebSocketQueueFullError": LlmOverloaded,
    "OpenAIError": LlmRefused,  # it found fault with what it was given
    # httpx, httpx2
    "ConnectTimeout": LlmUnreachable,
    "TimeoutException": LlmTimeout,
    "UnsupportedProtocol": LlmRefused,
    "LocalProtocolError": LlmRefused,
    "TransportError": LlmUnreachable,
    "DecodingError": LlmFaulty,
    "TooManyRedirects": LlmRefused,
    "HTTPError": LlmFaulty,
    "InvalidURL": LlmRefused,
    "CookieConflict": LlmRefused,
    "StreamError": LlmFaulty,
}

_REMEDY: dict[type[LlmError], str] = {
    LlmUnreachable: "is the model's server running? 'recx llm serve' starts one",
    LlmTimeout: "the server may be busy",
    LlmOverloaded: "lower llm.concurrency if it happens often",
    LlmFaulty: "the server's log may say why",
    LlmRefused: "'recx llm check' tells what the endpoint takes",
}


def kind_of(error: BaseException) -> type[LlmError] | None:
    """Which of our errors a class of the client stands for, by class alone."""
    for base in type(error).__mro__:
        if base.__module__.partition(".")[0] in PACKAGES and base.__name__ in _KINDS:
            return _KINDS[base.__name__]
    return None


def kind_of_status(status: int, code: str | None = None) -> type[LlmError]:
    """Which of our errors an HTTP status stands for.

    Parameters
    ----------
    code : str, optional
        OpenAI's own: a quota that is used up has status 429, and waiting does not help.
    """
    if code == "insufficient_quota":
        return LlmRefused
    if status in (425, 429, 503, 529):
        return LlmOverloaded
    if status in (408, 504):
        return LlmTimeout
    return LlmFaulty if status >= 500 or status == 409 else LlmRefused


def as_llm_error(error: BaseException, where: str, secret: str = "") -> LlmError:
    """Put an error of the client into ours.

    Parameters
    ----------
    where : str
        The endpoint, for the message.
    secret : str
        What the message must not hold, whoever wrote it there: the API key.
    """
    if isinstance(error, LlmError):
        return error
    status = getattr(getattr(error, "response", None), "status_code", None)
    cause = error.__cause__
    if isinstance(status, int) and status >= 300:
        kind = kind_of_status(status, getattr(error, "code", None))
    elif cause is not None and kind_of(cause) and kind_of(error) in (LlmUnreachable, LlmTimeout):
        kind = kind_of(cause) or LlmUnreachable  # the client wraps whatever sending raised
    else:
        kind = kind_of(error) or _of_python(error)
    message = f"{where}: {_told(error, status, secret)}; {_REMEDY[kind]}"
    if kind is LlmOverloaded:
        return LlmOverloaded(message, retry_after(getattr(error, "response", None)))
    return kind(message)


def _of_python(error: BaseException) -> type[LlmError]:
    if isinstance(error, TimeoutError):
        return LlmTimeout
    return LlmUnreachable if isinstance(error, OSError) else LlmFaulty


def _told(error: BaseException, status: Any, secret: str) -> str:
    """What the endpoint or the client said, in one line, of bounded length."""
    words: Any = getattr(error, "body", None)
    if isinstance(words, dict):
        words = words.get("message")
    if not isinstance(words, str) or not words.strip():
        words = str(error.__cause__ or "") or str(error) or type(error).__name__
    if secret:
        words = words.replace(secret, "…")
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    line = line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
    return f"HTTP {status}: {line}" if isinstance(status, int) else line


def retry_after(response: Any) -> float | None:
    """Seconds that the endpoint asks to be left alone for, if it says so in seconds.

    Source: RFC 9110, 10.2.3. A date is passed over, as the two clocks may differ.
    """
    headers = getattr(response, "headers", None) or {}
    for name, unit in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    return None
