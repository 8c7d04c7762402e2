"""Calls by the official client, in this process."""

from __future__ import annotations

import logging
import threading
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.types import INTERNAL_ERROR, TextContent

from recx_agent import Recx, errors
from recx_agent.errors import NotSignedIn
from recx_agent.serve.identity import Caller
from recx_agent.serve.mcp.answering import Answering
from recx_agent.serve.mcp.offers import offers
from recx_agent.serve.mcp.server import make_server
from recx_agent.serve.mcp.structure import given
from recx_agent.serve.running.logs import JsonLines
from recx_agent.tools import dispatch
from tests.unit.serve.mcp.conftest import Spy, client_of, service_of
from tests.unit.tools.conftest import examples_of
from tests.unit.tools.test_identity import SMUGGLED

MODES = ["auto", "legacy"]
OTHER = "u1"


def text_of(result: Any) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", MODES)
async def test_every_tool_answers_as_the_dispatcher_does(mode: str, recx: Recx) -> None:
    examples = examples_of(recx)
    examples["give_feedback"] = {"kind": "never_suggest", "what": "genre=Western"}
    recx.feedback("u0", "exclude", "genre=Western")  # it is kept before, both times
    async with client_of(recx, mode=mode) as client:
        listed = (await client.list_tools()).tools
        assert [tool.name for tool in listed] == list(offers())
        for name, args in examples.items():
            result = await client.call_tool(name, args)  # the client checks the schema too
            expected = dispatch(name, args, core=recx, user_id="u0")
            assert expected.artifact is not None
            assert (result.is_error, text_of(result)) == (False, expected.content)
            assert result.structured_content == given(expected.artifact)


@pytest.mark.parametrize("name", offers())
async def test_a_smuggled_id_changes_nothing(name: str, spy: Spy) -> None:
    args = examples_of(spy.core)[name]
    if name == "give_feedback":
        spy.core.feedback("u0", "mute", args["what"])
    meta: Any = {"user_id": OTHER, "sub": OTHER, "user": {"id": OTHER}}
    async with client_of(spy) as client:
        plain = await client.call_tool(name, args)
        mixed = await client.call_tool(name, {**SMUGGLED, **args}, meta=meta)
    assert mixed.structured_content == plain.structured_content
    assert text_of(mixed) == text_of(plain)
    assert spy.users == ["u0", "u0"]


@pytest.mark.parametrize("mode", MODES)
async def test_what_a_model_can_mend_is_told(mode: str, recx: Recx) -> None:
    async with client_of(recx, mode=mode) as client:
        lost = await client.call_tool("explain_recommendation", {"item": "Comedi"})
        misfit = await client.call_tool("recommend_items", {"k": 0})
        stranger = client_of(recx, "somebody")
        async with stranger:
            unknown = await stranger.call_tool("describe_my_taste", {})
    assert lost.is_error and "No item is called 'Comedi'; the closest are" in text_of(lost)
    assert misfit.is_error and "k: Input should be greater than or equal to 1" in text_of(misfit)
    assert unknown.is_error and text_of(unknown) == "Nothing is known of this user yet."
    assert lost.structured_content is None


@pytest.mark.parametrize("mode", MODES)
async def test_an_unknown_tool_is_an_error_of_the_protocol(mode: str, spy: Spy) -> None:
    async with client_of(spy, mode=mode) as client:
        with pytest.raises(MCPError, match="there is no such tool; there are recommend_items, ex"):
            await client.call_tool("drop_table", {"user_id": OTHER})
        await client.call_tool("describe_my_taste", {})
    assert spy.users == ["u0"]


FAULTS = [
    (errors.IndexMissing("/srv/films/evidence", "recx index"), "/srv/films/evidence"),
    (RuntimeError("what was asked by u0 about Comedy 2"), "serve/mcp/conftest.py"),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("fault", "logged"), FAULTS, ids=["operator", "bug"])
async def test_a_fault_of_the_operators_is_in_the_log_alone(
    fault: Exception, logged: str, mode: str, spy: Spy, caplog: pytest.LogCaptureFixture
) -> None:
    spy.fault = fault
    with caplog.at_level(logging.INFO):
        async with client_of(spy, mode=mode) as client:
            with pytest.raises(MCPError) as caught:
                await client.call_tool("explain_recommendation", {"item": "Comedy 2"})
    assert caught.value.code == INTERNAL_ERROR
    assert "films" not in str(caught.value) and "u0" not in str(caught.value)
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    line = JsonLines().format(record)
    assert str(caught.value).rpartition(" ")[2] in line
    assert type(fault).__name__ in line and logged in line
    assert "u0" not in line and "Comedy 2" not in line


async def test_the_log_names_neither_the_user_nor_what_is_asked(
    recx: Recx, caplog: pytest.LogCaptureFixture
) -> None:
    title = recx.recommend("u0", 1).items[0].title
    with caplog.at_level(logging.DEBUG, "recx_agent"):
        async with client_of(recx) as client:
            await client.call_tool("explain_recommendation", {"item": title})
            await client.call_tool("explain_recommendation", {"item": "Comedi"})
    lines = "".join(JsonLines().format(record) for record in caplog.records)
    assert lines.count('"tool": "explain_recommendation"') == 2
    assert '"outcome": "UnknownItem"' in lines
    assert "u0" not in lines and title not in lines and "Comedi" not in lines


async def test_a_caller_without_the_scope_is_not_offered_feedback_and_cannot_give_it(
    spy: Spy,
) -> None:
    reader = Caller("u0", frozenset({"recommend"}), "user:1")
    answering = Answering(service_of(spy), lambda _: reader)
    async with Client(make_server(answering)) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        refused = await client.call_tool("give_feedback", {"kind": "undo"})
    assert names == [name for name in offers() if name != "give_feedback"]
    assert refused.is_error and "'feedback'" in text_of(refused)
    assert spy.users == []


async def test_a_token_that_expires_ends_the_session(spy: Spy) -> None:
    expired = False

    def who_asks(_: Any) -> Caller:
        if expired:
            raise NotSignedIn("the token has expired; sign in again")
        return Caller("u0", frozenset({"recommend"}), "user:1")

    answering = Answering(service_of(spy), who_asks)
    async with Client(make_server(answering)) as client:
        before = await client.call_tool("recommend_items", {"k": 1})
        expired = True
        after = await client.call_tool("recommend_items", {"k": 1})
        with pytest.raises(MCPError, match="the token has expired"):
            await client.list_tools(cache_mode="bypass")
    assert not before.is_error
    assert after.is_error and text_of(after).startswith(
        "This is not answered: the token has expired"
    )
    assert spy.users == ["u0"]


class Meeting(Spy):
    """A core whose calls wait until so many are there."""

    def __init__(self, core: Recx, parties: int) -> None:
        super().__init__(core)
        self.met = threading.Barrier(parties)

    def recommend(self, *args: Any, **more: Any) -> Any:
        self.met.wait(10)
        return self.core.recommend(*args, **more)


async def test_calls_do_not_wait_for_one_another(recx: Recx) -> None:
    async with client_of(Meeting(recx, 3)) as client, anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(client.call_tool, "recommend_items", {"k": 1})


class Holding(Spy):
    """A core whose calls wait to be let go; notes how many it had."""

    def __init__(self, core: Recx) -> None:
        super().__init__(core)
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.calls = 0

    def recommend(self, *args: Any, **more: Any) -> Any:
        self.calls += 1
        self.begun.set()
        self.let_go.wait(10)
        return self.core.recommend(*args, **more)


async def test_a_call_that_is_cancelled_while_it_waits_is_not_begun(recx: Recx) -> None:
    """One thread: the second call waits for it, is cancelled, and the third is answered."""
    core = Holding(recx)
    async with client_of(core, mode="legacy", threads=1) as client:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "recommend_items", {"k": 1})
            await anyio.to_thread.run_sync(core.begun.wait)
            with anyio.move_on_after(0.05) as waiting:
                await client.call_tool("recommend_items", {"k": 2})
            assert waiting.cancelled_caught
            await client.list_tools()  # the server goes on, and has read the cancellation
            core.let_go.set()
        third = await client.call_tool("recommend_items", {"k": 3})
    assert third.structured_content is not None
    assert (len(third.structured_content["items"]), core.calls) == (3, 2)


async def test_progress_is_reported_where_it_is_asked_for(recx: Recx) -> None:
    seen: list[tuple[float, float | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        seen.append((progress, total))

    async with client_of(recx) as client:
        await client.call_tool("describe_my_taste", {}, progress_callback=note)
    assert seen == [(0, 1), (1, 1)]


async def test_there_are_no_resources_and_no_prompts(recx: Recx) -> None:
    async with client_of(recx, mode="legacy") as client:
        assert client.server_capabilities.resources is None
        assert client.server_capabilities.prompts is None
        assert client.server_capabilities.tools is not None
        with pytest.raises(MCPError, match="Method not found"):
            await client.list_resources()


async def test_language_and_strangers_are_the_operators_choice(recx: Recx) -> None:
    async with client_of(recx, language="zh", allow_cold=True) as client:
        told = text_of(await client.call_tool("describe_my_taste", {}))
    assert any("\u4e00" <= character <= "\u9fff" for character in told)
    async with client_of(recx, "somebody", allow_cold=True) as client:
        cold = await client.call_tool("recommend_items", {"k": 1})
    assert cold.structured_content is not None
    assert cold.structured_content["fallback"] == "popularity"
