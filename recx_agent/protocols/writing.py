"""From claims to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from recx_agent.schemas import Evidence, Sentence, Writer


@dataclass(frozen=True)
class Claim:
    """One thing the text may say: what sort of statement, carried by which evidence.

    Kinds and what they assert are listed in :mod:`recx_agent.explainer.claims`.
    """

    kind: str
    evidence: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Everything a writer needs: the claims in order, and the evidence they cite.

    Attributes
    ----------
    item_title : str
        The item explained.
    claims : sequence of Claim
        In the order they are to be told.
    evidence : mapping of str to Evidence
        By id.
    wording : mapping
        What things are called, and the language: see
        :class:`recx_agent.settings.WordingSettings`.
    variant : int
        Chooses the style; equal variants give equal styles.
    """

    item_title: str
    claims: Sequence[Claim]
    evidence: Mapping[str, Evidence]
    wording: Mapping[str, Any]
    variant: int = 0


@dataclass(frozen=True)
class Draft:
    """What a writer made of a plan; ``joint`` stands between two sentences of the language."""

    sentences: tuple[Sentence, ...]
    writer: Writer
    joint: str = " "

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return self.joint.join(sentence.text for sentence in self.sentences)


class ExplanationWriter(Protocol):
    """Turns a plan into sentences that cite their evidence."""

    def write(self, plan: Plan) -> Draft:
        """Write one explanation."""
        ...

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        """One piece of evidence in words, with nothing but its fields."""
        ...
