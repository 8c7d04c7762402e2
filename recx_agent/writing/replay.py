"""Judge the recorded drafts of a text again, without a model."""

from __future__ import annotations

from dataclasses import dataclass

from recx_agent.protocols import ChatChoice
from recx_agent.schemas import AuditRecord, AuditStep, JudgedSentence, Sentence, StepKind, Verdict
from recx_agent.writing.case import Case
from recx_agent.writing.kinds import abstains
from recx_agent.writing.records import read_plan
from recx_agent.writing.second_opinion import refuses
from recx_agent.writing.speech import SpeechOf, Templates
from recx_agent.writing.trail import CHOSEN, LATE, STREAMED
from recx_agent.writing.written import Written


@dataclass(frozen=True)
class Replayed:
    """What comes of a record today.

    Attributes
    ----------
    text : str
    verdict : str
    sentences : tuple of JudgedSentence
        Of the draft and the repair that were chosen, judged anew.
    same : bool
        Whether text and verdict are those of the record.
    """

    text: str
    verdict: Verdict
    sentences: tuple[JudgedSentence, ...]
    same: bool


def replay(record: AuditRecord, speech_of: SpeechOf, templates: Templates) -> Replayed:
    """Do with a record's drafts what was done when it was made."""
    plan, slots, examples = read_plan(record)
    case = Case(plan, slots, examples, speech_of(plan.wording, plan.task), templates)
    written = _written(record)
    composed = None if written is None else written.settle(case)
    if composed is not None and composed.sentences:
        joint = case.template.joint
        told = with_caution(case, composed.sentences)
        text, verdict = joint.join(sentence.text for sentence in told), composed.verdict
    else:
        text, verdict = case.template.text, "template"
    if abstains(plan):
        verdict = "abstained"
    sentences = (*composed.draft, *composed.repair) if composed else ()
    same = (text, verdict) == (record.text, record.verdict)
    return Replayed(text, verdict, sentences, same)


def with_caution(case: Case, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences and the domain's caution, which stands beside the reason."""
    if not case.speech.caution:
        return sentences
    beside = case.plan.claims[0].evidence
    return (*sentences, Sentence(text=case.speech.caution, evidence=beside))


def _written(record: AuditRecord) -> Written | None:
    if any(step.kind == "template" and step.detail == LATE for step in record.steps):
        return None
    draft, repair = _chosen(record, "draft"), _chosen(record, "repair")
    if draft is None:
        return None
    doubted = tuple(s.detail for s in record.steps if s.kind == "opinion" and refuses(s.raw))
    second = None if repair is None else _choice(repair)
    return Written(_choice(draft), second, doubted, streamed=draft.detail == STREAMED)


def _chosen(record: AuditRecord, kind: StepKind) -> AuditStep | None:
    for step in record.steps:
        if step.kind == kind and step.detail in (CHOSEN, STREAMED):
            return step
    return None


def _choice(step: AuditStep) -> ChatChoice:
    return ChatChoice(step.raw, step.finish_reason)  # type: ignore[arg-type]
