"""What a conversation remembers, for whom, and how long."""

from __future__ import annotations

import pytest

from recx_agent.assistant import Conversation, Conversations, Exchange
from recx_agent.errors import TooManyRequests
from recx_agent.settings import AssistantSettings


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_user_has_one(clock: Clock) -> None:
    kept = Conversations(AssistantSettings(), clock)
    with kept.held("a") as one, kept.held("b") as other:
        assert one is not other
        assert (one.user_id, other.user_id) == ("a", "b")
    with kept.held("a") as again:
        assert again is one


def test_it_goes_when_nobody_goes_on(clock: Clock) -> None:
    kept = Conversations(AssistantSettings(conversation_minutes=1), clock)
    with kept.held("a") as one:
        clock.now = 59
    clock.now = 118
    assert len(kept) == 1
    clock.now = 120
    assert len(kept) == 0
    with kept.held("a") as another:
        assert another is not one


def test_the_oldest_go_where_there_are_too_many(clock: Clock) -> None:
    kept = Conversations(AssistantSettings(conversations=2), clock)
    for user in "abac":
        with kept.held(user):
            pass
    assert len(kept) == 2
    assert kept.forget("a")
    assert not kept.forget("b")


def test_one_answer_at_a_time(clock: Clock) -> None:
    kept = Conversations(AssistantSettings(), clock)
    with kept.held("a"), pytest.raises(TooManyRequests), kept.held("a"):
        pass
    with kept.held("a"):
        pass


def test_a_model_is_sent_as_much_as_there_are_tokens_for() -> None:
    conversation = Conversation("a")
    for number in range(5):
        conversation.exchanges.append(Exchange(f"question {number}", "x" * 400))
    contents = [message["content"] for message in conversation.recent(250)]
    assert contents[::2] == ["question 3", "question 4"]
    assert conversation.recent(10) == []


@pytest.fixture
def clock() -> Clock:
    return Clock()
