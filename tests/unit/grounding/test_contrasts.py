"""A word of contrast stands only between what is for the item and what is against it."""

from __future__ import annotations

import pytest

from recx_agent.grounding import fill
from recx_agent.protocols import Claim, Plan
from tests.unit.grounding import world

TRUE = {
    "en": [
        "You {H1.deed}, but {H4} counts against it.",
        "You {H1.deed} but {H4} counts against {ITEM}.",
        "You {H1.deed} but disliked {H4}.",
        "You {H4.deed}, though you loved {H1}.",
        "{H4} counts against it, but {ITEM} is suggested because you {H1.deed}.",
        "{H4} counts against it, yet {H1} speaks for {ITEM}.",
        "{H1} adds to its score, whereas {H4} counts against it.",
        "Although you {H4.deed}, {ITEM} is suggested because you {H1.deed}.",
        "Although you {H4.deed}, {H1} speaks for {ITEM}.",
        "While you {H1.deed}, {H4} counts against it.",
        "{ITEM} is suggested because you {H1.deed}, though {H4} counts against it.",
        "You {H4.deed}. However, {ITEM} is suggested because you {H1.deed}.",
        "You {H1.deed}, so {ITEM} may suit you. Still, {H4} counts against it.",
        "You {S1.deed}. Even so, {H4} counts against {ITEM}.",
    ],
    "zh": [
        "你{H1.deed}，但{H4}对它不利。",
        "你{H1.deed}，不过{H4}对{ITEM}不利。",
        "虽然你{H4.deed}，但{H1}对{ITEM}有利。",
        "尽管你不喜欢{H4}，你可能会喜欢{ITEM}，因为你{H1.deed}。",
        "{H4}对它不利，但因为你{H1.deed}，所以推荐{ITEM}。",
        "你{H4.deed}。不过，推荐{ITEM}，是因为你{H1.deed}。",
        "推荐{ITEM}，是因为你{H1.deed}。然而，{H4}对它不利。",
    ],
}
FALSE = {
    "en": [
        "You {H1.deed}, but that is why {ITEM} is suggested.",
        "You {H1.deed}, but so {ITEM} is suggested.",
        "You {H1.deed}, but {ITEM} is suggested.",
        "You {H1.deed}, but {ITEM} is suggested because you {H1.deed} and {H2.deed}.",
        "You {H1.deed}, but {H2} adds to its score.",
        "You {H1.deed} but {H2.deed}.",
        "You {H1.deed}, though you liked {H2}.",
        "You {H1.deed}, while you {H2.deed}.",
        "{ITEM} shares the genre {SHARED} with {H1}, but you {S1.deed}.",
        "You {H1.deed}, but {ITEM} shares the genre {SHARED} with {H1}.",
        "{ITEM} shares the genre {SHARED} with {H1}, yet {H4} counts against it.",
        "Although you {H1.deed}, {ITEM} is suggested because you {H1.deed} and {H3.deed}.",
        "Although you {H1.deed}, {H2} speaks for {ITEM}.",
        "While {H4} counts against it, you disliked {H4}.",
        "{ITEM} is suggested because you {H1.deed}, though {H2} adds to its score.",
        "You {H1.deed}, so {ITEM} may suit you. However, {H2} adds to its score.",
        "You {H1.deed}. Even so, you {H2.deed}.",
        "{H4} counts against it. However, you {H4.deed}.",
        "You {H1.deed}. Nevertheless, that is why {ITEM} is suggested.",
        "You {H1.deed}, so {ITEM} may suit you. Still, {B1} {B1.deed}.",
        "However, you {S1.deed}.",
        "You {H1.deed} and {H2.deed}. That said, both share the genre {SHARED} with {ITEM}.",
    ],
    "zh": [
        "你{H1.deed}，但这就是推荐{ITEM}的原因。",
        "你{H1.deed}，但所以推荐{ITEM}。",
        "你{H1.deed}，但推荐{ITEM}。",
        "你{H1.deed}，但{H2}对{ITEM}有利。",
        "你{H1.deed}，但{ITEM}与{H1}都是{SHARED}电影。",
        "虽然你{H1.deed}，但{H2}对{ITEM}有利。",
        "虽然你{H1.deed}，你可能会喜欢{ITEM}。",
        "你{H1.deed}，而{H2}对{ITEM}有利。",
        "你{H1.deed}。不过，{H2}对{ITEM}有利。",
        "{H4}对它不利。然而，你{H4.deed}。",
        "你{H1.deed}。不过，{B1}{B1.deed}。",
        "不过，你{S1.deed}。",
    ],
}


def read(language: str, text: str, plan: Plan = world.BY_HISTORY) -> bool:
    slots = world.slots(language, plan)
    written = [
        world.verifier(language).read(one, plan, slots).ok for one in (text, fill(text, slots))
    ]
    assert len(set(written)) == 1, "drafts and filled texts are judged alike"
    return written[0]


@pytest.mark.parametrize(("language", "text"), [(la, t) for la in TRUE for t in TRUE[la]])
def test_what_contrasts_may_be_told_so(language: str, text: str) -> None:
    assert read(language, text)


@pytest.mark.parametrize(("language", "text"), [(la, t) for la in FALSE for t in FALSE[la]])
def test_what_does_not_contrast_may_not(language: str, text: str) -> None:
    assert not read(language, text)
    reading = world.verifier(language).read(text, world.BY_HISTORY, world.slots(language))
    found = [each.detail for sentence in reading.sentences for each in sentence.violations]
    assert any("contrast" in detail for detail in found), "refused for something else"


def test_a_term_of_no_rating_has_its_sign() -> None:
    """A view that counts for the item contrasts with what counts against it."""
    assert read("en", "You {H3.deed}, but {H4} counts against it.")
    against = world.plan(*world.BY_HISTORY.claims, B1={"share": 0.2})
    assert not read("en", "{B1} {B1.deed}, but you {H1.deed}.", against)


def test_an_attribute_that_is_a_cause_has_its_sign() -> None:
    claims = (*world.BY_ATTRIBUTE.claims, Claim("against", ("H4",)))
    plan = world.plan(*claims)
    assert read("en", "{ITEM} is a {A1} film, but {H4} counts against it.", plan)
    assert not read("en", "The {F2.name} of {ITEM} is {F2}, but {H4} counts against it.", plan)
