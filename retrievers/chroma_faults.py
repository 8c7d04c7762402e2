"""What Chroma and the way to its server can raise, told as two faults of our own.

``StoreDamaged``: what is stored cannot be read or written. ``IndexUnreachable``: the
server does not answer, or not us. The difference is the remedy: the first is for
``recx index``, the second for whoever runs the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from recx_agent.errors import IndexUnreachable

_SHOWN = 200
"""Characters of a stranger's message that are repeated."""


class StoreDamaged(Exception):
    """Chroma cannot read or write; the message says why, the cause is Chroma's own error."""


class CollectionGone(StoreDamaged):
    """There is no such collection."""


class OtherFormat(StoreDamaged):
    """It was written by another version of recx-agent."""


@contextmanager
def told(url: str | None = None, *, opening: bool = False) -> Iterator[None]:
    """Turn whatever Chroma raises into one of the two faults.

    Parameters
    ----------
    url : str, optional
        The server; embedded if not given, and then every fault is ``StoreDamaged``.
    opening : bool
        Whether a server is being spoken to for the first time: what cannot be
        understood then is not Chroma's.

    Raises
    ------
    StoreDamaged, IndexUnreachable
    """
    try:
        yield
    except (StoreDamaged, IndexUnreachable):
        raise
    except Exception as error:
        raise fault_of(error, url, opening=opening) from error
    except BaseException as error:
        # What panics in Chroma's Rust library is no Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise StoreDamaged(_words(error)) from error


def fault_of(
    error: Exception, url: str | None = None, *, opening: bool = False
) -> StoreDamaged | IndexUnreachable:
    """The fault that an error of Chroma, or of the way to it, stands for."""
    from chromadb.errors import NotFoundError

    if url is not None and (problem := _unreachable(error, opening)):
        return IndexUnreachable(url, problem)
    kind = CollectionGone if isinstance(error, NotFoundError) else StoreDamaged
    return kind(_words(error))


def _unreachable(error: Exception, opening: bool) -> str | None:
    """Why the server cannot be used, ``None`` if it can and said what is wrong itself."""
    import httpx
    from chromadb import errors

    refusals = (
        errors.AuthorizationError,
        errors.ChromaAuthError,
        errors.InvalidHTTPVersion,
        errors.QuotaError,
        errors.RateLimitError,
        errors.VersionMismatchError,
    )
    if isinstance(error, refusals):
        return f"it refuses: {_words(error)}"
    if isinstance(error, errors.ChromaError):
        return _words(error) if opening else None
    for link in _chain(error):
        # Chroma hides most of these in an error without a type.
        if isinstance(link, httpx.HTTPStatusError):
            return _status(link.response.status_code, _words(error))
        if isinstance(link, httpx.TimeoutException):
            return f"no answer in time ({type(link).__name__})"
        if isinstance(link, (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)):
            return _words(link)
        if isinstance(link, httpx.CookieConflict):
            return _words(link)
    if opening or _is_no_json(error):
        return f"what answers there is no Chroma server of version 1: {_words(error)}"
    return None


def _status(status: int, words: str) -> str:
    told = {
        401: "it wants another token",
        403: "it wants another token",
        404: "what answers there is no Chroma server of version 1",
        407: "the proxy wants a login",
        413: "it takes less at once; lower retriever.batch_size",
        429: "it has too much to do",
    }
    reason = told.get(status, "it failed" if status >= 500 else "it refuses")
    return f"{reason}; status {status}: {words}"


def _is_no_json(error: Exception) -> bool:
    from json import JSONDecodeError

    return any(isinstance(link, JSONDecodeError) for link in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _words(error: BaseException) -> str:
    words = " ".join(str(error).split()).rstrip(".")
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    return shown or type(error).__name__
