"""One case: what every writer is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from recx_agent.evals.samples import Piece
from recx_agent.protocols import GivenCase, Plan


@dataclass(frozen=True)
class Case:
    """A user, an item, and the evidence there is.

    Attributes
    ----------
    key : str
        Of this case alone, and the same in every run on the same data.
    user_id, item_id, title, language : str
    evidence : tuple of Piece
    material : Plan or GivenCase or None
        What our own writers are handed; ``None`` for a case that they cannot write.
    reference : str or None
    texts : mapping of str to str
        Texts of other systems that come with the case, by name.
    extra : mapping
        Goes into every sample's ``extra``.
    variant : str
        What is different about this case, such as ``reorder`` or ``held_out``; empty for an
        ordinary one. Ordinary scorers judge ordinary cases alone.
    base_key : str
        Key of the case that this is a variant of; empty where there is none.
    anew : bool
        Whether a text made beforehand is no text of this case: what is given was changed, or
        it is asked for once more.
    took : mapping of str to float
        What it cost to find the evidence; goes into every sample's ``took``.
    """

    key: str
    user_id: str
    item_id: str
    title: str
    language: str
    evidence: tuple[Piece, ...] = ()
    material: Plan | GivenCase | None = None
    reference: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""
    base_key: str = ""
    anew: bool = False
    took: Mapping[str, float] = field(default_factory=dict)

    @property
    def told(self) -> Sequence[Piece]:
        """The evidence that a reason rests on, where somebody planned it; else all of it."""
        if not isinstance(self.material, Plan):
            return self.evidence
        told = {id for claim in self.material.claims for id in claim.evidence}
        return [piece for piece in self.evidence if piece.id in told]

    @cached_property
    def digest(self) -> str:
        """Of all that a writer may look at: equal cases need to be written once."""
        plan = self.material if isinstance(self.material, Plan) else None
        asked = [plan.key, plan.variant, dict(plan.wording), plan.min_share] if plan else []
        content = [
            self.key,
            self.title,
            self.language,
            asked,
            [[piece.id, piece.kind, piece.text] for piece in self.evidence],
            dict(self.texts),
        ]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]
