"""A language model as reader: asked with the text alone, under a grammar."""

from __future__ import annotations

import pytest

from recx_agent.errors import LlmRefused, LlmUnreachable
from recx_agent.evals.outcomes import HeldOut
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import Sources, scorers_of
from recx_agent.evals.scorers.effect.by_model import ModelReader
from recx_agent.evals.scorers.effect.reading import Reading
from recx_agent.llms import ScriptedChatModel
from recx_agent.settings import DataSettings


def reader(model: ScriptedChatModel, scale: tuple[float, float] = (1, 5)) -> ModelReader:
    return ModelReader(model, scale, 4.0)


def test_it_is_asked_for_one_of_the_ratings_and_sees_the_text_alone() -> None:
    model = ScriptedChatModel(lambda request: " 4\n", name="m")
    assert reader(model).read("You liked “Heat”.", "u77", "en") == Reading(1.0, 4.0)
    (asked,) = model.asked
    words = "\n".join(message.content for message in asked.request.messages)
    assert "You liked “Heat”." in words
    assert "u77" not in words
    assert asked.request.grammar == 'root ::= "1" | "2" | "3" | "4" | "5"'
    assert asked.request.temperature == 0.0


@pytest.mark.parametrize("answer", ["", "6", "4 stars", "4.5", "four"])
def test_what_is_no_rating_is_no_answer(answer: str) -> None:
    assert reader(ScriptedChatModel(lambda request: answer)).read("x", "u", "en") is None


def test_a_refused_request_is_no_answer_and_a_dead_endpoint_is_an_error() -> None:
    def refuses(request: object) -> Exception:
        return LlmRefused("too long")

    assert reader(ScriptedChatModel(refuses)).read("x", "u", "en") is None
    answers: list[Exception | str] = [LlmUnreachable("gone"), "2"]
    again = reader(ScriptedChatModel(answers))
    with pytest.raises(LlmUnreachable):
        again.read("x", "u", "en")
    assert again.read("x", "u", "en") == Reading(0.0, 2.0)


def test_equal_texts_are_asked_about_once() -> None:
    model = ScriptedChatModel(lambda request: "5")
    one = reader(model)
    for _ in range(3):
        one.read("x", "u", "en")
        one.unread("u", "en")
    one.read("x", "u", "zh")
    assert len(model.asked) == 3


def test_a_scale_that_is_not_whole_is_asked_for_in_five_steps() -> None:
    model = ScriptedChatModel(lambda request: "3")
    assert reader(model, (0.5, 4.5)).read("x", "u", "en") == Reading(0.0, 2.5)


def test_the_family_reads_by_the_model_of_the_run() -> None:
    answers = {"praise": "5", "blame": "2"}
    model = ScriptedChatModel(
        lambda request: next(
            (a for word, a in answers.items() if word in request.messages[1].content), "3"
        ),
        name="m",
    )
    outcomes = (HeldOut("u", "good", 4.0, True), HeldOut("u", "bad", 1.0, False))
    sources = Sources(data=DataSettings(scale=(1, 5)), outcomes=outcomes, reader=model)
    good = Sample("a", "w", "u", "good", "en", "praise", variant="held_out")
    bad = Sample("b", "w", "u", "bad", "en", "blame", variant="held_out_low", base=good)
    found = {s.name: s.score(bad) for s in scorers_of(["effect_llm"], sources)}  # type: ignore[union-attr]
    assert {name: score.value for name, score in found.items()} == {
        "persuasiveness_llm": 0.0,
        "effectiveness_llm": pytest.approx(0.25),
        "overselling_llm": pytest.approx(0.25),
        "oversell_gap_llm": pytest.approx(-0.75),
        "discrimination_llm": 1.0,
    }
    nobody = scorers_of(["effect_llm"], Sources(outcomes=outcomes))
    assert {s.score(bad).answer for s in nobody} == {"no reader"}  # type: ignore[union-attr]
