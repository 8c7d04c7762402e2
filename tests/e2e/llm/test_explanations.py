"""Explanations of MovieLens by the real model: none untrue, all replayed, none lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.audit import newest_records, replay_record
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.written import problems_of
from recx_agent.grounding import skeleton
from tests.e2e.llm.conftest import SERVED
from tests.e2e.llm.serving import Serving
from tests.promptness import LATE, PROMISED

DYING = 9
"""Users of the batches whose server dies: more than are written before that."""
SAMPLE = int(os.environ.get("RECX_TEST_USERS", "32"))
Json = dict[str, Any]


@pytest.fixture(scope="module")
def workspace(film_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The films, with a store of texts of their own."""
    place = tmp_path_factory.mktemp("written") / "workspace"
    return Path(shutil.copytree(film_workspace, place))


def batch(workspace: Path, url: str, out: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).with_name("recx")), "explain-batch"]
    command += ["--out", str(out), "-w", str(workspace), *options]
    settings = {"BASE_URL": url, "MODEL": SERVED, "TIMEOUT_SECONDS": "300"}
    env = {**os.environ, **{f"RECX_LLM__{name}": value for name, value in settings.items()}}
    return subprocess.Popen(command, env=env)


def lines_of(out: Path) -> list[Json]:
    if not out.exists():
        return []
    whole = out.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def wait_for(process: subprocess.Popen[bytes], out: Path, count: int) -> None:
    while len(lines_of(out)) < count:
        assert process.poll() is None, "it ended too early"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def written(workspace: Path, vllm_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """One explanation each of a sample of users."""
    out = tmp_path_factory.mktemp("out") / "written.jsonl"
    options = ("--sample", str(SAMPLE), "-k", "1", "--concurrency", "16")
    assert batch(workspace, vllm_url, out, *options).wait(1500) == 0
    return lines_of(out)


@pytest.mark.timeout(1800)
def test_every_user_has_an_explanation_and_no_fault(written: list[Json]) -> None:
    assert len({line["user_id"] for line in written}) == len(written) == SAMPLE
    assert {line["fault"] for line in written} == {None}
    told = Counter(line["verdict"] for line in written)
    own = [line for line in written if line["verdict"] in ("supported", "repaired")]
    skeletons = {skeleton(line["text"]) for line in own}
    found = Counter(v["kind"] for line in written for v in line["violations"])
    print(f"\nverdicts: {dict(told)}; texts of the model's own: {len(own)} of {len(written)}, ")
    print(f"  {len(skeletons)} different; violations in drafts: {dict(found)}")
    for line in own[:10]:
        print(f"  {line['text']}")


def test_nothing_untrue_is_shown(written: list[Json], raw: Raw) -> None:
    wrong = {line["text"]: problems_of(line, raw, k=1) for line in written}
    wrong = {text: problems for text, problems in wrong.items() if problems}
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1, default=str)[:4000]


def test_every_text_comes_out_again_without_the_model(workspace: Path, written: list[Json]) -> None:
    records = {record.audit_id: record for record in newest_records(workspace, 10_000)}
    for line in written:
        record = records[line["audit_id"]]
        assert record.text == line["text"]
        assert replay_record(record).same


@pytest.mark.timeout(1800)
def test_a_batch_that_is_killed_goes_on_and_writes_each_pair_once(
    workspace: Path, vllm_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "killed.jsonl"
    options = ("--sample", "9", "-k", "1", "--concurrency", "3")
    for stop_at in (1, 4):
        process = batch(workspace, vllm_url, out, *options)
        wait_for(process, out, stop_at)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with out.open("ab") as handle:
            handle.write(b'{"user_id": "torn')
    assert batch(workspace, vllm_url, out, *options).wait(900) == 0
    pairs = Counter((line["user_id"], line["item"]["item_id"]) for line in lines_of(out))
    assert len(pairs) == 9
    assert set(pairs.values()) == {1}


@pytest.mark.timeout(1800)
def test_the_server_dies_in_mid_batch_and_nothing_is_lost(
    film_workspace: Path, own_server: Serving, tmp_path: Path
) -> None:
    """One batch waits until the server is back; one beside it waits for nobody."""
    batches = {}
    for name, wait in (("patient", "900"), ("impatient", "0")):
        workspace = Path(shutil.copytree(film_workspace, tmp_path / name))
        out = tmp_path / f"{name}.jsonl"
        options = ("--sample", str(DYING), "-k", "1", "--concurrency", "2", "--wait", wait)
        batches[out] = batch(workspace, own_server.url, out, *options)
    patient, impatient = batches
    for out, process in batches.items():
        wait_for(process, out, 2)
    own_server.kill_engine()

    assert batches[impatient].wait(300) == 0
    lines = lines_of(impatient)
    faults = Counter(line["fault"] for line in lines)
    print(f"\nfaults: {dict(faults)}")
    assert len({line["user_id"] for line in lines}) == len(lines) == DYING
    assert faults[None] >= 2
    assert set(faults) - {None}, "it went on without the server"
    assert all(line["text"] for line in lines)

    assert batches[patient].poll() is None, "it did not wait"
    own_server.stop()
    own_server.start()
    assert batches[patient].wait(900) == 0
    lines = lines_of(patient)
    assert len({line["user_id"] for line in lines}) == len(lines) == DYING
    assert {line["fault"] for line in lines} == {None}


@pytest.fixture
def silent() -> Iterator[str]:
    """An address where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@pytest.mark.alone  # it measures time
def test_a_server_that_hangs_is_not_waited_for(film_workspace: Path, silent: str) -> None:
    llm = {"base_url": silent, "model": "m", "deadline_ms": 500, "breaker_faults": 10_000}
    took = []
    with Recx.open(film_workspace, llm=llm, kept={"audit": False}) as recx:
        plans = recx.plans(next(iter(recx.dataset.users)), 10)
        writer = recx._explainers.writer
        writer.write_all(plans)
        for _ in range(40):
            began = time.monotonic()
            drafts = writer.write_all(plans)
            took.append(time.monotonic() - began)
            assert {draft.fault for draft in drafts} <= {"timeout", None}
    late = sorted(took)[int(0.95 * len(took))] - 0.5
    print(f"\np95 with a hanging server: {1000 * late:+.0f} ms of a deadline of 500 ms")
    assert median(took) - 0.5 <= PROMISED
    assert max(took) - 0.5 <= LATE
