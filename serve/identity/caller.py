"""Who asks, and what he may."""

from __future__ import annotations

from dataclasses import dataclass, field

from recx_agent.api_keys import Scope
from recx_agent.errors import Forbidden

USER_SCOPES: tuple[Scope, ...] = ("recommend", "feedback", "own-data")
"""Those of :data:`~recx_agent.api_keys.SCOPES` that are about the user himself."""


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as it is proved.

    Attributes
    ----------
    user_id : str or None
        Subject of a verified token, or whom the operator named; nobody for a program's key.
    scopes : frozenset of str
    key_id : str
        For limits and logs: the id of an API key, or a pseudonym of the user; never a secret.
    """

    user_id: str | None = field(repr=False)
    scopes: frozenset[str]
    key_id: str

    def require(self, scope: Scope) -> None:
        """Return if the scope is there.

        Raises
        ------
        Forbidden
            It is not.
        """
        if scope not in self.scopes:
            raise Forbidden(
                f"the credential does not have the scope {scope!r}; ask the operator for one "
                "that has it",
                scope,
            )

    def user(self) -> str:
        """The user it is about.

        Raises
        ------
        Forbidden
            The credential is a program's and stands for no user.
        """
        if self.user_id is None:
            raise Forbidden(
                "the credential stands for no user; send a user's token as 'Authorization: Bearer'"
            )
        return self.user_id
