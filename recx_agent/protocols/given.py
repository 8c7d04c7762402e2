"""Explaining from passages that somebody gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from recx_agent.protocols.writing import Message
from recx_agent.schemas import Passage, Sentence


@dataclass(frozen=True)
class GivenCase:
    """An item and the passages that are known of it and of a user."""

    item_title: str
    passages: tuple[Passage, ...]
    language: str = "en"


class GivenWords(Protocol):
    """Words requests and template sentences about passages."""

    @property
    def version(self) -> str:
        """Version and digest of the templates."""
        ...

    def joint(self, language: str) -> str:
        """What stands between two sentences."""
        ...

    def request(self, case: GivenCase) -> tuple[Message, ...]:
        """Ask for an explanation."""
        ...

    def repair(self, case: GivenCase, draft: str, failed: Sequence[str]) -> tuple[Message, ...]:
        """Ask for other sentences in the place of the failed ones, each with what is wrong."""
        ...

    def about(self, case: GivenCase, quote: str, passage: Passage) -> Sentence:
        """Quote a passage."""
        ...

    def both(self, case: GivenCase, common: Sequence[str], cited: Sequence[str]) -> Sentence:
        """Say what both sorts of passages mention, and that the item may suit for it."""
        ...

    def nothing(self, case: GivenCase, cited: Sequence[str]) -> Sentence:
        """Say that there is no reason to tell."""
        ...
