"""Numbers in words: a plan of another task than an explanation, handed to the writer."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from recx_agent.datasets import Dataset
from recx_agent.evidence import EventsByItem, Pieces
from recx_agent.explainer.claims import REASONS
from recx_agent.explainer.person import Person
from recx_agent.protocols import (
    AdditiveModel,
    Claim,
    ExplanationWriter,
    Plan,
    Task,
    audit_id,
)
from recx_agent.schemas import Evidence, EvidenceKind, Told, Verdict
from recx_agent.sensitive import Sensitive
from recx_agent.settings import EvidenceSettings, WordingSettings
from recx_agent.watching import count, stage


@dataclass(frozen=True)
class Script:
    """What may be told for a task: claims in order, and the evidence they cite.

    ``totals`` are Σ|differences| of the views of a comparison, empty otherwise.
    """

    task: Task
    claims: Sequence[Claim]
    evidence: Sequence[Evidence]
    totals: Mapping[str, float]


@dataclass(frozen=True)
class Teller:
    """Has scripts written, in one language.

    Parameters
    ----------
    model : AdditiveModel
    dataset : Dataset
    writer : ExplanationWriter
    settings : EvidenceSettings
    wording : WordingSettings
    sensitive : Sensitive
    deadline_ms : float, optional
        By when the writer has to be done; that of its settings if not given.
    """

    model: AdditiveModel
    dataset: Dataset
    writer: ExplanationWriter
    settings: EvidenceSettings
    wording: WordingSettings
    sensitive: Sensitive
    deadline_ms: float | None = None

    def tell(self, person: Person, script: Script) -> Told:
        """The text of a script, by the deadline."""
        plan = self.plan(person, script)
        with stage("write"):
            (draft,) = self.writer.write_all([plan], deadline_ms=self.deadline_ms)
        answers = any(claim.kind in REASONS for claim in plan.claims)
        verdict: Verdict = draft.verdict if answers else "abstained"
        count("verdict", verdict)
        if draft.fault is not None:
            count("fault", draft.fault)
        return Told(
            text=draft.text,
            sentences=draft.sentences,
            evidence=tuple(script.evidence),
            verdict=verdict,
            writer=draft.writer,
            violations=draft.violations,
            fault=draft.fault,
            audit_id=audit_id(plan.key, draft.writer),
        )

    def plan(self, person: Person, script: Script) -> Plan:
        """What the writer is handed."""
        return Plan(
            item_title="",
            claims=script.claims,
            evidence={piece.id: piece for piece in script.evidence},
            wording=self._words,
            variant=zlib.crc32(f"{script.task} {person.user_id}".encode()),
            totals=script.totals,
            min_share=self.settings.min_share,
            user_id=person.user_id,
            key=self._key(person, script),
            task=script.task,
        )

    def piece(
        self,
        id: str,
        fields: Mapping[str, Any],
        kind: EvidenceKind = "fact",
        contribution: float | None = None,
    ) -> Evidence:
        """A piece of evidence, with its text."""
        text = self.writer.evidence_text(id, fields, self._words)
        return Evidence(id=id, kind=kind, text=text, fields=dict(fields), contribution=contribution)

    @cached_property
    def pieces(self) -> Pieces:
        """Makes the pieces that explanations have, too; how others did is none of them."""

        def describe(id: str, fields: Mapping[str, Any]) -> str:
            return self.writer.evidence_text(id, fields, self._words)

        return Pieces(self.dataset, describe, None, None, self.sensitive)

    def events(self, person: Person) -> EventsByItem:
        """The events behind the terms of a person's score that may be named, by item."""
        data = person.data_in(self.dataset)
        if person.events is not None:
            found = [event for events in person.events.values() for event in events]
        elif data is None:
            return {}
        else:
            own, user = data
            found = own.describe_terms(user, disliked=self.model.uses_disliked)
        by_item: dict[int, list[Any]] = {}
        for event in found:
            if event.item not in person.unnamed and self.sensitive.names_event(event):
                by_item.setdefault(event.item, []).append(event)
        return by_item

    def _key(self, person: Person, script: Script) -> str:
        content = {
            "model": self.model.fingerprint,
            "task": script.task,
            "user": person.user_id,
            "evidence": [piece.model_dump(mode="json") for piece in script.evidence],
            "claims": [[c.kind, c.evidence, dict(c.values)] for c in script.claims],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @cached_property
    def _words(self) -> dict[str, Any]:
        return self.wording.model_dump()
