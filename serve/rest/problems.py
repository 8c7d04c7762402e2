"""Errors as problem details (RFC 9457): one table for every class of ``recx_agent.errors``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from recx_agent import errors
from recx_agent.errors import RecxError

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:recx-agent:problem:"
_MOST = 100

OPERATORS = "the operator finds what is wrong in the log, under the number of this request"


class Place(BaseModel):
    """Something wrong in a request."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(description="such as body.k")
    problem: str


class Candidate(BaseModel):
    """Something that may have been meant; give ``what`` instead."""

    model_config = ConfigDict(extra="forbid")

    what: str
    label: str


class Problem(BaseModel):
    """Why there is no answer (RFC 9457)."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=False)

    type: str = Field(description="a URN of the kind of problem, or about:blank")
    title: str = Field(description="the kind of problem in words; always the same")
    status: int = Field(ge=400, le=599, description="the HTTP status")
    detail: str = Field(description="what is wrong with this request, and what to do")
    instance: str = Field(description="urn:uuid: and the number of the request, as in the log")
    errors: list[Place] | None = Field(None, description="each thing that is wrong in the request")
    closest: list[str] | None = Field(None, description="titles or attributes like the unknown one")
    candidates: list[Candidate] | None = Field(None, description="what may have been meant")
    scope: str | None = Field(None, description="the scope that is missing")


@dataclass(frozen=True)
class Kind:
    """How a class of errors is told.

    Attributes
    ----------
    status : int
    name : str
        Last part of the problem's type.
    title : str
    words : callable or None
        The detail; without it the error is the operator's, and nothing of it is told.
    more : callable
        Further members.
    """

    status: int
    name: str
    title: str
    words: Callable[[Any], str] | None = None
    more: Callable[[Any], dict[str, Any]] = lambda error: {}


def _rows(error: errors.BadRows) -> dict[str, Any]:
    found = error.rows[:_MOST]
    places = [{"where": f"body.events.{r.row}.{r.field}", "problem": r.problem} for r in found]
    return {"errors": places}


def _places(error: errors.UnfitRequest) -> dict[str, Any]:
    return {"errors": [{"where": where, "problem": what} for where, what in error.problems]}


def _candidates(error: errors.UnclearReason) -> dict[str, Any]:
    return {"candidates": [{"what": c.what, "label": c.label} for c in error.candidates]}


def _closest(error: Any) -> dict[str, Any]:
    return {"closest": list(error.closest)}


def _usage(status: int, name: str, title: str, words: Callable[[Any], str] = str) -> Kind:
    return Kind(status, name, title, words)


_BROKEN = Kind(500, "internal", "The service has a fault")
_NOT_NOW = Kind(503, "unavailable", "The service cannot answer now")

TABLE: Mapping[type[RecxError], Kind] = {
    # The caller's mistakes.
    errors.UsageError: _usage(422, "not-possible", "What is asked for cannot be"),
    errors.UnknownUser: Kind(
        404,
        "unknown-user",
        "Nothing is known of the user",
        lambda e: (
            "nothing is known of this "
            "user: add events of his, or ask with allow_cold for what everyone likes"
        ),
    ),
    errors.UnknownItem: Kind(404, "unknown-item", "No such item", str, _closest),
    errors.UnknownAttribute: Kind(404, "unknown-attribute", "No such attribute", str, _closest),
    errors.UnknownFeedback: Kind(
        404,
        "unknown-feedback",
        "Nothing such to undo",
        lambda e: "there is nothing such in force; GET /v1/feedback lists what there is",
    ),
    errors.UnknownAudit: _usage(
        404, "unknown-audit", "No such audit record", lambda e: "there is no record of this id"
    ),
    errors.NotOffered: _usage(409, "not-offered", "The recommender cannot answer that"),
    errors.NoHistory: Kind(
        409,
        "no-history",
        "The user has no history that counts",
        lambda e: "the user has no history that counts, so that there are no terms to compare",
    ),
    errors.NotInHistory: Kind(
        409,
        "not-in-history",
        "The item is no term of the score",
        lambda e: (
            f"{e.title!r} is not among the items of the history that count; GET /v1/profile "
            "lists those"
        ),
    ),
    errors.TurnedDown: Kind(
        409,
        "turned-down",
        "The user does not want the item",
        lambda e: (
            f"the user wants {e.item!r} no more; GET /v1/feedback shows it, and DELETE takes "
            "it back"
        ),
    ),
    errors.Withheld: _usage(409, "withheld", "Nothing is said about this"),
    errors.UnclearReason: Kind(
        409, "unclear-reason", "Several things may be meant", str, _candidates
    ),
    errors.DataError: Kind(422, "bad-data", "The data cannot be used", lambda e: e.problem),
    errors.BadRows: Kind(
        422,
        "bad-rows",
        "Events were refused",
        lambda e: f"{len(e.rows)} of the events cannot be taken, so none was added",
        _rows,
    ),
    # Refused before the core was asked.
    errors.ServingError: _usage(400, "refused", "The request is not answered"),
    errors.NotSignedIn: _usage(401, "not-signed-in", "No credential that holds"),
    errors.Forbidden: Kind(
        403,
        "forbidden",
        "The credential does not allow this",
        str,
        lambda e: {} if e.scope is None else {"scope": e.scope},
    ),
    errors.UnfitRequest: Kind(
        422, "unfit-request", "The request is not what the route takes", str, _places
    ),
    errors.RequestTooLarge: _usage(413, "too-large", "The body is too long"),
    errors.NoJson: _usage(415, "no-json", "The body is not sent as JSON"),
    errors.ReloadFailed: _usage(409, "reload-failed", "The workspace cannot be opened anew"),
    errors.WrongHost: _usage(421, "wrong-host", "Not the name of this server"),
    errors.Overloaded: _usage(503, "busy", "Not now"),
    errors.TooManyRequests: _usage(429, "too-many-requests", "Asked too often"),
    errors.ServerBusy: _usage(503, "busy", "Not now"),
    errors.ServerStopping: _usage(503, "stopping", "Not ready, or shutting down"),
    # The operator's, and may pass or be mended while the service runs.
    errors.WriteLocked: _NOT_NOW,
    errors.WriteFailed: _NOT_NOW,
    errors.WorkspaceEmpty: _NOT_NOW,
    errors.EvidenceIndexError: _NOT_NOW,
    errors.IndexMissing: _NOT_NOW,
    errors.IndexStale: _NOT_NOW,
    errors.IndexUnreachable: _NOT_NOW,
    errors.UserStoreBusy: _NOT_NOW,
    errors.UserStoreFull: _NOT_NOW,
    errors.UserStoreUnreachable: _NOT_NOW,
    errors.ErasureUnfinished: Kind(
        503,
        "erasure-unfinished",
        "Not yet erased everywhere",
        lambda e: (
            "the user is unknown from now on, but not yet erased everywhere; send the same "
            "request again, and it goes on where it stood"
        ),
    ),
    errors.SourceUnavailable: _NOT_NOW,
    errors.LlmError: _NOT_NOW,
    errors.LlmUnreachable: _NOT_NOW,
    errors.LlmTimeout: _NOT_NOW,
    errors.LlmOverloaded: _NOT_NOW,
    errors.LlmFaulty: _NOT_NOW,
    errors.LlmRefused: _NOT_NOW,
    errors.LlmPaused: _NOT_NOW,
    errors.ModelServerFailed: _NOT_NOW,
    # The operator's, and damage.
    RecxError: _BROKEN,
    errors.SettingsError: _BROKEN,
    errors.PromptError: _BROKEN,
    errors.TrainingDiverged: _BROKEN,
    errors.ArtefactError: _BROKEN,
    errors.ArtefactDamaged: _BROKEN,
    errors.ArtefactVersion: _BROKEN,
    errors.IndexDamaged: _BROKEN,
    errors.StoreError: _BROKEN,
    errors.UserStoreError: _BROKEN,
    errors.UserStoreDamaged: _BROKEN,
    errors.UserStoreVersion: _BROKEN,
    errors.KeptStoreError: _BROKEN,
    errors.KeptStoreDamaged: _BROKEN,
    errors.KeptStoreVersion: _BROKEN,
}

RETRY_AFTER = 5
"""Seconds after which one may try again where the error does not say."""


def kind_of(error: BaseException) -> Kind:
    """How an error is told; one of no class of ours is a fault of the service."""
    return TABLE.get(type(error), _BROKEN) if isinstance(error, RecxError) else _BROKEN


def problem_of(error: BaseException, request_id: str, *, to_operator: bool = False) -> Problem:
    """What a client is told of an error.

    Parameters
    ----------
    error : Exception
    request_id : str
    to_operator : bool
        Whether whoever asked has the scope ``operate``: he is told what the log says.
    """
    kind = kind_of(error)
    if kind.words is not None:
        detail = kind.words(error)
    elif to_operator and isinstance(error, RecxError):
        detail = str(error)
    else:
        detail = OPERATORS
    return Problem(
        type=_TYPE + kind.name,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=f"urn:uuid:{request_id}",
        **kind.more(error),
    )


def headers_of(error: BaseException) -> dict[str, str]:
    """Headers that belong to the status."""
    kind = kind_of(error)
    if isinstance(error, errors.Overloaded):
        return {"Retry-After": str(error.retry_after)}
    if kind.status == 503:
        return {"Retry-After": str(RETRY_AFTER)}
    if kind.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="recx-agent"'}
    return {}
