"""The caller's mistakes."""

from __future__ import annotations

from collections.abc import Sequence

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
