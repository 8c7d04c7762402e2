"""The one object a program needs: recommend, explain, what if, profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recx_agent.errors import UsageError
from recx_agent.factory import check_index, make_tools
from recx_agent.recx.asking import Asking
from recx_agent.recx.deciding import Deciding
from recx_agent.recx.explaining import Explaining
from recx_agent.recx.opened import checked

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.tools import BaseTool

__all__ = ["Recx"]


class Recx(Explaining, Asking, Deciding):
    """A workspace that answers.

    Use :meth:`open`. Items are given by id or by title, attributes as ``name=value``
    or, where unique, by value. These parameters mean the same in every method:

    ``exclude``
        Items or attributes that may not come.
    ``history``
        Items of a history to use instead of the stored one, newest first; the user may be a
        stranger then.
    ``allow_cold``
        Give a stranger what everyone likes instead of raising ``UnknownUser``.
    ``context``
        What is known of the moment, such as ``{"device": "tv"}``: names and values that the
        model has terms for.
    ``language``
        ``"en"`` or ``"zh"``; that of the settings if not given.
    ``deadline_ms``
        As long a language model may take, then templates answer; ``llm.deadline_ms`` if not
        given.

    What a privacy rule covers, and what the user has hidden, is never named; asked for it,
    every method raises :class:`~recx_agent.errors.Withheld`.

    Parameters
    ----------
    workspace : Workspace
    version : Version
        The version of data and model that answers.
    settings : Settings
    facts : CurrentFacts, optional
        Asked for facts that change, in the place of the hook of the settings.
    """

    def as_retriever(self, user_id: str, k: int = 10, language: str | None = None) -> BaseRetriever:
        """A LangChain retriever of what the user did and wrote; needs a text embedder.

        Only this user's events are searched, and what may not be told is left out.
        """
        return self._explainers.own_events(self._people, user_id, checked(k), language)

    def as_tools(
        self,
        user_id: str | None = None,
        *,
        language: str | None = None,
        allow_cold: bool = False,
        return_direct: bool = False,
    ) -> list[BaseTool]:
        """LangChain tools for an assistant that talks with this user: ``docs/tools.md``.

        Parameters
        ----------
        user_id : str, optional
            Without it each call's ``config["configurable"]["__recx_user_id"]`` says who it is.
        language : str, optional
            Of the verified texts.
        allow_cold : bool
            Suggest to a stranger what everyone likes.
        return_direct : bool
            An answer that is verified text ends the agent's turn.
        """
        return make_tools(
            self,
            user_id,
            language=language,
            allow_cold=allow_cold,
            return_direct=return_direct,
        )

    def warm_up(self) -> None:
        """Open and load what the first answer needs, so that it is as fast as the next ones.

        Raises
        ------
        IndexMissing, IndexStale, EvidenceIndexError
        """
        self.check_index()
        for user_id in self.dataset.users.ids[:1]:
            try:
                self.plans(user_id, 1)
            except UsageError:
                pass  # erased, or all of it is not to be told: then less is loaded

    def check_index(self) -> str:
        """Say what the evidence index holds, or raise what is wrong with it."""
        return check_index(self.workspace.evidence, self.dataset, self._fitted, self.settings)
