"""Streams that are read to their end, and what every one of them must keep to."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from recx_agent.factory import replay_text
from recx_agent.llms import ScriptedChatModel
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Draft, Plan
from recx_agent.schemas import AuditRecord, Sentence
from tests.unit.writing.plans import case, writer


def heard(model: ScriptedChatModel, given: Plan, **more: Any) -> tuple[list[Sentence], Draft]:
    """What a stream has told, and its draft."""
    used = writer(model, **more)
    try:
        return split(list(used.stream(given)))
    finally:
        used.close()


def split(items: list[Sentence | Draft]) -> tuple[list[Sentence], Draft]:
    """The sentences, and the draft, which comes last and once."""
    *told, draft = items
    assert isinstance(draft, Draft)
    sentences = [item for item in told if isinstance(item, Sentence)]
    assert len(sentences) == len(told)
    return sentences, draft


def keeps_to_the_rules(told: list[Sentence], draft: Draft, given: Plan) -> None:
    """What was told is the text; what is not a template's passes the verifier as a whole."""
    assert tuple(told) == draft.sentences
    assert draft.text
    by_template = template_sentences(given)
    own = [s.text for s in told if s.text not in by_template]
    if draft.verdict == "template":
        assert draft.text == TemplateWriter().write(given).text
    else:
        assert own
        assert [s.text for s in told[: len(own)]] == own, "templates come after"
        about = case(given)
        text = draft.joint.join(own)
        assert about.speech.judge.read(text, given, about.slots).ok, own


def replays(record: AuditRecord) -> None:
    """The record has all that is needed to come to the same text."""
    again = replay_text(record)
    assert again.same, (again.text, record.text)


_KNOWN: dict[tuple[object, ...], set[str]] = {}


def template_sentences(given: Plan) -> set[str]:
    """Every sentence that a template may tell of a claim, whatever was told before."""
    key = (given.wording["language"], given.variant, *(claim.kind for claim in given.claims))
    found = _KNOWN.setdefault(key, set())
    if found:
        return found
    writer = TemplateWriter()
    for count in range(1, len(given.claims) + 1):
        for claims in permutations(given.claims, count):
            for in_mind in (True, False):
                told = [replace(c, values={**c.values, "item_in_mind": in_mind}) for c in claims]
                found.add(writer.write(replace(given, claims=told)).sentences[count - 1].text)
    return found
