"""Which errors a model is told, in which words, and which are raised to the operator.

Told is what another call, or the user, can mend; paths, commands and user ids are never told.
Raised is what is wrong with the set-up: no assistant should talk around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from recx_agent import errors
from recx_agent.errors import RecxError
from recx_agent.tools.answers import named, shown


def _closest(names: Iterable[str]) -> str:
    listed = ", ".join(repr(shown(name)) for name in names)
    return f"; the closest are {listed}. Name the one that is meant." if listed else "."


def _unclear(error: errors.UnclearReason) -> str:
    about = repr(shown(error.about))
    if not error.candidates:
        return f"No item and no attribute is told as the reason of {about}, so none was muted."
    listed = ", ".join(
        shown(c.label) if c.what == c.label else named(c.label, c.what) for c in error.candidates
    )
    return (
        f"{about} can mean several things and nothing was changed; ask the user which, and give "
        f"it as 'what': {listed}."
    )


TOLD: Mapping[type[RecxError], Callable[[Any], str]] = {
    errors.UnknownItem: lambda e: f"No item is called {shown(e.item)!r}{_closest(e.closest)}",
    errors.UnknownAttribute: lambda e: (
        f"No item has the attribute {shown(e.attribute)!r}{_closest(e.closest)}"
    ),
    errors.UnclearReason: _unclear,
    errors.UnknownFeedback: lambda e: "There is nothing to take back.",
    errors.UnknownUser: lambda e: "Nothing is known of this user yet.",
    errors.NoHistory: lambda e: "The user has no history that counts, so nothing can be compared.",
    errors.NotInHistory: lambda e: (
        f"{shown(e.title)!r} is not in the part of the user's history that counts."
    ),
    errors.TurnedDown: lambda e: (
        f"The user does not want {shown(e.item)!r} any more, so nothing is said about it."
    ),
    errors.NotOffered: lambda e: f"This recommender does not offer {shown(e.what)}.",
    errors.Withheld: lambda e: f"Nothing may be said about {shown(e.what)!r}.",
    errors.UsageError: lambda e: f"That is not possible: {e}.",
    errors.UserStoreBusy: lambda e: (
        "The store is busy and nothing was changed; it may work in a moment."
    ),
}
"""Words for an error of exactly this class."""

RAISED: frozenset[type[RecxError]] = frozenset(
    {
        RecxError,
        errors.ArtefactDamaged,
        errors.ArtefactError,
        errors.ArtefactVersion,
        errors.BadRows,
        errors.DataError,
        errors.ErasureUnfinished,
        errors.EvidenceIndexError,
        errors.Forbidden,
        errors.IndexDamaged,
        errors.IndexMissing,
        errors.IndexStale,
        errors.IndexUnreachable,
        errors.KeptStoreDamaged,
        errors.KeptStoreError,
        errors.KeptStoreVersion,
        errors.LlmError,
        errors.LlmFaulty,
        errors.LlmOverloaded,
        errors.LlmPaused,
        errors.LlmRefused,
        errors.LlmTimeout,
        errors.LlmUnreachable,
        errors.ModelServerFailed,
        errors.NoJson,
        errors.NotSignedIn,
        errors.Overloaded,
        errors.PromptError,
        errors.ReloadFailed,
        errors.RequestTooLarge,
        errors.ServerBusy,
        errors.ServerStopping,
        errors.ServingError,
        errors.SettingsError,
        errors.SourceUnavailable,
        errors.StoreError,
        errors.TooManyRequests,
        errors.TrainingDiverged,
        errors.UnfitRequest,
        errors.UnknownAudit,
        errors.UserStoreDamaged,
        errors.UserStoreError,
        errors.UserStoreFull,
        errors.UserStoreUnreachable,
        errors.UserStoreVersion,
        errors.WorkspaceEmpty,
        errors.WriteFailed,
        errors.WriteLocked,
        errors.WrongHost,
    }
)
"""What goes to the operator; so does any class that is not decided."""


def told(error: RecxError) -> str | None:
    """A sentence for the model, or ``None`` if the error is to be raised."""
    words = TOLD.get(type(error))
    return None if words is None else words(error)
