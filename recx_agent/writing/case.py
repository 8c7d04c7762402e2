"""One plan on its way to a text, with everything that its drafts are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from recx_agent.errors import PromptError
from recx_agent.grounding import Reading, skeleton, unfill
from recx_agent.protocols import Claim, Draft, Plan, Slot
from recx_agent.schemas import Sentence, Violation
from recx_agent.writing.speech import Speech, Templates

OwnBefore = dict[tuple[frozenset[str], tuple[str, ...]], bool]
"""By the kinds of what sentences claim, and the sentences as written."""


@dataclass(frozen=True)
class Case:
    """A plan, its placeholders, and whom to ask about its drafts.

    Attributes
    ----------
    plan : Plan
    slots : mapping of str to Slot
    examples : tuple of str
        Shown to the model, with placeholders.
    speech : Speech
    templates : Templates
    written : Draft, optional
        What the templates make of the plan, where that is known already.
    doubted : frozenset of str
        Sentences as written that a second opinion did not accept.
    own_before : dict
        What was found of sentences of this plan: whether they are the model's own.
    """

    plan: Plan
    slots: Mapping[str, Slot]
    examples: tuple[str, ...]
    speech: Speech
    templates: Templates
    written: Draft | None = None
    doubted: frozenset[str] = frozenset()
    own_before: OwnBefore = field(default_factory=dict, repr=False)
    _readings: dict[tuple[str, str], Reading] = field(default_factory=dict, repr=False)
    _skeletons: dict[frozenset[str], tuple[tuple[str, ...], ...]] = field(
        default_factory=dict, repr=False
    )

    def read(self, text: str, finish_reason: str = "stop") -> Reading:
        """Judge a draft."""
        key = text, finish_reason
        if key not in self._readings:
            self._readings[key] = self.speech.judge.read(
                text, self.plan, self.slots, finish_reason=finish_reason
            )
        reading = self._readings[key]
        return self._with_doubts(reading) if self.doubted else reading

    def _with_doubts(self, reading: Reading) -> Reading:
        sentences = []
        for number, sentence in enumerate(reading.sentences):
            if sentence.raw in self.doubted and not sentence.violations:
                doubt = Violation(
                    kind="unsupported_content", sentence=number, detail="a second opinion says no"
                )
                sentence = sentence.model_copy(update={"violations": (doubt,)})
            sentences.append(sentence)
        return replace(reading, sentences=tuple(sentences))

    @cached_property
    def template(self) -> Draft:
        """The whole text by templates, in the plan's style."""
        return self.written or self.templates.write(self.plan)

    def template_skeletons(self, kinds: frozenset[str]) -> tuple[tuple[str, ...], ...]:
        """How each style of the templates would put these claims: together, and one by one."""
        if kinds not in self._skeletons:
            claims = [claim for claim in self.plan.claims if claim.kind in kinds]
            found = []
            for variant in range(len(self.templates.styles)):
                draft = self.templates.write(replace(self.plan, variant=variant, claims=claims))
                # A caution may follow the claims.
                told = [sentence.text for sentence in draft.sentences[: len(claims)]]
                unfilled = [skeleton(unfill(text, self.slots)) for text in told]
                found += [tuple(word for part in unfilled for word in part), *unfilled]
            self._skeletons[kinds] = tuple(found)
        return self._skeletons[kinds]

    def template_sentence(self, claim: Claim, told: tuple[Claim, ...]) -> Sentence:
        """One claim by a template, as it reads after what was told."""
        try:
            return self._last(replace(self.plan, claims=(*told, claim)))
        except PromptError:  # a model may tell things in an order that templates have no words for
            return self._last(replace(self.plan, claims=(claim,)))

    def _last(self, plan: Plan) -> Sentence:
        # A caution may follow the claims.
        return self.templates.write(plan).sentences[len(plan.claims) - 1]
