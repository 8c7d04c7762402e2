"""The shipped tests of writers find a wrong writer each."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from recx_agent.protocols import Draft, Plan
from recx_agent.schemas import Sentence, Writer
from recx_agent.testing import WriterConformance
from tests.conformance.wrong import FOUND, Wrong, inherited_tests, run


class Plain:
    """A good writer: it lists what it is given."""

    def write(self, plan: Plan) -> Draft:
        sentences = []
        for claim in plan.claims:
            fields = [plan.evidence[id].fields for id in claim.evidence]
            named = [str(f.get("title") or f.get("value") or "it") for f in fields]
            words = " ".join(" and ".join(named).replace("{", "(").replace("}", ")").split())
            shown = "".join(letter for letter in words if letter.isprintable())
            text = f"{claim.kind}: {shown}.".replace("7*7", "7 by 7")
            sentences.append(Sentence(text=text, evidence=claim.evidence))
        language = str(plan.wording["language"])
        written_by = Writer(kind="template", style="plain", language=language, prompt_version="1")
        return Draft(tuple(sentences), written_by)

    def evidence_text(self, evidence_id: str, fields: Any, wording: Any) -> str:
        return f"{evidence_id}: {', '.join(sorted(fields))}"


Change = Callable[[Plan, Sentence], Sentence]


def each(change: Change) -> Callable[..., Draft]:
    """Write as the good one does, and change every sentence."""

    def write(good: Plain, plan: Plan) -> Draft:
        draft = good.write(plan)
        return replace(draft, sentences=tuple(change(plan, s) for s in draft.sentences))

    return write


def saying(change: Callable[[Plan, str], str]) -> Callable[..., Draft]:
    return each(lambda plan, s: s.model_copy(update={"text": change(plan, s.text)}))


def silent_on_context(good: Plain, plan: Plan) -> Draft:
    draft = good.write(plan)
    kept = [s for s, c in zip(draft.sentences, plan.claims, strict=True) if c.kind != "context"]
    return replace(draft, sentences=tuple(kept))


def backwards(good: Plain, plan: Plan) -> Draft:
    draft = good.write(plan)
    return replace(draft, sentences=draft.sentences[::-1])


def as_someone(**who: str) -> Callable[..., Draft]:
    def write(good: Plain, plan: Plan) -> Draft:
        draft = good.write(plan)
        return replace(draft, writer=draft.writer.model_copy(update=who))

    return write


def first_only(plan: Plan, sentence: Sentence) -> Sentence:
    return sentence.model_copy(update={"evidence": sentence.evidence[:1]})


def everything(plan: Plan, sentence: Sentence) -> Sentence:
    return sentence.model_copy(update={"evidence": tuple(plan.evidence)})


def raw_titles(plan: Plan, text: str) -> str:
    return f"{text} {plan.evidence['H1'].fields['title']}."


COUNT = itertools.count()
FAULTS: dict[str, list[dict[str, Any]]] = {
    "test_every_kind_of_claim_is_written": [
        {"write": silent_on_context},
        {"write": saying(lambda plan, text: " ")},
    ],
    "test_every_sentence_cites_its_claim_s_evidence": [
        {"write": each(first_only)},
        {"write": each(everything)},
    ],
    "test_every_sentence_ends": [
        {"write": saying(lambda plan, text: text[:-1])},
        {"write": saying(lambda plan, text: "rated None of 5.")},
        {"write": saying(lambda plan, text: "you liked {H1}.")},
    ],
    "test_titles_come_from_the_evidence": [
        {"write": saying(lambda plan, text: text.replace("Fargo", "that film"))}
    ],
    "test_claims_stay_in_their_order": [{"write": backwards}],
    "test_equal_plans_give_equal_texts": [
        {"write": saying(lambda plan, text: f"{next(COUNT)} {text}")}
    ],
    "test_the_record_says_who_wrote": [
        {"write": as_someone(language="xx")},
        {"write": as_someone(prompt_version="")},
    ],
    "test_a_title_is_data": [{"write": saying(raw_titles)}],
    "test_evidence_is_put_into_words": [
        {"evidence_text": lambda good, id, fields, wording: ""},
        {"evidence_text": lambda good, id, fields, wording: str(fields.get("rating"))},
    ],
}
CASES = [
    pytest.param(test, fault, id=f"{test[5:]}-{number}")
    for test, faults in FAULTS.items()
    for number, fault in enumerate(faults)
]


@pytest.mark.parametrize(("test", "fault"), CASES)
def test_a_wrong_writer_is_found(test: str, fault: dict[str, Any]) -> None:
    run(WriterConformance(), test, {"writer": Plain()})
    with pytest.raises(FOUND):
        run(WriterConformance(), test, {"writer": Wrong(Plain(), **fault)})


def test_every_test_of_the_suite_has_a_writer_that_it_finds() -> None:
    assert set(FAULTS) == inherited_tests(WriterConformance)
