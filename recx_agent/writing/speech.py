"""What texts of one language and domain are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from recx_agent.grounding import Reading
from recx_agent.protocols import ExplanationWriter, Plan, Slot, Task


class Judge(Protocol):
    """Reads a draft and says what in it is not carried by evidence."""

    def read(
        self, text: str, plan: Plan, slots: Mapping[str, Slot], *, finish_reason: str = "stop"
    ) -> Reading:
        """Judge every sentence; see :class:`recx_agent.grounding.Verifier`."""
        ...

    def split(self, text: str, slots: Mapping[str, Slot]) -> tuple[str, ...]:
        """The sentences of a text, unjudged."""
        ...


class Templates(ExplanationWriter, Protocol):
    """The template writer."""

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles: variant ``v`` is written in ``styles[v % len(styles)]``."""
        ...


@dataclass(frozen=True)
class Speech:
    """One language and domain.

    Attributes
    ----------
    judge : Judge
    grammar : callable
        The grammar for a set of placeholders.
    caution : str
        The sentence that ends every text of the domain; empty for most.
    version : str
        Digest of everything that decides what passes: a kept text of another one is not used.
    """

    judge: Judge
    grammar: Callable[[Mapping[str, Slot]], str]
    caution: str = ""
    version: str = ""


class SpeechOf(Protocol):
    """Finds the speech of a wording for a task."""

    def __call__(self, wording: Mapping[str, Any], task: Task = "explain", /) -> Speech:
        """Find it."""
        ...
