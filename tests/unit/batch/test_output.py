"""One line a pair, whatever happens in between."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from recx_agent.batch.lines import Lines, key_of
from recx_agent.batch.output import opened
from recx_agent.errors import UsageError, WriteFailed, WriteLocked

JOB = {"version": "000001", "k": 10}


def line(user: str, item: str, **more: object) -> str:
    told = {"user_id": user, "item": {"item_id": item, "title": "T"}, "text": "words", **more}
    return json.dumps(told, ensure_ascii=False)


def add(lines: Lines, *pairs: tuple[str, str]) -> None:
    for user, item in pairs:
        lines.add((user, item), line(user, item))


@pytest.fixture(params=["out.jsonl", "out.parquet"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(tmp_path / request.param)


def pairs_in(path: Path) -> list[tuple[str, str]]:
    if path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
        assert all(key_of(json.loads(row["json"]))[0] == row["user_id"] for row in rows)
        return [(row["user_id"], row["item_id"]) for row in rows]
    return [key_of(json.loads(text)) for text in path.read_text(encoding="utf-8").splitlines()]


def test_each_pair_has_one_line(out: Path) -> None:
    with opened(out, JOB) as lines:
        add(lines, ("ann", "1"), ("bob", "1"), ("ann", "1"))
    assert pairs_in(out) == [("ann", "1"), ("bob", "1")]


def test_it_goes_on_where_it_stood(out: Path) -> None:
    with opened(out, JOB) as lines:
        add(lines, ("ann", "1"))
    with opened(out, JOB) as lines:
        assert lines.done == {("ann", "1")}
        add(lines, ("ann", "1"), ("小明", "2"))
    assert pairs_in(out) == [("ann", "1"), ("小明", "2")]


def test_what_was_written_before_an_error_stays(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(RuntimeError), opened(out, JOB) as lines:
        add(lines, ("ann", "1"))
        raise RuntimeError
    with opened(out, JOB) as lines:
        assert lines.done == {("ann", "1")}


def test_a_line_cut_off_by_a_kill_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out, JOB) as lines:
        add(lines, ("ann", "1"))
    whole = out.read_bytes()
    for cut in (1, len(whole) // 2, len(whole) - 1):
        out.write_bytes(whole + line("bob", "小").encode()[:cut])
        with opened(out, JOB) as lines:
            assert lines.done == {("ann", "1")}
        assert out.read_bytes() == whole


def test_errors_are_lines_too(out: Path) -> None:
    error = {"user_id": "zed", "item_id": None, "error": {"kind": "UnknownUser", "message": "no"}}
    with opened(out, JOB) as lines:
        lines.add(("zed", ""), json.dumps(error))
    with opened(out, JOB) as lines:
        assert lines.done == {("zed", "")}
    if out.suffix == ".parquet":
        assert pq.read_table(out).to_pylist()[0]["error"] == "no"


def test_another_job_is_not_mixed_in(out: Path) -> None:
    with opened(out, JOB) as lines:
        add(lines, ("ann", "1"))
    with pytest.raises(UsageError, match="begun with k 10, and now it is 5"):
        opened(out, {**JOB, "k": 5}).__enter__()
    with opened(out, {**JOB, "k": 5}, force=True) as lines:
        assert lines.done == set()


def test_a_file_of_somebody_else_is_left_alone(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        opened(out, JOB).__enter__()
    assert out.read_text() == "mine"


def test_a_file_that_was_changed_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out, JOB) as lines:
        add(lines, ("ann", "1"))
    out.write_text('{"user_id": "ann"}\n')
    with pytest.raises(UsageError, match="line 1: this is no line"):
        opened(out, JOB).__enter__()


def test_the_name_says_what_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"end in \.jsonl or \.parquet"):
        opened(tmp_path / "out.csv", JOB).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_one_writes_at_a_time(out: Path) -> None:
    with opened(out, JOB), pytest.raises(WriteLocked):
        opened(out, JOB).__enter__()


def test_chunks_are_on_disk_before_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out, JOB) as lines:
        add(lines, *((f"u{n}", "1") for n in range(130)))
        assert len(pairs_in(out)) >= 128


def test_no_room_is_told(tmp_path: Path) -> None:
    lines = Lines(tmp_path / "gone" / "out.jsonl")
    add(lines, ("ann", "1"))
    with pytest.raises(WriteFailed):
        lines.flush()
