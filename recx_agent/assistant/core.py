"""What a conversation asks of a recommender; :class:`recx_agent.Recx` has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from recx_agent.datasets import Dataset
from recx_agent.protocols import Plan
from recx_agent.settings import Settings


class OpenVersion(Protocol):
    """The version that answers."""

    @property
    def notes(self) -> Mapping[str, Any]:
        """What was noted when it was fitted: its wording, too."""
        ...


class Core(Protocol):
    """A recommender that answers the tools, and says what may be said."""

    @property
    def settings(self) -> Settings:
        """Those in force."""
        ...

    @property
    def dataset(self) -> Dataset:
        """Its catalogue has the titles that people name."""
        ...

    @property
    def version(self) -> OpenVersion:
        """The version that answers."""
        ...

    def plan(self, user_id: str, item: str, k: int = 10, *, language: str | None = None) -> Plan:
        """What may be said of an item to this user, now."""
        ...
