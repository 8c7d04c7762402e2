"""The reader goes away: the request to the model ends, and nothing of it stays."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, closing

import pytest

from recx_agent.llms import ScriptedChatModel
from recx_agent.schemas import Sentence
from recx_agent.stores import SqlAuditLog
from recx_agent.writing import GroundedWriter
from tests.unit.writing.conftest import GIVEN, only_record
from tests.unit.writing.plans import OWN, SHARES, writer
from tests.unit.writing.streams import replays
from tests.unit.writing.test_streaming_faults import Stuck, words_of

WORDS = words_of(f"{OWN} {SHARES} {SHARES}")
FIRST = len(words_of(OWN))


@pytest.fixture
def used(log: SqlAuditLog, request: pytest.FixtureRequest) -> Iterator[GroundedWriter]:
    made = writer(request.param, audit=log)
    yield made
    made.close()


def at(*positions: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "used", [Stuck(*WORDS[:position]) for position in positions], indirect=True
    )


def model_of(used: GroundedWriter) -> Stuck:
    model = used._author.model
    assert isinstance(model, Stuck)
    return model


async def tasks_of(used: GroundedWriter) -> list[str]:
    """What is under way in the writer's loop besides this question."""

    async def asked() -> list[str]:
        own = asyncio.current_task()
        return [repr(task) for task in asyncio.all_tasks() if task is not own]

    return await used._loop.call(asked())


@at(*range(len(WORDS) + 1))
async def test_cancelled_at_every_word(used: GroundedWriter, log: SqlAuditLog) -> None:
    model, told = model_of(used), []

    async def read() -> None:
        async with aclosing(aiter(used.stream(GIVEN))) as items:
            async for item in items:
                told.append(item)

    reading = asyncio.create_task(read())
    await asyncio.to_thread(model.reached.wait, 20)
    while len(model.pieces) > FIRST and not told:
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert model.open_streams == 0
    assert await tasks_of(used) == []
    used.flush()
    record = only_record(log)
    assert record.steps[0].detail.startswith("left: the reader went away after")
    assert record.text.startswith(" ".join(item.text for item in told))
    replays(record)


@at(FIRST + 1)
async def test_closed_after_a_sentence(used: GroundedWriter, log: SqlAuditLog) -> None:
    items = aiter(used.stream(GIVEN))
    first = await anext(items)
    assert isinstance(first, Sentence)
    await items.aclose()
    assert model_of(used).open_streams == 0
    assert await tasks_of(used) == []
    used.flush()
    assert "after 1 sentence" in only_record(log).steps[0].detail
    assert only_record(log).text.startswith(first.text)


@at(FIRST + 1)
async def test_a_thread_leaves(used: GroundedWriter) -> None:
    with closing(iter(used.stream(GIVEN))) as items:
        next(items)
    while model_of(used).open_streams:
        await asyncio.sleep(0)
    assert await tasks_of(used) == []


@at(FIRST + 1)
async def test_a_reader_who_is_gone_without_a_word(used: GroundedWriter) -> None:
    for _ in used.stream(GIVEN):
        break
    while model_of(used).open_streams:
        await asyncio.sleep(0)
    assert await tasks_of(used) == []


async def test_whoever_does_not_read_asks_nobody() -> None:
    model = ScriptedChatModel([])
    used = writer(model)
    used.stream(GIVEN)
    used.close()
    assert model.asked == []


async def test_many_at_once_come_and_go() -> None:
    model = ScriptedChatModel(lambda request: f"{OWN} {SHARES}")
    used = writer(model)

    async def read(number: int) -> None:
        async with aclosing(aiter(used.stream(GIVEN))) as items:
            count = 0
            async for _ in items:
                count += 1
                if count > number % 4:
                    return

    await asyncio.gather(*(read(number) for number in range(24)))
    assert model.open_streams == 0
    assert await tasks_of(used) == []
    used.close()
