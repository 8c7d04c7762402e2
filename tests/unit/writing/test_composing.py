"""What passed stays, the reason first; the rest is told by templates or left out."""

from __future__ import annotations

import pytest

from recx_agent.protocols import Plan
from recx_agent.writing.composing import Composed, compose
from tests.unit.writing.plans import (
    AGAINST,
    AGAINST_TOLD,
    BECAUSE,
    COMMON,
    FACT,
    MOST,
    OWN,
    PRAISE,
    SHARES,
    case,
    plan,
)

GIVEN = plan(BECAUSE, COMMON)


def composed(text: str, repair: str | None = None, given: Plan = GIVEN) -> Composed:
    about = case(given)
    return compose(about, about.read(text), None if repair is None else about.read(repair))


def texts(of: Composed) -> list[str]:
    return [sentence.text for sentence in of.sentences]


def test_a_draft_that_passes_is_shown_as_it_is() -> None:
    found = composed(f"{OWN} {SHARES}")
    assert texts(found) == [
        "“Jackie Brown” is here because of “Fargo” and “Heat”.",
        "“Jackie Brown” and “Fargo” share Crime.",
    ]
    assert found.verdict == "supported"
    assert [set(sentence.evidence) for sentence in found.sentences] == [{"H1", "H2"}, {"H1", "F1"}]
    assert [one.fate for one in found.draft] == ["kept", "kept"]
    assert found.violations == ()


def test_the_reason_comes_first() -> None:
    found = composed(f"{SHARES} {OWN}")
    assert texts(found)[0] == "“Jackie Brown” is here because of “Fargo” and “Heat”."
    assert len(found.sentences) == 2


def test_a_failed_sentence_gives_way_to_its_repair() -> None:
    found = composed(f"{OWN} {PRAISE}", SHARES)
    assert texts(found)[1] == "“Jackie Brown” and “Fargo” share Crime."
    assert found.verdict == "repaired"
    assert [one.fate for one in found.draft] == ["kept", "repaired"]
    assert [one.fate for one in found.repair] == ["kept"]
    assert {violation.kind for violation in found.violations} == {
        "unsupported_content",
        "uncited_sentence",
    }


def test_a_repair_that_fails_too_gives_way_to_a_template() -> None:
    found = composed(f"{OWN} {PRAISE}", PRAISE)
    assert texts(found) == [
        "“Jackie Brown” is here because of “Fargo” and “Heat”.",
        "Both have this in common with “Jackie Brown”: genre Crime.",
    ]
    assert found.verdict == "repaired"
    assert [one.fate for one in found.draft] == ["kept", "replaced"]
    assert [one.fate for one in found.repair] == ["left_out"]


def test_with_nothing_left_to_tell_it_is_left_out() -> None:
    found = composed(f"{OWN} {PRAISE}", given=plan(BECAUSE))
    assert texts(found) == ["“Jackie Brown” is here because of “Fargo” and “Heat”."]
    assert found.verdict == "repaired", "it is not what the model wrote"
    assert [one.fate for one in found.draft] == ["kept", "left_out"]


def test_a_repair_that_says_what_was_said_is_left_out() -> None:
    found = composed(f"{OWN} {PRAISE}", OWN, given=plan(BECAUSE))
    assert len(found.sentences) == 1
    assert [one.fate for one in found.repair] == ["left_out"]


def test_without_a_reason_of_the_model_it_is_template_text() -> None:
    found = composed(SHARES)
    assert found.sentences == ()
    assert found.verdict == "template"


def test_a_reason_in_a_repair_will_do() -> None:
    found = composed(f"{PRAISE} {SHARES}", OWN)
    assert texts(found)[0] == "“Jackie Brown” is here because of “Fargo” and “Heat”."
    assert found.verdict == "repaired"


@pytest.mark.parametrize("text", ["", "nothing at all", "{H9} is why.", PRAISE])
def test_what_says_nothing_true_is_template_text(text: str) -> None:
    assert composed(text).verdict == "template"


def test_what_speaks_against_it_is_never_lost() -> None:
    found = composed(f"{OWN} {SHARES}", given=plan(BECAUSE, COMMON, AGAINST, FACT))
    assert texts(found)[-1] == "“Cats” (you rated it 1 out of 5) counts against “Jackie Brown”."
    assert len(found.sentences) == 3, "no fact: nothing is missing"
    assert found.verdict == "repaired"


def test_what_speaks_against_it_is_told_once() -> None:
    found = composed(f"{OWN} {AGAINST_TOLD}", given=plan(BECAUSE, COMMON, AGAINST))
    assert len(found.sentences) == 2
    assert found.verdict == "supported"


def test_a_template_does_not_compare_what_was_not_told() -> None:
    """Of one cause told, none "weighed most"."""
    found = composed(
        "{ITEM} is here because of {H1}. " + PRAISE, given=plan(BECAUSE, MOST, COMMON, FACT)
    )
    assert texts(found) == [
        "“Jackie Brown” is here because of “Fargo”.",
        "“Jackie Brown” is listed with genres Crime and Drama.",
    ]


def test_a_cut_sentence_is_not_shown() -> None:
    about = case(GIVEN)
    cut = about.read(f"{OWN} {SHARES}", "length")
    found = compose(about, cut)
    assert len(found.draft) == 2
    assert found.draft[1].fate == "replaced"
    assert "truncated" in {violation.kind for violation in found.violations}


def test_in_chinese_sentences_stand_without_spaces() -> None:
    given = plan(BECAUSE, COMMON, AGAINST, language="zh")
    about = case(given)
    draft = about.read("{ITEM}出现在这里，是因为{H1}和{H2}。")
    found = compose(about, draft)
    assert found.verdict == "repaired"
    assert [sentence.text[-1] for sentence in found.sentences] == ["。", "。"]
