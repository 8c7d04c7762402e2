"""Requests to one of our servers, refused before the core was asked."""

from __future__ import annotations

from recx_agent.errors.base import RecxError


class ServingError(RecxError):
    """A server will not answer this request.

    The message is for whoever asked: it has no token, key or user id in it.
    """


class NotSignedIn(ServingError):
    """No credential came, or one that does not hold."""


class Forbidden(ServingError):
    """The credential holds, but does not allow this.

    Attributes
    ----------
    scope : str or None
        The scope that is missing, if that is the reason.
    """

    def __init__(self, message: str, scope: str | None = None) -> None:
        self.scope = scope
        super().__init__(message)


class UnfitRequest(ServingError):
    """The body is no JSON, or its fields are not those of the route.

    Attributes
    ----------
    problems : tuple of (str, str)
        Where in the request, such as ``body.k``, and what is wrong there.
    """

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{where}: {what}" for where, what in problems))


class RequestTooLarge(ServingError):
    """The body is longer than is taken.

    Attributes
    ----------
    limit : int
        Bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the body is longer than {limit:,} bytes; send less at once")


class NoJson(ServingError):
    """The body is not sent as JSON."""

    def __init__(self, sent: str) -> None:
        what = "without a content type" if not sent else f"as {sent[:80]!r}"
        super().__init__(f"the body is sent {what}; send it as application/json")


class ReloadFailed(ServingError):
    """The workspace cannot be opened anew; what answered before goes on.

    Attributes
    ----------
    version : str or None
        The version that goes on.
    reason : Exception
    """

    def __init__(self, version: str | None, reason: Exception) -> None:
        self.version = version
        self.reason = reason
        super().__init__(f"{reason}; version {version} goes on")


class WrongHost(ServingError):
    """The request names a host that this server is not called by."""


class Overloaded(ServingError):
    """Not now; the same request may be answered later.

    Attributes
    ----------
    retry_after : int
        Seconds, at least 1.
    """

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        self.retry_after = max(1, -int(-retry_after // 1))
        super().__init__(message)


class TooManyRequests(Overloaded):
    """The caller has asked more often than is allowed."""


class ServerBusy(Overloaded):
    """As much is being answered as can be, and as much waits as may."""


class ServerStopping(Overloaded):
    """The server is shutting down, or is not ready yet."""
