"""The placeholders of a plan: which there are, and the words that take their place."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from recx_agent.errors import PromptError
from recx_agent.prompts import LlmPrompts
from recx_agent.protocols import Claim, Plan, Slot
from recx_agent.protocols.writing import SlotRole
from recx_agent.testing.plans import CLAIMS, ITEM, every_claim, plan_of

MAKER = LlmPrompts()


def words(*claims: Claim, language: str = "en", **changed: Any) -> dict[str, str]:
    plan = plan_of(*claims, language=language, **changed)
    return {name: slot.text for name, slot in MAKER.slots(plan).items()}


def test_the_words_in_english() -> None:
    claims = [c for kind in ("because_history", "everyone", "support") for c in CLAIMS[kind]]
    assert words(*claims) == {
        "ITEM": "“Jackie Brown”",
        "H1": "“Fargo”",
        "H1.deed": "rated “Fargo” 5 out of 5",
        "H1.rating": "5 out of 5",
        "H2": "“Heat”",
        "H2.deed": "rated “Heat” 4 out of 5",
        "H2.rating": "4 out of 5",
        "H3": "“Alien”",
        "H3.deed": "viewed “Alien”",
        "B1": "298 of 943 users",
        "B1.deed": "rated “Jackie Brown” 4 or higher",
        "S1": "“I could watch a heist for ever”",
        "S1.deed": "wrote of “Ronin”: “I could watch a heist for ever”",
    }


def test_the_words_in_chinese() -> None:
    claims = [c for kind in ("because_history", "everyone", "context") for c in CLAIMS[kind]]
    assert words(*claims, language="zh") == {
        "ITEM": "《Jackie Brown》",
        "H1": "《Fargo》",
        "H1.deed": "给《Fargo》打了5分（满分5分）",
        "H1.rating": "5分（满分5分）",
        "H2": "《Heat》",
        "H2.deed": "给《Heat》打了4分（满分5分）",
        "H2.rating": "4分（满分5分）",
        "H3": "《Alien》",
        "H3.deed": "浏览过《Alien》",
        "B1": "943位用户中有298位",
        "B1.deed": "给《Jackie Brown》打了4分及以上",
        "C1": "现在是星期五",
    }


def test_attributes_facts_and_what_is_shared() -> None:
    assert words(*CLAIMS["because_attr"][1:]) == {
        "ITEM": "“Jackie Brown”",
        "A1": "Crime",
        "A1.name": "genre",
        "A2": "1997",
        "A2.name": "year",
    }
    told = words(*CLAIMS["fact"], *CLAIMS["current_fact"])
    assert told["F1"] == "Crime and Drama" and told["F1.name"] == "genres"
    assert told["F2"] == "9.99 (as of 1 May 2024, 10:00 UTC)"
    shared = words(*CLAIMS["in_common"])
    assert shared["SHARED"] == "Crime" and shared["SHARED.name"] == "genre"


def test_ranks_where_a_claim_tells_them() -> None:
    told = words(CLAIMS["without"][0])
    assert (told["RANK"], told["RANK_WITHOUT"]) == ("3rd", "14th")
    in_chinese = words(CLAIMS["without"][0], language="zh")
    assert (in_chinese["RANK"], in_chinese["RANK_WITHOUT"]) == ("第3名", "第14名")
    assert "RANK" not in words(CLAIMS["weighed_most"][0])


def test_only_what_a_claim_cites_has_a_placeholder() -> None:
    for claim in every_claim():
        slots = MAKER.slots(plan_of(claim))
        assert {slot.evidence for slot in slots.values()} - {None} <= set(claim.evidence)


def test_a_fact_that_is_only_shared_is_not_told_as_a_fact() -> None:
    assert "F1" not in words(*CLAIMS["in_common"])
    assert "F1" in words(*CLAIMS["in_common"], *CLAIMS["fact"])


def test_what_was_rated_more_than_once_has_no_one_rating() -> None:
    both = [{"event_type": "rating", "rating": r, "date": None} for r in (3.0, 5.0)]
    told = words(CLAIMS["because_history"][0], H1={"events": both})
    assert told["H1.deed"] == "rated “Fargo” twice (3 out of 5 and 5 out of 5)"
    assert "H1.rating" not in told


def test_a_thumb_is_no_number() -> None:
    plan = plan_of(
        CLAIMS["because_history"][0], H1={"rating": 1.0, "rating_min": 0.0, "rating_max": 1.0}
    )
    events = [{"event_type": "rating", "rating": 1.0, "date": None}]
    plan.evidence["H1"].fields["events"] = events
    thumbs = Plan(plan.item_title, plan.claims, plan.evidence, {"scale_unit": "thumbs"})
    told = {name: slot.text for name, slot in MAKER.slots(thumbs).items()}
    assert told["H1.deed"] == "gave “Fargo” a thumbs up"
    assert "H1.rating" not in told


def test_a_search_is_told_as_one() -> None:
    told = words(CLAIMS["support"][0], S1={"event_type": "search", "text": "heist"})
    assert told["S1.deed"] == "searched for “heist”"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_slot_is_whole(language: str) -> None:
    for claim in every_claim():
        for name, slot in MAKER.slots(plan_of(claim, language=language)).items():
            assert isinstance(slot, Slot) and slot.name == name
            assert slot.role in get_args(SlotRole)
            assert slot.text == slot.text.strip() != ""
            assert not {"{", "}", "\n"} & set(slot.text)


def test_braces_of_a_title_are_no_placeholder() -> None:
    told = words(CLAIMS["because_history"][0], H1={"title": "{H2} and {{ 7*7 }}"})
    assert told["H1"] == "“(H2) and (( 7*7 ))”"


def test_a_claim_without_its_evidence_is_refused() -> None:
    plan = Plan(ITEM, [Claim("because_history", ("H9",))], {}, {"language": "en"})
    with pytest.raises(PromptError, match="'H9', which is not in the plan"):
        MAKER.slots(plan)
