"""The way from a user and items to explanations."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from recx_agent.attribution import ItemAttribution, Standing, Unnamed, attribute_items
from recx_agent.datasets import Dataset, Event
from recx_agent.evidence import Beside, EvidenceBuilder, EvidenceSet, Pieces, Told
from recx_agent.explainer.claims import REASONS
from recx_agent.explainer.person import Person
from recx_agent.explainer.planner import ListContext, Planner, plan_known, plan_popular
from recx_agent.explainer.sources import Sources
from recx_agent.explainer.streaming import ExplanationStream, Ready
from recx_agent.protocols import (
    AdditiveModel,
    Claim,
    Draft,
    DraftStream,
    ExplanationWriter,
    Foretold,
    Plan,
    RetrievedText,
    StreamingWriter,
    Witnesses,
    audit_id,
)
from recx_agent.schemas import (
    Evidence,
    Explanation,
    ExplanationBegun,
    ItemRef,
    Sentence,
    Verdict,
    View,
)
from recx_agent.sensitive import Sensitive
from recx_agent.settings import EvidenceSettings, WordingSettings
from recx_agent.watching import count, stage


@dataclass(frozen=True)
class Prepared:
    """One item with its arithmetic, its evidence and what the writer is handed."""

    person: Person
    attribution: ItemAttribution
    evidence: EvidenceSet
    plan: Plan


@dataclass(frozen=True)
class Explainer:
    """Explains items to a person, in one language.

    Parameters
    ----------
    model : AdditiveModel
    dataset : Dataset
    sources : Sources
        Where events, texts and facts come from.
    writer : ExplanationWriter
    settings : EvidenceSettings
    wording : WordingSettings
    sensitive : Sensitive
    witnesses : Witnesses, optional
        Who tells whether a history foretells itself.
    """

    model: AdditiveModel
    dataset: Dataset
    sources: Sources
    writer: ExplanationWriter
    settings: EvidenceSettings
    wording: WordingSettings
    sensitive: Sensitive
    witnesses: Witnesses | None = None

    def explain(
        self,
        person: Person,
        items: Sequence[int],
        k: int,
        chosen_by: str | None = None,
        deadline_ms: float | None = None,
    ) -> list[Explanation]:
        """Explain items as one list: a cause they share is told once.

        Parameters
        ----------
        person : Person
        items : sequence of int
            In the order they are shown.
        k : int
            Length of the list that ranks are told against.
        chosen_by : str, optional
            The recommender that chose the items, if that was not this model.
        deadline_ms : float, optional
            By when the writer has to be done; the settings' own if not given.
        """
        prepared = self.prepare(person, items, k, chosen_by)
        plans = [one.plan for one in prepared]
        with stage("write"):
            drafts = self.writer.write_all(plans, deadline_ms=deadline_ms)
        return [self.finish(*parts) for parts in zip(prepared, drafts, strict=True)]

    def stream(
        self, person: Person, item: int, k: int, deadline_ms: float | None = None
    ) -> ExplanationStream:
        """Explain one item, sentence by sentence; see :meth:`explain`."""
        (prepared,) = self.prepare(person, [item], k)
        writer = self.writer
        begun = ExplanationBegun(
            item=self._item(prepared.attribution, prepared.plan),
            evidence=prepared.evidence.evidence,
        )
        if isinstance(writer, StreamingWriter):
            drafted: DraftStream = writer.stream(prepared.plan, deadline_ms=deadline_ms)
        else:
            drafted = Ready(writer.write(prepared.plan))
        context = copy_context()  # whoever watches this call watches how it ends
        return ExplanationStream(
            begun, drafted, lambda draft: context.copy().run(self.finish, prepared, draft)
        )

    def prepare(
        self, person: Person, items: Sequence[int], k: int, chosen_by: str | None = None
    ) -> list[Prepared]:
        """Everything of :meth:`explain` but the writing, which may be done elsewhere."""
        with stage("attribute"):
            standing = Standing(self.model, person.history, person.excluded)
            attributions = attribute_items(standing, items)
        with stage("retrieve"):
            beside = self.sources.beside(person, items, chosen_by)
            known = bool(len(person.history))
            told = self._told(person, attributions) if known else Told({}, person.unnamed)
        sets = self._sets(person, standing, attributions, beside, told)
        plans = self._plans(person, sets, k)
        start = zlib.crc32(person.user_id.encode())
        return [
            Prepared(person, attribution, evidence, self._handed(person, evidence, claims, variant))
            for variant, (attribution, evidence, claims) in enumerate(
                zip(attributions, sets, plans, strict=True), start=start
            )
        ]

    def finish(self, prepared: Prepared, draft: Draft) -> Explanation:
        """The explanation that a writer's draft makes of it."""
        return self._explanation(
            prepared.person, prepared.attribution, prepared.evidence, prepared.plan, draft
        )

    def tell_removal(
        self, person: Person, item: int, positions: Sequence[int], ranks: Mapping[str, int]
    ) -> tuple[Sentence, tuple[Evidence, ...]]:
        """Say where an item stands without some history items, with them as evidence.

        Parameters
        ----------
        person : Person
        item : int
        positions : sequence of int
            In the history; items that may be named.
        ranks : mapping of str to int
            ``rank``, ``rank_without`` and ``k``.
        """
        standing = Standing(self.model, person.history, person.excluded)
        attributions = attribute_items(standing, [item])
        told = self._told(person, attributions)
        pieces = self._builder.removed_items(attributions[0], positions, told, standing)
        claim = Claim("without", tuple(piece.id for piece in pieces), dict(ranks))
        title = self.dataset.catalogue.titles[item]
        variant = zlib.crc32(person.user_id.encode())
        plan = Plan(title, [claim], {piece.id: piece for piece in pieces}, self._words, variant)
        return self.writer.write(plan).sentences[0], tuple(pieces)

    def event_text(self, event: Event, title: str) -> str:
        """One event of a user's own in words; ``title`` is that of its item, if it has one."""
        pieces = self._builder.pieces
        if event.text:
            return pieces.text("S1", RetrievedText(event, title, 1.0)).text
        return pieces.history("H1", event.item, [event], disliked=False).text

    def _sets(
        self,
        person: Person,
        standing: Standing,
        attributions: Sequence[ItemAttribution],
        beside: Sequence[Beside],
        told: Told,
    ) -> list[EvidenceSet]:
        both = list(zip(attributions, beside, strict=True))
        fresh = [(entry, more) for entry, more in both if entry.item not in person.known]
        if len(person.history):
            entries, more = [entry for entry, _ in fresh], [more for _, more in fresh]
            foretold = self._foretold(person)
            built = iter(self._builder.build(standing, entries, told, more, foretold))
        else:
            built = iter(self._builder.popular_item(standing, *one) for one in fresh)
        return [
            self._builder.known_item(
                standing, entry, self.sources.own_events(person, entry.item), more
            )
            if entry.item in person.known
            else next(built)
            for entry, more in both
        ]

    def _plans(self, person: Person, sets: Sequence[EvidenceSet], k: int) -> list[list[Claim]]:
        groups = [self._told_before(person, evidence) for evidence in sets]
        plans = []
        for number, evidence in enumerate(sets):
            if evidence.item in person.known:
                plans.append(plan_known(evidence))
            elif not len(person.history):
                plans.append(plan_popular(evidence))
            else:
                later = {
                    self.dataset.catalogue.titles[other.item]: group
                    for other, group in zip(sets[number + 1 :], groups[number + 1 :], strict=True)
                }
                told: frozenset[str] = frozenset().union(*groups[:number])
                plans.append(self._planner.plan(evidence, k, ListContext(told, later)))
        return plans

    def _told_before(self, person: Person, evidence: EvidenceSet) -> frozenset[str]:
        """External ids of the history items that are told as the reason of an item."""
        if evidence.item in person.known:
            return frozenset()
        return frozenset(p.fields["item_id"] for p in self._planner.told_causes(evidence))

    def _foretold(self, person: Person) -> Foretold | None:
        if self.witnesses is None:
            return None
        return self.witnesses.foretold(person.user_id, person.history)

    def _told(self, person: Person, attributions: Sequence[ItemAttribution]) -> Told:
        return Told(self.sources.events(person, attributions), person.unnamed)

    def _handed(
        self, person: Person, evidence: EvidenceSet, claims: Sequence[Claim], variant: int
    ) -> Plan:
        """What the writer is handed."""
        return Plan(
            item_title=self.dataset.catalogue.titles[evidence.item],
            claims=claims,
            evidence=evidence.by_id,
            wording=self._words,
            variant=variant,
            totals={"history": evidence.history_total, "attribute": evidence.attribute_total},
            min_share=self.settings.min_share,
            user_id=person.user_id,
            key=self._key(person, evidence, claims),
        )

    def _explanation(
        self,
        person: Person,
        attribution: ItemAttribution,
        evidence: EvidenceSet,
        plan: Plan,
        draft: Draft,
    ) -> Explanation:
        catalogue = self.dataset.catalogue
        by_attribute = any(claim.evidence[0].startswith("A") for claim in plan.claims)
        view: View = "attribute" if by_attribute else "history"
        abstained = not any(claim.kind in REASONS for claim in plan.claims)
        unnamed = Unnamed(person.unnamed, self.sensitive.values)
        verdict: Verdict = "abstained" if abstained else draft.verdict
        count("verdict", verdict)
        if draft.fault is not None:
            count("fault", draft.fault)
        return Explanation(
            user_id=person.user_id,
            item=self._item(attribution, plan),
            text=draft.text,
            sentences=draft.sentences,
            evidence=evidence.evidence,
            attribution=attribution.record(catalogue.titles, catalogue.ids.ids, view, unnamed),
            verdict=verdict,
            writer=draft.writer,
            violations=draft.violations,
            fault=draft.fault,
            chosen_by=next((piece.fields["name"] for piece in evidence.of("R")), None),
            audit_id=audit_id(plan.key, draft.writer),
        )

    def _item(self, attribution: ItemAttribution, plan: Plan) -> ItemRef:
        item_id = self.dataset.catalogue.ids.external(attribution.item)
        return ItemRef(item_id=item_id, title=plan.item_title)

    def _key(self, person: Person, evidence: EvidenceSet, claims: Sequence[Claim]) -> str:
        content = {
            "model": self.model.fingerprint,
            "user": person.user_id,
            "item": self.dataset.catalogue.ids.external(evidence.item),
            "evidence": [piece.model_dump(mode="json") for piece in evidence.evidence],
            # Of one item and the same evidence a list tells other things than an item alone.
            "claims": [[claim.kind, claim.evidence, dict(claim.values)] for claim in claims],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @cached_property
    def _words(self) -> dict[str, Any]:
        return self.wording.model_dump()

    @cached_property
    def _planner(self) -> Planner:
        counts = Counter(
            (name, value)
            for name, values in self.dataset.catalogue.attributes.items()
            for own in values
            for value in own
        )
        several = frozenset(
            name
            for name, values in self.dataset.catalogue.attributes.items()
            if any(len(own) > 1 for own in values)
        )
        return Planner(self.settings, counts, several)

    @cached_property
    def _builder(self) -> EvidenceBuilder:
        def describe(id: str, fields: Mapping[str, Any]) -> str:
            return self.writer.evidence_text(id, fields, self._words)

        pieces = Pieces(self.dataset, describe, *self._liked, self.sensitive)
        return EvidenceBuilder(pieces, self.settings)

    @property
    def _liked(self) -> tuple[float | None, str | None]:
        """What a positive event of another user is: a rating from here on, or of this type."""
        events, bar = self.dataset.events, self.dataset.positive_from
        kinds = {events.kinds[kind] for kind in np.unique(events.kind[events.positive])}
        if bar is not None:
            return (bar if kinds == {"rating"} else None), None
        kind = kinds.pop() if len(kinds) == 1 else None
        return None, None if kind in self.sensitive.kinds else kind
