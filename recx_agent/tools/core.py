"""What the tools ask of a recommender; :class:`recx_agent.Recx` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from recx_agent.protocols import FeedbackKind
from recx_agent.schemas import (
    Comparison,
    Explanation,
    FeedbackGiven,
    FeedbackRef,
    Profile,
    Recommendations,
    WhatIf,
)


class Core(Protocol):
    """Answers about one user; the methods are those of :class:`recx_agent.Recx`."""

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        only: Sequence[str] = (),
        allow_cold: bool = False,
    ) -> Recommendations:
        """The best items."""
        ...

    def explain(
        self,
        user_id: str,
        item: str,
        *,
        allow_cold: bool = False,
        language: str | None = None,
    ) -> Explanation:
        """Why this item."""
        ...

    def compare(
        self, user_id: str, item: str, other: str, *, language: str | None = None
    ) -> Comparison:
        """Why this item and not that one."""
        ...

    def what_if(
        self,
        user_id: str,
        *,
        remove: Sequence[str] = (),
        add: Sequence[str] = (),
        mute: Sequence[str] = (),
        exclude: Sequence[str] = (),
        language: str | None = None,
    ) -> WhatIf:
        """The top list before and after a change."""
        ...

    def profile(self, user_id: str, *, language: str | None = None) -> Profile:
        """What is known of the user."""
        ...

    def feedback(
        self, user_id: str, kind: FeedbackKind, what: str | None = None, *, about: str | None = None
    ) -> FeedbackGiven:
        """Keep what the user says."""
        ...

    def undo_feedback(self, user_id: str) -> FeedbackRef:
        """Undo what was said last."""
        ...
