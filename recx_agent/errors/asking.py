"""The caller's mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recx_agent.errors.base import RecxError, quoted


class UsageError(RecxError):
    """The caller asked for something that cannot be; nothing was changed."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting, column mapping or command-line value is not usable."""


class UnknownUser(UsageError):
    """The user is not in the fitted data.

    Parameters
    ----------
    user_id : str
        The id asked for.
    """

    exit_code = 3

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(
            f"user {quoted(user_id)} is not in this workspace; check the id, give a history, "
            "or allow popularity for strangers with --allow-cold (allow_cold=True)"
        )


class UnknownItem(UsageError):
    """The item is not in the catalogue.

    Parameters
    ----------
    item : str
        Id or title asked for.
    closest : sequence of str
        Titles that resemble it, best first.
    """

    def __init__(self, item: str, closest: Sequence[str] = ()) -> None:
        self.item = item
        self.closest = tuple(closest)
        hint = f"; did you mean {', '.join(repr(t) for t in self.closest)}?" if closest else ""
        super().__init__(
            f"item {quoted(item)} is not in the catalogue, neither as id nor as title{hint}"
        )


class UnknownAttribute(UsageError):
    """The attribute value is not in the catalogue.

    Parameters
    ----------
    attribute : str
        What was asked for, ``name=value`` or ``value``.
    closest : sequence of str
        Existing ``name=value`` strings that resemble it.
    """

    def __init__(self, attribute: str, closest: Sequence[str] = ()) -> None:
        self.attribute = attribute
        self.closest = tuple(closest)
        hint = f"; did you mean {', '.join(repr(t) for t in self.closest)}?" if closest else ""
        super().__init__(
            f"no item has the attribute {quoted(attribute)}; write it as name=value{hint}"
        )


class NoHistory(UsageError):
    """The user has no history that counts, so that there are no terms to compare.

    Parameters
    ----------
    user_id : str
    """

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(
            f"user {user_id!r} has no history that counts: there are no terms to compare; "
            "give a history"
        )


class NotInHistory(UsageError):
    """The item is no term of the user's score.

    Parameters
    ----------
    title : str
    user_id : str
    """

    def __init__(self, title: str, user_id: str) -> None:
        self.title = title
        self.user_id = user_id
        super().__init__(
            f"{title!r} is no term of user {user_id!r}'s score: it is not among the "
            "history items that count; see 'recx profile'"
        )


class TurnedDown(UsageError):
    """The user has disliked or excluded the item himself.

    Parameters
    ----------
    item : str
        As the caller wrote it.
    """

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(
            f"the user wants {item!r} no more: 'recx feedback list' shows it, and "
            "'recx feedback undo' takes it back"
        )


class NotOffered(UsageError):
    """The model in use does not offer this view or what-if.

    Parameters
    ----------
    what : str
        The view or question, such as ``"the attribute view"``.
    model : str
        The model's kind.
    """

    def __init__(self, what: str, model: str) -> None:
        self.what = what
        self.model = model
        super().__init__(f"the model {model!r} does not offer {what}")


class Withheld(UsageError):
    """Nothing is said about this: a privacy rule covers it, or the user has hidden it.

    The message repeats what the caller wrote and adds nothing to it.

    Parameters
    ----------
    what : str
        What was asked for, as the caller wrote it.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"nothing is said about {what!r}: a privacy rule covers it, or the user has hidden it"
        )


@dataclass(frozen=True)
class ReasonCandidate:
    """Something that may have been meant.

    Attributes
    ----------
    what : str
        To be given instead: an item's id, or an attribute as ``name=value``.
    label : str
        What it is called: a title, or the attribute again.
    """

    what: str
    label: str


class UnclearReason(UsageError):
    """Several things may be meant by "not because of that"; ask which, nothing was changed.

    Parameters
    ----------
    about : str
        What was said, as the caller wrote it.
    candidates : sequence of ReasonCandidate
        What it may mean; empty if nothing it could mean is told as a reason.
    """

    def __init__(self, about: str, candidates: Sequence[ReasonCandidate]) -> None:
        self.about = about
        self.candidates = tuple(candidates)
        named = ", ".join(
            c.label if c.what == c.label else f"{c.label!r} ({c.what})" for c in self.candidates
        )
        super().__init__(
            f"{quoted(about)} can mean several things; say which of them: {named}"
            if named
            else f"no item of the history and no attribute is told as the reason of {quoted(about)}"
        )


class UnknownFeedback(UsageError):
    """The user has given no such feedback, or it is undone already.

    Parameters
    ----------
    feedback_id : str or None
        What was asked for; ``None`` for the last one.
    """

    def __init__(self, feedback_id: str | None) -> None:
        self.feedback_id = feedback_id
        said = "anything that could be undone" if feedback_id is None else quoted(feedback_id)
        super().__init__(
            f"the user's feedback and added events do not have {said}; "
            "'recx feedback list' and 'recx events list' show what there is"
        )
