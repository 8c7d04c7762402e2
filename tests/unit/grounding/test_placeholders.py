"""Filling, finding again and masking placeholders."""

from __future__ import annotations

import pytest

from recx_agent.grounding import fill, is_copy, skeleton, tell, unfill
from recx_agent.protocols import Slot
from tests.unit.grounding import world


def test_fill_puts_the_words_in() -> None:
    slots = world.slots("en")
    assert fill("You {H1.deed}.", slots) == "You rated “Fargo” 5 out of 5."


def test_deeds_in_a_row_say_an_equal_verb_once() -> None:
    slots = world.slots("en")
    told = tell("As you {H1.deed}, {H2.deed} and {H3.deed}, you {H2.deed}.", slots)
    assert told == (
        "As you rated “Fargo” 5 out of 5, “Heat” 4 out of 5 and viewed “Alien”, "
        "you rated “Heat” 4 out of 5."
    )
    between = tell("You {H1.deed}, {H3.deed} and {H2.deed}.", slots)
    assert between == "You rated “Fargo” 5 out of 5, viewed “Alien” and rated “Heat” 4 out of 5."


def test_a_deed_of_several_parts_keeps_every_verb() -> None:
    slots = {
        name: Slot(name, name[:2], "deed", text)
        for name, text in {
            "H1.deed": "viewed “Heat” and rated it 4 out of 5",
            "H2.deed": "viewed “Fargo”",
            "H3.deed": "viewed “Alien” twice",
        }.items()
    }
    told = tell("You {H1.deed}, {H2.deed} and {H3.deed}.", slots)
    assert told == fill("You {H1.deed}, {H2.deed} and {H3.deed}.", slots)


def test_marks_around_a_placeholder_give_way_to_its_own() -> None:
    slots = world.slots("en")
    assert fill('Like "{H1}" and “{H2}”.', slots) == "Like “Fargo” and “Heat”."


def test_marks_stay_around_words_that_have_none() -> None:
    assert fill("“{SHARED}”", world.slots("en")) == "“Crime”"


def test_an_unknown_placeholder_stays() -> None:
    assert fill("{H9}", world.slots("en")) == "{H9}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_filled_is_found_again(language: str) -> None:
    slots = world.slots(language)
    for slot in slots.values():
        text = f"… {{{slot.name}}} …"
        again = unfill(fill(text, slots), slots)
        assert fill(again, slots) == fill(text, slots)
        assert "{" in again


def test_the_longest_words_are_taken() -> None:
    assert unfill("You rated “Fargo” 5 out of 5.", world.slots("en")) == "You {H1.deed}."


def test_any_sort_of_marks_is_found() -> None:
    assert (
        unfill('You liked "Heat" and 《Fargo》.', world.slots("en")) == "You liked {H2} and {H1}."
    )


def test_a_word_that_goes_on_is_not_found() -> None:
    slots = {"F1": Slot("F1", "F1", "value", "Crime")}
    assert unfill("Crimes, a Crime", slots) == "Crimes, a {F1}"


def test_a_rating_is_found_without_its_scale() -> None:
    assert unfill("你给《冰血暴》打了5分。", world.slots("zh")) == "你{H1.deed}。"


def test_a_skeleton_masks_placeholders_by_what_they_are() -> None:
    one, other = skeleton("You {H1.deed}, so {ITEM}!"), skeleton("you {H2.deed} So {ITEM}.")
    assert one == other == ("you", "{H.deed}", "so", "{ITEM}")


def test_a_chinese_skeleton_goes_by_characters() -> None:
    assert skeleton("你{H1.deed}，推荐") == ("你", "{H.deed}", "推", "荐")


@pytest.mark.parametrize(
    ("own", "copy"),
    [
        ("a b c d e", True),
        ("a b c d x", True),  # four of five
        ("a b c x y", False),
        ("e d c b a", False),  # the same words in another order
        ("a b c d e f g", False),  # five of seven
        ("", False),
    ],
)
def test_a_copy_shares_four_fifths_of_the_sequence(own: str, copy: bool) -> None:
    assert is_copy(own.split(), ["x y z".split(), "a b c d e".split()]) is copy
