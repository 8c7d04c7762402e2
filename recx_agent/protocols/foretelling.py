"""Whether a history foretells itself, as far as other users can tell."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from recx_agent.datasets import History


class Foretold(NamedTuple):
    """What a witness makes of one history.

    Attributes
    ----------
    likelihood : float
        How likely it is that the history foretells itself, between 0 and 1; with nothing to
        judge it by, the share of all users whose history does.
    likes : int
        Positive items of the history that were judged by the others.
    """

    likelihood: float
    likes: int


class Witnesses(Protocol):
    """Judges histories by models that have not seen their users."""

    def foretold(self, user_id: str, history: History) -> Foretold:
        """How likely it is that a history foretells itself.

        Parameters
        ----------
        user_id : str
            External id: it says which model has not seen the user.
        history : History
            Of now; items that are low rated or new since the fit are not judged.
        """
        ...
