"""Who asks, and what he may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from recx_agent.errors import Forbidden, SettingsError

Scope = Literal["recommend", "feedback", "own-data", "users", "operate", "audit"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What can be allowed.

``recommend``: recommendations, explanations, comparisons, what-ifs, the profile, tools, chat;
``feedback``: feedback and events; ``own-data``: export and erasure of the user himself;
``users``: export and erasure of any user; ``operate``: metrics and reload; ``audit``: prompts
and rejected texts.
"""
USER_SCOPES: tuple[Scope, ...] = ("recommend", "feedback", "own-data")
"""Those that are about the user himself."""


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


def known_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes as the operator gave them.

    Raises
    ------
    SettingsError
        There are none, or there is no such scope.
    """
    given = frozenset(scopes)
    wrong = sorted(given - frozenset(SCOPES))
    if wrong or not given:
        said = f"there is no scope {wrong[0]!r}" if wrong else "no scope is given"
        raise SettingsError(f"{said}; there are {', '.join(SCOPES)}")
    return given
