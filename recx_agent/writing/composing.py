"""From judged drafts to the text that is shown. Nothing here asks a model: it can be replayed.

What passed of the model's sentences stays together, the reason first; what it failed to say
follows in sentences of templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recx_agent.grounding import Reading
from recx_agent.protocols import Claim
from recx_agent.schemas import Fate, JudgedSentence, Sentence, Verdict, Violation
from recx_agent.writing.case import Case
from recx_agent.writing.kinds import ABOUT_CAUSES, NEVER_LOST, WORDED_REASONS, causes_of
from recx_agent.writing.own_words import is_own

_ITEM = "{ITEM}"


@dataclass(frozen=True)
class Composed:
    """What became of a draft and of its repair.

    Attributes
    ----------
    sentences : tuple of Sentence
        What is shown; empty where it has to be the template's text.
    verdict : str
    draft, repair : tuple of JudgedSentence
        With the fate of each sentence.
    """

    sentences: tuple[Sentence, ...]
    verdict: Verdict
    draft: tuple[JudgedSentence, ...]
    repair: tuple[JudgedSentence, ...]

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What was found in the draft and in its repair."""
        return tuple(v for one in (*self.draft, *self.repair) for v in one.violations)


@dataclass(frozen=True)
class Own:
    """A sentence of the model's that passed; ``of`` is its number in the draft or the repair."""

    judged: JudgedSentence
    of: int
    repaired: bool = False

    @property
    def gives_reason(self) -> bool:
        """Whether the reason, or a part of it, is told."""
        return not WORDED_REASONS.isdisjoint(self.judged.claims)


def compose(case: Case, draft: Reading, repair: Reading | None = None) -> Composed:
    """Put the text together.

    Parameters
    ----------
    case : Case
    draft : Reading
        The draft that was chosen.
    repair : Reading, optional
        What the model wrote in the place of its failed sentences.
    """
    passed = _passed(draft, repair)
    own = reason_first(case, _sound_together(case, passed, untouched=draft.ok))
    return assembled(case, own, draft, repair)


def assembled(
    case: Case, own: Sequence[Own], draft: Reading, repair: Reading | None = None
) -> Composed:
    """The model's sentences in the order they are shown, and template sentences after them.

    Parameters
    ----------
    own : sequence of Own
        What is shown of draft and repair.
    """
    if not any(one.gives_reason for one in own) or not is_own(case, [o.judged for o in own]):
        lost = tuple(s.model_copy(update={"fate": "replaced"}) for s in draft.sentences)
        return Composed((), "template", lost, _repair_fates(repair, ()))
    missing = len(draft.sentences) - len(own)
    beside = _beside(case, own, missing)
    sentences = (*(shown(one.judged) for one in own), *beside)
    first_try = not beside and not any(one.repaired for one in own) and not missing
    return Composed(
        sentences,
        "supported" if first_try else "repaired",
        _draft_fates(draft, own, len(beside)),
        _repair_fates(repair, own),
    )


def _passed(draft: Reading, repair: Reading | None) -> list[Own]:
    """The draft's sentences that passed, repaired ones in the place of those that did not."""
    given = repair.sentences if repair else ()
    fixes = iter([Own(s, n, repaired=True) for n, s in enumerate(given) if not s.violations])
    passed = []
    for number, sentence in enumerate(draft.sentences):
        one = next(fixes, None) if sentence.violations else Own(sentence, number)
        if one is not None:
            passed.append(one)
    return passed


def _sound_together(case: Case, own: Sequence[Own], *, untouched: bool) -> list[Own]:
    """Those that still pass when they are read in one go: a sentence leans on others."""
    kept = _without_repeats(own)
    if untouched and len(kept) == len(own):
        return kept
    while kept:
        reading = case.read(_joined(case, kept))
        if reading.ok:
            return kept
        if len(reading.sentences) != len(kept):
            return []
        kept = [
            one
            for one, judged in zip(kept, reading.sentences, strict=True)
            if not judged.violations
        ]
    return kept


def _without_repeats(own: Sequence[Own]) -> list[Own]:
    """Without what a repair says once more."""
    kept: list[Own] = []
    for one in sorted(own, key=lambda one: one.repaired):
        told = {(kind, id) for other in kept for kind, id in assertions(other.judged)}
        if not one.repaired or not set(assertions(one.judged)) <= told:
            kept.append(one)
    return [one for one in own if one in kept]


def assertions(judged: JudgedSentence) -> Iterator[tuple[str, str]]:
    """What a sentence says of what."""
    return ((kind, id) for kind in judged.claims for id in judged.evidence)


def reason_first(case: Case, own: list[Own]) -> list[Own]:
    """The sentence with the reason before the others, where it can be read by itself."""
    at = next((n for n, one in enumerate(own) if one.gives_reason), 0)
    if at == 0 or _ITEM not in own[at].judged.raw:
        return own
    moved = [own[at], *own[:at], *own[at + 1 :]]
    return moved if case.read(_joined(case, moved)).ok else own


def _joined(case: Case, own: Sequence[Own]) -> str:
    joint = case.template.joint
    return joint.join(one.judged.raw for one in own)


def shown(judged: JudgedSentence) -> Sentence:
    """A sentence as it is shown."""
    return Sentence(text=judged.text, evidence=judged.evidence)


def _beside(case: Case, own: Sequence[Own], missing: int) -> list[Sentence]:
    """Template sentences: what must not be lost, and one for each sentence that is missing."""
    told = list(_told(case, own))
    causes = {id for claim in told if claim.kind in WORDED_REASONS for id in claim.evidence}
    kinds = {claim.kind for claim in told}
    chosen = []
    for claim in case.plan.claims:
        if claim.kind in kinds or claim.kind in WORDED_REASONS:
            continue
        if claim.kind in NEVER_LOST:
            chosen.append(claim)
        elif missing > 0 and (claim.kind not in ABOUT_CAUSES or _is_about(claim, causes)):
            chosen.append(claim)
            missing -= 1
    sentences = []
    for claim in chosen:
        sentences.append(case.template_sentence(claim, tuple(told)))
        told.append(claim)
    return sentences


def _is_about(claim: Claim, causes: set[str]) -> bool:
    """Whether all causes it is about were told, and it is no comparison with nothing."""
    compares = claim.kind == "weighed_most"
    return causes_of(claim) <= causes and (len(causes) > 1 or not compares)


def _told(case: Case, own: Sequence[Own]) -> Iterator[Claim]:
    """The plan's claims that the model's sentences have told, in its order."""
    last = None
    for one in own:
        cited = set(one.judged.evidence)
        for claim in case.plan.claims:
            if claim.kind in one.judged.claims and cited & set(claim.evidence):
                if last is not None:
                    yield last
                last = _as_told(claim, cited)
    if last is not None:
        raw = own[-1].judged.raw
        names_item_last = raw.rfind(_ITEM) >= max(raw.rfind("{H"), raw.rfind("{S"))
        yield replace(last, values={**last.values, "item_in_mind": names_item_last})


def _as_told(claim: Claim, cited: set[str]) -> Claim:
    if claim.kind not in WORDED_REASONS:
        return claim
    return replace(claim, evidence=tuple(id for id in claim.evidence if id in cited))


def _draft_fates(
    draft: Reading, own: Sequence[Own], replacements: int
) -> tuple[JudgedSentence, ...]:
    kept = {one.of for one in own if not one.repaired}
    repaired = sum(one.repaired for one in own)
    sentences = []
    for number, sentence in enumerate(draft.sentences):
        fate: Fate
        if number in kept:
            fate = "kept"
        elif sentence.violations and repaired:
            fate, repaired = "repaired", repaired - 1
        elif replacements:
            fate, replacements = "replaced", replacements - 1
        else:
            fate = "left_out"
        sentences.append(sentence.model_copy(update={"fate": fate}))
    return tuple(sentences)


def _repair_fates(repair: Reading | None, own: Sequence[Own]) -> tuple[JudgedSentence, ...]:
    kept = {one.of for one in own if one.repaired}
    return tuple(
        sentence.model_copy(update={"fate": "kept" if number in kept else "left_out"})
        for number, sentence in enumerate(repair.sentences if repair else ())
    )
