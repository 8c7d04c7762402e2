"""What is put in one thread is heard in another, by waiting or by awaiting."""

from __future__ import annotations

import asyncio
import threading

import pytest

from recx_agent.channel import Channel, ChannelEnded


def test_what_was_put_is_heard_in_order_and_then_the_end() -> None:
    channel: Channel[int] = Channel()
    for number in range(3):
        channel.put(number)
    channel.end()
    channel.put(9)
    channel.end(ValueError("late"))
    assert list(channel) == [0, 1, 2]
    with pytest.raises(ChannelEnded):
        channel.get()


async def test_an_error_comes_after_all_that_was_put() -> None:
    channel: Channel[int] = Channel()
    channel.put(1)
    channel.end(ValueError("broken"))
    assert await channel.aget() == 1
    with pytest.raises(ValueError, match="broken"):
        await channel.aget()


def test_nothing_in_time_is_no_loss() -> None:
    channel: Channel[int] = Channel()
    with pytest.raises(TimeoutError):
        channel.get(0.0)
    channel.put(1)
    assert channel.get(0.0) == 1


async def test_a_reader_who_gave_up_may_come_again() -> None:
    channel: Channel[int] = Channel()
    with pytest.raises(TimeoutError):
        await channel.aget(0.001)
    waiting = asyncio.create_task(channel.aget())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    channel.put(1)
    assert await channel.aget() == 1


@pytest.mark.parametrize("putters", [1, 4])
async def test_many_threads_put_and_nothing_is_lost(putters: int) -> None:
    channel: Channel[int] = Channel()
    left = [putters]
    lock = threading.Lock()

    def put() -> None:
        for number in range(200):
            channel.put(number)
        with lock:
            left[0] -= 1
            if left[0] == 0:
                channel.end()

    threads = [threading.Thread(target=put) for _ in range(putters)]
    for thread in threads:
        thread.start()
    heard = [number async for number in channel]
    for thread in threads:
        thread.join()
    assert sorted(heard) == sorted(list(range(200)) * putters)


def test_a_thread_waits_for_another() -> None:
    channel: Channel[str] = Channel()
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.extend(channel))
    thread.start()
    channel.put("a")
    channel.put("b")
    channel.end()
    thread.join()
    assert heard == ["a", "b"]
