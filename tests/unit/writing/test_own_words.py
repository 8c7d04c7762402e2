"""A text that repeats an example or a template is no text of the model's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.grounding import unfill
from recx_agent.prompts import TemplateWriter
from recx_agent.schemas import JudgedSentence
from recx_agent.writing.case import Case
from recx_agent.writing.own_words import is_own
from tests.unit.writing.plans import BECAUSE, COMMON, FACT, OWN, SHARES, case, plan

GIVEN = plan(BECAUSE, COMMON, FACT)
STYLES = range(len(TemplateWriter().styles))


def judged(about: Case, *texts: str) -> list[JudgedSentence]:
    return [*about.read(" ".join(texts)).sentences]


def test_other_words_are_its_own() -> None:
    about = case(GIVEN)
    assert is_own(about, judged(about, OWN))
    assert is_own(about, judged(about, OWN, SHARES))


def test_what_was_found_before_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    about = case(GIVEN)
    mine, copied = judged(about, OWN), judged(about, "{ITEM} is here because of {H2} and {H1}.")
    found = is_own(about, mine), is_own(about, copied)
    monkeypatch.setattr(TemplateWriter, "write", None)
    again = replace(about, _skeletons={})
    assert (is_own(again, mine), is_own(again, copied)) == found
    with pytest.raises(TypeError):
        is_own(replace(again, own_before={}), mine)


@pytest.mark.parametrize("variant", STYLES)
def test_the_text_of_any_template_style_is_not(variant: int) -> None:
    about = case(GIVEN)
    written = TemplateWriter().write(replace(GIVEN, variant=variant)).sentences
    kinds = ("because_history", "in_common", "fact")
    sentences = [
        JudgedSentence(raw=unfill(one.text, about.slots), text=one.text, claims=(kind,))
        for one, kind in zip(written, kinds, strict=True)
    ]
    assert not is_own(about, sentences)
    assert not is_own(about, sentences[:2]), "nor is a part of it"
    assert not is_own(about, sentences[:1])


def test_an_example_said_again_of_other_things_is_not() -> None:
    about = case(GIVEN, ("{ITEM} is here because of {H1} and {H2}. Its {F1.name} is {F1}.",))
    assert not is_own(about, judged(about, OWN))
    assert not is_own(about, judged(about, "{ITEM} is here because of {H2} and {H1}."))
    assert is_own(about, judged(about, OWN, SHARES)), "a sentence is its own"
