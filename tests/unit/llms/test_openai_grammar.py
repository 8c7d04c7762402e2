"""Whether an endpoint takes a grammar: it is asked once, or the settings say."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from recx_agent.errors import (
    LlmRefused,
    LlmTimeout,
)
from tests.unit.llms.conftest import (
    GRAMMAR,
    FakeEndpoint,
    MakeModel,
    completion,
)


class TestGrammar:
    async def test_auto_asks_once(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        endpoint.answers = [completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        await model.complete(GRAMMAR)
        await model.complete(GRAMMAR)
        assert ["structured_outputs" in body for body in endpoint.sent] == [True, True, True]

    async def test_many_at_once_wait_for_one_answer(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        endpoint.answers = [completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        await asyncio.gather(*(model.complete(GRAMMAR) for _ in range(5)))
        assert len(endpoint.sent) == 6

    @pytest.mark.parametrize("answer", ["Hello!", "grammar 12", "grammar 1234", "a grammar 123"])
    async def test_one_that_passes_over_it(
        self, endpoint: FakeEndpoint, make_model: MakeModel, answer: str
    ) -> None:
        endpoint.answers = [completion(answer), completion("Because.")]
        model = make_model(structured="auto")
        await model.complete(GRAMMAR)
        assert await model.takes_grammar() is False
        assert "structured_outputs" not in endpoint.sent[-1]

    async def test_one_that_refuses_it(self, endpoint: FakeEndpoint, make_model: MakeModel) -> None:
        refused: Any = (400, {"error": {"message": "unknown field structured_outputs"}}, {})
        endpoint.answers = [refused, completion("Hello!"), completion("Because.")]
        model = make_model(structured="auto")
        assert (await model.complete(GRAMMAR)).choices[0].text == "Because."

    async def test_one_that_refuses_everything_has_not_said(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        refused: Any = (401, {"error": {"message": "no such key"}}, {})
        endpoint.answers = [refused, refused, completion("grammar 123"), completion("Because.")]
        model = make_model(structured="auto")
        with pytest.raises(LlmRefused, match="no such key"):
            await model.complete(GRAMMAR)
        assert await model.takes_grammar() is True

    async def test_who_has_no_time_leaves_and_the_question_stands(
        self, endpoint: FakeEndpoint, make_model: MakeModel
    ) -> None:
        answered = asyncio.Event()
        loops: list[asyncio.AbstractEventLoop] = []

        async def later(request: Any) -> Any:
            loops.append(asyncio.get_running_loop())
            await answered.wait()
            return completion("grammar 123")

        endpoint.answers = [later, completion("Because.")]
        model = make_model(structured="auto", model="served")
        with pytest.raises(LlmTimeout, match="has not said in time"):
            await model.complete(GRAMMAR, deadline=time.monotonic() + 0.05)
        loops[0].call_soon_threadsafe(answered.set)
        assert await model.takes_grammar() is True
        assert len(endpoint.sent) == 1

    @pytest.mark.parametrize(("structured", "is_sent"), [("on", True), ("off", False)])
    async def test_the_settings_may_say(
        self, endpoint: FakeEndpoint, make_model: MakeModel, structured: str, is_sent: bool
    ) -> None:
        await make_model(structured=structured).complete(GRAMMAR)
        assert [("structured_outputs" in body) for body in endpoint.sent] == [is_sent]
