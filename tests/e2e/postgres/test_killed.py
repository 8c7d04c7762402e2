"""Killed anywhere while it writes: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recx_agent.datasets.added import AddedEvent
from recx_agent.errors import UserStoreError
from recx_agent.stores import SqlUserStore
from tests.e2e.feedback_driver import ROWS, THINGS
from tests.e2e.postgres_server import PostgresServer, running_postgres

DRIVER = Path(__file__).parents[1] / "feedback_driver.py"
POINTS = 10


def run_driver(folder: Path, url: str | None, schema: str, at: int) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder), url or "-", schema, str(at)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout.splitlines()


def found_in(store: SqlUserStore) -> tuple[set[str], Counter[str]]:
    """What was said, and how many events of each addition there are."""
    said = {f"said {entry.value[1:]}" for entry in store.feedback("ann")}
    did = Counter(f"did {event.text}" for event, _, _ in store.events("ann"))
    others = Counter(f"did {event.text}" for event, _, _ in store.events("bob"))
    assert others.keys() == did.keys(), "users of one addition stand and fall together"
    return said, did


@pytest.mark.parametrize("kind", ["file", "server"])
def test_nothing_acknowledged_is_lost(
    kind: str, server: PostgresServer, schema: str, tmp_path: Path
) -> None:
    url = server.url if kind == "server" else None
    code, told = run_driver(tmp_path / "whole", url, f"{schema}_whole", 0)
    assert code == 0
    steps = int(told[-1])
    points = sorted({1 + n * (steps - 1) // (POINTS - 1) for n in range(POINTS)})
    lost = []
    for at in points:
        folder, name = tmp_path / f"at-{at}", f"{schema}_{at}"
        code, told = run_driver(folder, url, name, at)
        assert code == -signal.SIGKILL
        store = SqlUserStore(folder, url, name)
        said, did = found_in(store)
        assert set(did.values()) <= {ROWS}, "all rows of an addition, or none"
        assert set(told) <= said | did.keys()
        assert len(said | did.keys()) - len(told) in (0, 1), "at most the one that was under way"
        lost.append((at, len(told)))
        store.close()
        code, told = run_driver(folder, url, name, 0)
        assert code == 0
        said, did = found_in(store)
        assert len(said) == len(did) == THINGS, "and it goes on"
        assert set(did.values()) == {ROWS}
        store.close()
    print(f"\n{kind}: {steps} steps; (killed at, acknowledged): {lost}")
    assert len({acknowledged for _, acknowledged in lost}) > 5


def test_several_that_are_killed_while_others_write(tmp_path: Path) -> None:
    """The lock of a killed writer is nobody's."""

    def run(at: int) -> tuple[int, list[str]]:
        return run_driver(tmp_path / "shared", None, "-", at)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(run, [30, 0, 55, 0]))
    assert [code for code, _ in done] == [-signal.SIGKILL, 0, -signal.SIGKILL, 0]
    store = SqlUserStore(tmp_path / "shared")
    said, did = found_in(store)
    assert len(said) == len(did) == THINGS
    assert set(did.values()) == {ROWS}, "whoever came second found it there"
    store.close()


def test_a_server_that_is_killed_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """As a power cut would: its memory is gone, and it recovers from its log."""
    with running_postgres() as server:
        store = SqlUserStore(tmp_path, server.url)
        store.give("ann", "mute", "item", "first")
        acknowledged: list[int] = []
        enough = threading.Event()

        def write(thread: int) -> None:
            own = SqlUserStore(tmp_path, server.url)
            try:
                for n in range(10_000):
                    number = thread * 10_000 + n
                    own.add_events({f"u{thread}": [AddedEvent(f"i{number}", "watch", time=n)]})
                    acknowledged.append(number)
                    if len(acknowledged) >= 200:
                        enough.set()
            except UserStoreError:
                return  # the server is gone
            finally:
                own.close()

        threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        assert enough.wait(120)
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        kept = {event.item_id for thread in range(3) for event, _, _ in store.events(f"u{thread}")}
        print(f"\n{len(acknowledged)} acknowledged, {len(kept)} kept")
        assert {f"i{number}" for number in acknowledged} <= kept
        assert len(kept) - len(acknowledged) <= 3, "at most those that were under way"
        assert len(store.feedback("ann")) == 1
        store.close()
