from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from recx_agent.evals.journal import Journal, Pulse, Stopped, key_of, side_by_side, work_off


def test_records_survive_reopening(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "trials.jsonl"
    Journal(path).add("a", {"value": 0.1 + 0.2})
    again = Journal(path)
    assert again.get("a") == {"key": "a", "value": 0.1 + 0.2}
    assert again.get("b") is None


def test_a_line_cut_off_is_dropped_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "trials.jsonl"
    journal = Journal(path)
    journal.add("a", {"value": 1})
    journal.add("b", {"value": 2})
    path.write_bytes(path.read_bytes()[:-7])
    cut = Journal(path)
    assert len(cut) == 1
    cut.add("b", {"value": 3})
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["value"] for line in lines] == [1, 3]


def test_work_is_done_once_and_returned_in_order(tmp_path: Path) -> None:
    calls: list[int] = []
    told: list[tuple[str, int, int]] = []

    def job(number: int) -> dict[str, int]:
        calls.append(number)
        return {"number": number}

    jobs = {str(n): lambda pulse, n=n: job(n) for n in range(5)}
    path = tmp_path / "j.jsonl"
    first = work_off(Journal(path), dict(list(jobs.items())[:2]))
    second = work_off(
        Journal(path),
        jobs,
        stage="s",
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert [record["number"] for record in second] == [0, 1, 2, 3, 4]
    assert second[:2] == first
    assert sorted(calls) == [0, 1, 2, 3, 4]
    assert told[0] == ("s", 2, 5)
    assert told[-1] == ("s", 5, 5)


def test_a_failure_stops_the_others_and_keeps_what_was_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    stopped = threading.Event()

    def long(pulse: Pulse) -> dict[str, int]:
        try:
            while True:
                pulse()
        except Stopped:
            stopped.set()
            raise

    def fails(pulse: Pulse) -> dict[str, int]:
        raise RuntimeError("broken")

    jobs = {"done": lambda pulse: {"n": 1}, "long": long, "fails": fails}
    with pytest.raises(RuntimeError, match="broken"):
        work_off(journal, jobs, threads=2)
    assert stopped.is_set()
    assert journal.get("done") is not None
    assert journal.get("long") is None


def test_no_job_is_no_work() -> None:
    side_by_side([])


def test_keys_do_not_hang_on_the_order_of_their_parts() -> None:
    assert key_of(a=1, b={"y": 2, "x": 1}) == key_of(b={"x": 1, "y": 2}, a=1)
    assert key_of(a=1) != key_of(a=2)
