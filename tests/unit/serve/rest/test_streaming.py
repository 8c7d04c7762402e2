"""An explanation as server-sent events: what comes, what is refused, and who goes away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from recx_agent import Recx
from recx_agent.errors import IndexStale
from recx_agent.factory.writers import make_grounded_writer
from recx_agent.llms import Pieces, ScriptedChatModel
from recx_agent.protocols import ChatReply, ChatRequest
from recx_agent.schemas import Explanation
from recx_agent.settings import Settings
from tests.unit.serve.rest.conftest import Door, MakeDoor

PATH = "/v1/explanations/stream"


def events_of(text: str) -> list[dict[str, Any]]:
    """The data of each event, whose name is that of its field ``event``."""
    found = []
    for block in text.strip().split("\r\n\r\n"):
        fields = dict(line.partition(": ")[::2] for line in block.split("\r\n"))
        found.append(json.loads(fields["data"]))
        assert found[-1]["event"] == fields["event"]
    return found


async def told(door: Door, item: str, **more: Any) -> list[dict[str, Any]]:
    async with door.of() as client:
        answer = await client.post(PATH, json={"item": item, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    return events_of(answer.text)


def is_whole(events: list[dict[str, Any]]) -> Explanation:
    """In order, and the sentences are those of the explanation."""
    begun, *sentences, last = events
    assert begun["event"] == "begun"
    assert {one["event"] for one in sentences} == {"sentence"}
    explanation = Explanation.model_validate(last["explanation"])
    assert "".join(one["added"] for one in sentences) == explanation.text
    assert [one["text"] for one in sentences] == [s.text for s in explanation.sentences]
    assert [one["number"] for one in sentences] == list(range(len(sentences)))
    assert begun["evidence"] == [e.model_dump(mode="json") for e in explanation.evidence]
    assert begun["item"]["item_id"] == explanation.item.item_id
    return explanation


@pytest.fixture
def item(shared_recx: Recx) -> str:
    return shared_recx.recommend("u0", 1).items[0].title


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_events_are_the_explanation(
    language: str, door: Door, shared_recx: Recx, item: str
) -> None:
    explanation = is_whole(await told(door, item, language=language))
    assert explanation == shared_recx.explain("u0", item, language=language)


async def test_what_is_wrong_is_a_problem_before_anything_is_told(door: Door, item: str) -> None:
    async with door.of() as client:
        unknown = await client.post(PATH, json={"item": "Alein"})
        named = await client.post(PATH, json={"item": item, "user_id": "u1"})
    async with door.client() as stranger:
        refused = await stranger.post(PATH, json={"item": item})
    async with door.of("u0", "feedback") as other:
        forbidden = await other.post(PATH, json={"item": item})
    answers = [unknown, named, refused, forbidden]
    assert [answer.status_code for answer in answers] == [404, 422, 401, 403]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
    assert door.service.turns.running == 0


async def test_a_new_model_with_its_index_is_opened_by_itself(
    make_door: MakeDoor, shared_recx: Recx, item: str
) -> None:
    stale = Stale(shared_recx)
    coming = [cast(Recx, stale), shared_recx]
    door = make_door(lambda: coming.pop(0))
    explanation = is_whole(await told(door, item))
    assert explanation == shared_recx.explain("u0", item)
    assert door.service.holder.version == "000001"
    assert stale.closed, "nobody holds the old one until the end of the stream"
    assert door.service.turns.running == 0


async def test_an_index_that_is_stale_by_itself_is_told(
    make_door: MakeDoor, shared_recx: Recx, item: str
) -> None:
    stale = Stale(shared_recx, in_force="000000")
    door = make_door(lambda: cast(Recx, stale))
    async with door.of() as client:
        answer = await client.post(PATH, json={"item": item})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not stale.closed and door.service.turns.running == 0


@dataclass
class Stale:
    """An opened workspace of a version whose index another one has replaced."""

    newer: Recx
    in_force: str = "000001"
    closed: bool = False

    @property
    def version(self) -> Any:
        return SimpleNamespace(name="000000")

    @property
    def workspace(self) -> Any:
        return SimpleNamespace(current=lambda: SimpleNamespace(name=self.in_force))

    def warm_up(self) -> None: ...

    def stream_explanation(self, *_: Any, **__: Any) -> Any:
        raise IndexStale("workspace", "of another model")

    def close(self) -> None:
        self.closed = True


class Waiting(ScriptedChatModel):
    """Says its pieces, and goes on when it is let."""

    def __init__(self, *pieces: str) -> None:
        super().__init__([])
        self.pieces = pieces
        self.go_on = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def stream(
        self, request: ChatRequest, *, deadline: float | None = None
    ) -> AsyncGenerator[str | ChatReply]:
        self.loop = asyncio.get_running_loop()
        self.open_streams += 1
        try:
            for piece in self.pieces:
                yield piece
            await self.go_on.wait()
            yield self._reply("".join(self.pieces), request, 0.0)
        finally:
            self.open_streams -= 1

    def let(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.go_on.set)


class Asking:
    """One request that is read as it comes; httpx would wait for its end."""

    def __init__(self, door: Door, item: str) -> None:
        self._body = json.dumps({"item": item, "deadline_ms": 25_000}).encode()
        self._sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False
        token = door.token().encode()
        headers = [(b"authorization", b"Bearer " + token), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers,
                 "query_string": b"", "raw_path": PATH.encode(), "scheme": "http",
                 "server": ("test", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
                 "root_path": "", "asgi": {"version": "3.0", "spec_version": "2.4"}}  # fmt: skip
        self.answering = asyncio.create_task(door.app(scope, self._receive, self._sent.put))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def status(self) -> int:
        return int((await self._sent.get())["status"])

    async def event(self) -> dict[str, Any]:
        return events_of((await self._sent.get())["body"].decode())[0]

    async def leave(self) -> None:
        self._gone.set()
        await self.answering


@pytest.fixture
def waiting(
    rest_workspace: Path, shared_recx: Recx, item: str, make_door: MakeDoor
) -> Iterator[tuple[Door, Waiting]]:
    """A door whose model says the reason, begins to say more, and waits."""
    causes = shared_recx.plan("u0", item).claims[0].evidence
    with Recx.open(rest_workspace) as recx:
        named = " and ".join(f"{{{id}}}" for id in causes)
        model = Waiting(f"{{ITEM}} is here because of {named}.", " {ITEM}")
        settings = Settings.model_validate({"llm": {"deadline_ms": 20_000}})
        recx._explainers.__dict__["writer"] = make_grounded_writer(settings, model)
        yield make_door(lambda: recx, threads=1, waiting=0), model


async def test_a_sentence_leaves_while_the_model_writes(
    waiting: tuple[Door, Waiting], item: str
) -> None:
    door, model = waiting
    asking = Asking(door, item)
    assert await asking.status() == 200
    assert (await asking.event())["event"] == "begun"
    first = await asking.event()
    assert "is here because of" in first["text"]
    assert not asking.answering.done()
    model.let()
    events = [first]
    while events[-1]["event"] != "explanation":
        events.append(await asking.event())
    explanation = events[-1]["explanation"]
    assert explanation["text"].startswith(first["text"])
    assert explanation["verdict"] == "repaired"
    await asking.answering
    assert (model.open_streams, door.service.turns.running) == (0, 0)


@pytest.mark.parametrize("read", [0, 1, 2])
async def test_whoever_leaves_ends_the_writing(
    read: int, waiting: tuple[Door, Waiting], item: str
) -> None:
    door, model = waiting
    asking = Asking(door, item)
    assert await asking.status() == 200
    for _ in range(read):
        await asking.event()
    await asking.leave()
    while model.open_streams:
        await asyncio.sleep(0)
    assert door.service.turns.running == 0
    held = door.service.holder._held
    assert held is not None and held.users == 0, "a reload may close the workspace"


async def test_a_stream_holds_a_turn(waiting: tuple[Door, Waiting], item: str) -> None:
    door, model = waiting
    asking = Asking(door, item)
    assert await asking.status() == 200
    async with door.of() as client:
        assert (await client.post(PATH, json={"item": item})).status_code == 503
        assert (await client.post("/v1/recommendations", json={})).status_code == 503
    await asking.leave()
    async with door.of() as client:
        assert (await client.post("/v1/recommendations", json={})).status_code == 200


async def test_a_model_that_breaks_off_is_no_error(
    rest_workspace: Path, item: str, make_door: MakeDoor
) -> None:
    with Recx.open(rest_workspace) as recx:
        model = ScriptedChatModel(lambda request: Pieces(["{ITEM} is"], None))
        settings = Settings.model_validate({"llm": {"deadline_ms": 20_000}})
        recx._explainers.__dict__["writer"] = make_grounded_writer(settings, model)
        explanation = is_whole(await told(make_door(lambda: recx), item))
    assert (explanation.verdict, explanation.fault) == ("template", "faulty")
