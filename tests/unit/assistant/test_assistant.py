"""Whatever a model does, what is shown is true, and answers the question."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from recx_agent.errors import IndexMissing, LlmUnreachable, UsageError
from recx_agent.llms.scripted_tools import calls
from recx_agent.protocols import ToolReply, ToolRequest
from tests.unit.assistant.conftest import USER, Talk

Make = Callable[..., Talk]
DEAD = LlmUnreachable("http://localhost:1/v1: nothing answers")


def best(talk: Talk) -> str:
    return talk.recx.recommend(USER, 1).items[0].title


def why(talk: Talk, title: str) -> str:
    return talk.recx.explain(USER, title).text


def explaining(free: Make, last: str) -> Talk:
    """A model that explains the best item, and says ``last``."""
    talk: Talk

    def script(request: ToolRequest) -> str | ToolReply:
        if request.messages[-1]["role"] == "tool":
            return last
        return calls("explain_recommendation", item=best(talk))

    talk = free(script)
    return talk


def test_a_result_is_placed_by_its_name_word_by_word(free: Make) -> None:
    talk = explaining(free, "Sure! Here is why:\n{R1}\nWould you like another film?")
    reply = talk.say("Why is it suggested?")
    text = why(talk, best(talk))
    assert reply.text == f"Sure! Here is why:\n\n{text}\n\nWould you like another film?"
    assert reply.dropped == ()


def test_a_result_that_the_model_does_not_name_is_placed_by_code(free: Make) -> None:
    talk = free([calls("describe_my_taste"), "Hello! Would you like to know more?"])
    profile = talk.recx.profile(USER)
    assert profile.told is not None
    reply = talk.say("What do you know about me?")
    assert reply.text == f"Hello!\n\n{profile.told.text}\n\nWould you like to know more?"


@pytest.mark.parametrize(
    "own",
    [
        "You will love “Comedy 8”.",
        "It has 5 stars.",
        "Critics praise it.",
        "Because you rated “Comedy 999” 5 out of 5, it is suggested.",
        "My top pick is Comedy 8!",
        "You gave it a low rating.",
        "Ignore the placeholder {R1}R.",
    ],
)
def test_words_that_nothing_carries_are_dropped(free: Make, own: str) -> None:
    talk = explaining(free, f"{own}\n{{R1}}")
    reply = talk.say("Why?")
    assert reply.text == why(talk, best(talk))
    assert reply.dropped


def test_a_true_sentence_of_the_models_own_is_shown_with_what_carries_it(free: Make) -> None:
    talk: Talk

    def script(request: ToolRequest) -> str | ToolReply:
        if request.messages[-1]["role"] != "tool":
            return calls("explain_recommendation", item=best(talk))
        plan = talk.recx.plan(USER, best(talk))
        piece = next(p for p in plan.evidence.values() if p.id == "H1")
        title, rating = piece.fields["title"], int(piece.fields["rating"])
        lie = 9 - rating
        return f"You rated “{title}” {rating} out of 5. You rated “{title}” {lie} out of 5.\n{{R1}}"

    talk = free(script)
    reply = talk.say("Why?")
    own = reply.parts[0]
    assert re.fullmatch(r"You rated “.*” [45] out of 5\.", own.text)
    assert own.evidence == (f"{best(talk)}: H1",)
    assert len(reply.dropped) == 1


def test_an_announcement_of_something_else_is_dropped(free: Make) -> None:
    talk = free([calls("recommend_items", k=2), "Here is why:\n{R1}"])
    reply = talk.say("What should I watch?")
    assert reply.text.startswith("Suggestions, best first:\n1. “")
    assert reply.dropped == ("Here is why:",)


def test_noted_is_said_only_of_what_was_kept(free: Make) -> None:
    talk = free([calls("recommend_items", k=2), "Noted.\n{R1}"])
    assert talk.say("Something to watch?").dropped == ("Noted.",)
    talk = free([calls("give_feedback", kind="like", what="Comedy 8"), "Noted.\n{R1}"])
    assert talk.say("I liked Comedy 8.").text == "Noted.\n\nKept: “Comedy 8” counts as liked."


# --- a model that does not do what it should


@pytest.mark.parametrize("routing", ["free", "guided"])
def test_a_dead_endpoint_costs_only_the_words(
    routing: str, open_recx: Callable[..., object]
) -> None:
    talk = Talk(open_recx(routing=routing), lambda request: DEAD)  # type: ignore[arg-type]
    reply = talk.say("What should I watch?")
    assert reply.fault == "unreachable"
    assert reply.text.count("\n") == 5
    assert talk.say("Why the second?").text == why(talk, reply.results[0].titles[1])


def test_a_model_that_calls_nothing(free: Make) -> None:
    talk = free(["You should watch Titanic, it won 11 Oscars."] * 2)
    reply = talk.say("What should I watch?")
    assert reply.tool == "recommend_items"
    assert "Titanic" not in reply.text
    assert talk.say("Hm.").text.startswith("I can suggest films, say why")


def test_where_only_a_question_is_left_it_is_said_what_can_be_asked(free: Make) -> None:
    reply = free(["You are a man of taste. Would you like more?"]).say("Hm, well.")
    assert reply.text.startswith("I can suggest films, say why")


def test_a_model_that_goes_in_circles(free: Make) -> None:
    talk = free(lambda request: calls("recommend_items", k=2))
    reply = talk.say("What should I watch?")
    assert len(reply.results) == 1
    assert reply.requests == 2


def test_a_model_that_never_ends(free: Make) -> None:
    talk = free(lambda request: calls("recommend_items", k=len(request.messages)), steps=3)
    assert talk.say("What should I watch?").requests == 3


@pytest.mark.parametrize(
    "bad",
    [
        calls("explain_recommendation", "{not json"),
        calls("explain_recommendation", "[]"),
        calls("explain_recommendation", titel="x"),
        calls("buy_now", item="Comedy 8"),
        calls("explain_recommendation", item="Titanic"),
        ToolReply(calls=()),
    ],
)
def test_a_bad_call_ends_in_the_answer_that_was_asked_for(free: Make, bad: ToolReply) -> None:
    talk = free([bad, "", bad, ""])
    title = best(talk)
    reply = talk.say(f"Why “{title}”?")
    assert reply.text == why(talk, title)


def test_what_a_model_names_is_not_repeated_where_it_is_wrong(free: Make) -> None:
    talk = free([calls("compare_items", item="Titanic", other="Hitler"), "{R1}"])
    reply = talk.say("Compare them for me, will you?")
    assert "Titanic" not in reply.text
    assert "Hitler" not in reply.text


# --- nothing is changed that the person did not say


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("What should I watch?", {"kind": "dislike", "what": "Comedy 8"}),
        ("I liked Comedy 8.", {"kind": "dislike", "what": "Comedy 8"}),
        ("I liked Comedy 8.", {"kind": "like", "what": "Western 1"}),
        ("Why would I like Comedy 8?", {"kind": "like", "what": "Comedy 8"}),
        ("Why?", {"kind": "undo"}),
    ],
)
def test_a_model_keeps_no_feedback_by_itself(free: Make, said: str, call: dict[str, str]) -> None:
    talk = free([calls("give_feedback", **call), "Noted.\n{R1}"])
    reply = talk.say(said)
    kept = [f for f in talk.recx.feedback_of(USER) if f.kind == "dislike" or f.what == "i1"]
    assert not kept
    assert "Noted." not in reply.text


def test_a_fault_of_the_set_up_is_raised(free: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = free([calls("explain_recommendation", item="Comedy 8")])

    def missing(*_: object, **__: object) -> None:
        raise IndexMissing("/srv/workspace")

    monkeypatch.setattr(talk.recx, "explain", missing)
    with pytest.raises(IndexMissing):
        talk.say("Why?")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_what_is_no_message_is_refused(guided: Make, text: str) -> None:
    with pytest.raises(UsageError):
        guided().say(text)


# --- without a model, and led


def test_recommend_why_what_if_feedback_and_the_reason_is_gone(guided: Make) -> None:
    talk = guided()
    first = talk.say("What should I watch?").results[0].titles[0]
    told = talk.say("Why the first one?")
    cause = told.results[0].causes[0]
    assert f"“{cause}”" in told.text
    assert talk.say("And if I had not seen that?").text.startswith(f"Without “{cause}”")
    kept = talk.say("Please not because of that again.")
    assert kept.text == f"Kept: “{cause}” is no reason any more."
    again = talk.say(f"Why {first}?")
    assert again.tool == "explain_recommendation"
    assert f"“{cause}”" not in again.text


def test_the_same_in_chinese(guided: Make) -> None:
    talk = guided()
    assert talk.say("推荐几部电影").text.startswith("推荐如下")
    told = talk.say("为什么推荐第一部？")
    cause = told.results[0].causes[0]
    assert told.language == "zh"
    assert talk.say(f"别再拿《{cause}》当理由了").text.startswith("已记下")
    assert cause not in talk.say("为什么推荐它？").text.replace(told.results[0].item or "", "")


def test_which_reason_was_meant_is_asked_and_the_answer_understood(guided: Make) -> None:
    talk = guided()
    talk.say("Suggestions, please")
    told = talk.say("Why the first?")
    causes = told.results[0].causes
    if len(causes) == 1:
        pytest.fail("the planted world tells several causes")
    asked = talk.say("Not because of that again")
    assert "Which do you mean" in asked.text
    assert talk.say(causes[1]).text == f"Kept: “{causes[1]}” is no reason any more."


def test_a_model_is_asked_for_the_intent_only_where_words_do_not_tell(guided: Make) -> None:
    talk = guided(['{"intent": "describe_my_taste"}', "Here is your taste: {R1}"])
    reply = talk.say("Read me like an open book.")
    assert reply.tool == "describe_my_taste"
    assert reply.parts[0].text == "Here is your taste:"
    assert talk.chat is not None
    intent, around = talk.chat.requests
    assert intent.schema is not None
    assert "talk" in intent.schema["properties"]["intent"]["enum"]
    assert around.schema is None


def test_a_led_model_can_only_name_what_was_talked_about(guided: Make) -> None:
    script = [
        "{R1}",
        '{"intent": "give_feedback"}',
        '{"kind": "like", "what": "Comedy 8"}',
        "",
    ]
    talk = guided(script)
    talk.say("What should I watch?")
    talk.say("Hm, well, those again.")
    assert talk.chat is not None
    schema = talk.chat.requests[2].schema
    assert schema is not None
    listed = schema["properties"]["what"]["enum"]
    assert listed == list(talk.conversation.listed)
    assert not talk.recx.feedback_of(USER)


def test_what_a_model_said_before_is_not_remembered_unless_it_was_shown(free: Make) -> None:
    talk = free([calls("recommend_items", k=1), "Comedy 2 is the best!\n{R1}", "Hello!"])
    talk.say("What should I watch?")
    talk.say("Hello")
    assert talk.chat is not None
    sent = " ".join(str(m["content"]) for m in talk.chat.requests[-1].messages[1:])
    assert "the best!" not in sent
    assert "Suggestions, best first" in sent


@pytest.mark.parametrize("kind", ["recommend", "why", "compare", "what_if", "taste", "kept"])
def test_the_example_that_a_led_model_is_shown_passes(guided: Make, kind: str) -> None:
    """A small model says the example again: that has to be something that may be shown."""
    said = {
        "recommend": "What should I watch?",
        "why": "Why Comedy 8?",
        "compare": "Compare Comedy 8 and Comedy 6.",
        "what_if": "What if Comedy did not count?",
        "taste": "What do you know about me?",
        "kept": "I liked Comedy 8.",
    }[kind]

    def example(request: ToolRequest) -> str:
        asked = str(request.messages[-1]["content"])
        return asked.partition("For example:")[2].strip()

    reply = guided(example).say(said)
    assert reply.dropped == ()
    assert [part.result is None for part in reply.parts] == [True, False, True]


def test_the_plan_of_an_item_is_that_of_its_explanation(guided: Make) -> None:
    talk = guided()
    title = best(talk)
    plan, told = talk.recx.plan(USER, title), talk.recx.explain(USER, title)
    assert plan.item_title == title
    assert set(plan.evidence) >= {id for one in told.sentences for id in one.evidence}
