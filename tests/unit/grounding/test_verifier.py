"""What a reading tells besides whether it passes, and its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recx_agent.grounding import Reading
from recx_agent.grounding.verifier import MAX_CHARACTERS, MAX_SENTENCES, MAX_TOKENS
from recx_agent.protocols import Claim, Plan
from tests.unit.grounding import world


def read(text: str, *, plan: Plan = world.BY_HISTORY, reason: str = "stop") -> Reading:
    return world.verifier("en").read(text, plan, world.slots("en", plan), finish_reason=reason)


def kinds(reading: Reading) -> list[str]:
    return [found.kind for sentence in reading.sentences for found in sentence.violations]


def test_a_sentence_is_told_raw_filled_cited_and_by_its_claims() -> None:
    (sentence,) = read("{ITEM} is suggested because you {H1.deed}.").sentences
    assert sentence.raw == "{ITEM} is suggested because you {H1.deed}."
    assert sentence.text == "“Jackie Brown” is suggested because you rated “Fargo” 5 out of 5."
    assert sentence.evidence == ("H1",)
    assert "because_history" in sentence.claims


def test_what_a_pronoun_stands_for_is_cited() -> None:
    first, second = read("You {H1.deed} and {H2.deed}. You enjoyed both.").sentences
    assert second.evidence == ("H1", "H2")
    assert not first.violations + second.violations


def test_what_is_shared_cites_history_and_fact() -> None:
    (sentence,) = read("{ITEM} shares the genre {SHARED} with {H1}.").sentences
    assert set(sentence.evidence) == {"F1", "H1"}
    assert "in_common" in sentence.claims


def test_violations_count_sentences_from_zero() -> None:
    reading = read("You {H1.deed}. You loved {H2}.")
    assert [found.sentence for found in reading.sentences[1].violations] == [1]


def test_nothing_is_not_ok() -> None:
    assert not read("").ok
    assert not read("  \n").ok


def test_a_text_that_ran_out_of_tokens_is_cut_off_in_its_last_sentence() -> None:
    reading = read("You {H1.deed}. You {H2.deed}.", reason="length")
    assert [len(sentence.violations) for sentence in reading.sentences] == [0, 1]
    assert kinds(reading) == ["truncated"]


def test_a_run_of_the_instructions_is_an_echo() -> None:
    order = "Write to the reader, who rated both, what is so and why it is suggested."
    text = "You {H1.deed}; that is what is so and why it is suggested."
    plan, slots = world.BY_HISTORY, world.slots("en")
    reading = world.verifier("en", order).read(text, plan, slots)
    assert "instruction_echo" in kinds(reading)
    assert "instruction_echo" not in kinds(world.verifier("en").read(text, plan, slots))


def test_a_list_of_placeholders_in_the_instructions_is_none() -> None:
    verifier = world.verifier("en", "you {H1.deed} {H2.deed} {H3.deed} {ITEM} {H1} {H2} {H3}")
    text = "You {H1.deed}, {H2.deed}, and {H3.deed}, so {ITEM} may suit you."
    assert verifier.read(text, world.BY_HISTORY, world.slots("en")).ok


def test_a_long_sentence_is_refused() -> None:
    assert not read("You {H1.deed}" + ", {H1.deed}" * MAX_TOKENS + ".").ok


def test_more_than_so_many_sentences_are_refused() -> None:
    reading = read("You {H1.deed}. " * (MAX_SENTENCES + 1))
    assert "unsupported_content" in kinds(reading)


def test_what_is_too_long_is_not_read_but_refused() -> None:
    reading = read("You {H1.deed}. " + "{H2} " * MAX_CHARACTERS)
    assert reading.sentences[-1].violations[0].detail == "the text is too long"


def test_a_statement_made_again_in_other_words_is_a_repetition() -> None:
    assert "repetition" in kinds(read("You rated {H1} highly. You gave {H1} a high rating."))


def test_a_cause_is_enough_by_the_totals_of_its_view() -> None:
    text = "{ITEM} is suggested because you {H2.deed}."
    assert kinds(read(text)) == ["causal_overclaim"]  # 0.25 of 2.0
    enough = replace(world.BY_HISTORY, totals={"history": 1.0})
    assert read(text, plan=enough).ok
    unknown = replace(world.BY_HISTORY, totals={})
    assert kinds(read(text, plan=unknown)) == ["causal_overclaim"]
    whole = "{ITEM} is suggested because you {H1.deed}, {H2.deed}, and {H3.deed}."
    assert read(whole, plan=unknown).ok


def test_out_of_the_list_only_if_it_would_be() -> None:
    text = "{ITEM} would not be suggested without {H1}."
    assert read(text).ok
    still = world.plan(
        Claim("because_history", ("H1",)),
        Claim("weighed_most", ("H1",), {"rank": 3, "rank_without": 8, "k": 10}),
    )
    assert kinds(read(text, plan=still)) == ["causal_overclaim"]


def test_weighed_most_needs_the_claim() -> None:
    without = world.plan(Claim("because_history", ("H1", "H2")))
    assert kinds(read("{H1} counted most.", plan=without)) == ["causal_overclaim"]


@pytest.mark.parametrize("kind", ["view", "Page View", "detail-view"])
def test_event_types_are_compared_as_the_templates_do(kind: str) -> None:
    events = [{"event_type": kind, "rating": None, "date": None}]
    plan = world.plan(*world.BY_HISTORY.claims, H3={"events": events})
    assert read("You viewed {H3}.", plan=plan).ok
    assert not read("You bought {H3}.", plan=plan).ok


def test_a_plan_of_attributes_allows_no_history_as_a_cause() -> None:
    text = "{ITEM} is suggested because of {H4}."
    assert kinds(read(text, plan=world.BY_ATTRIBUTE)) == ["causal_overclaim"]


def test_a_name_of_an_attribute_may_be_a_word_of_the_language() -> None:
    fields = {"name": "score", "values": ["high"]}
    plan = world.plan(Claim("because_history", ("H1",)), Claim("fact", ("F1",)), F1=fields)
    slots = world.slots("en", plan)
    slots["F1.name"] = replace(slots["F1.name"], text="score")
    slots["F1"] = replace(slots["F1"], text="high")
    verifier = world.verifier("en")
    (felt,) = verifier.read("You gave “Fargo” a high score.", plan, slots).sentences
    assert not felt.violations
    assert felt.evidence == ("H1",)
    (fact,) = verifier.read("“Jackie Brown” has the score high.", plan, slots).sentences
    assert not fact.violations
    assert fact.evidence == ("F1",)


def test_a_value_that_is_no_rating_says_nothing_of_liking() -> None:
    played = {"event_type": "play", "rating": 20.0, "rating_min": 0.0, "rating_max": 20.0}
    plan = world.plan(*world.BY_HISTORY.claims, H3={"events": [played]})
    assert read("You played {H3}.", plan=plan).ok
    for text in ("You loved {H3}.", "You rated {H3} highly.", "You gave {H3} top marks."):
        assert kinds(read(text, plan=plan)) == ["polarity_mismatch"]


def test_a_thumb_up_is_liked_and_no_more() -> None:
    thumb = {"event_type": "rating", "rating": 1.0, "rating_min": -1.0, "rating_max": 1.0}
    plan = world.plan(*world.BY_HISTORY.claims, H3={"events": [thumb]})
    assert read("You loved {H3}.", plan=plan).ok
    thumbs = replace(plan, wording={"language": "en", "scale_unit": "thumbs"})
    assert read("You liked {H3}.", plan=thumbs).ok
    assert kinds(read("You loved {H3}.", plan=thumbs)) == ["polarity_mismatch"]


def test_where_it_may_be_either_both_have_to_be_so() -> None:
    assert read("You {H1.deed} and {H2.deed}. You liked it.").ok
    assert kinds(read("You {H1.deed} and {H2.deed}. You loved it.")) == ["polarity_mismatch"]
    assert kinds(read("You {H2.deed} and {H1.deed}. You loved it.")) == ["polarity_mismatch"]


def test_of_several_readings_none_may_be_untrue() -> None:
    """In the second, "and" may go on with the reason, which it then is not."""
    told = "{ITEM} is suggested because you {H1.deed}"
    assert read(f"{told}, and it shares the genre {{SHARED}} with {{H1}}.").ok
    undecided = read(f"{told} and it shares the genre {{SHARED}} with {{H1}}.")
    assert kinds(undecided) == ["causal_overclaim"]
