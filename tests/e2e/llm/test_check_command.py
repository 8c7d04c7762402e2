"""``recx llm check`` by its exit codes: 0 usable, 1 not, 2 there is nothing to check."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.chroma_server import free_port
from tests.e2e.llm.conftest import recx
from tests.e2e.llm.faulty_server import FAULTS, faulty_server


def test_nothing_to_check(tmp_path: Path) -> None:
    done = recx("llm", "check", cwd=tmp_path)
    assert done.returncode == 2
    assert "RECX_LLM__BASE_URL" in done.stderr


def test_nothing_answers() -> None:
    done = recx("llm", "check", "--url", f"http://127.0.0.1:{free_port()}/v1")
    assert done.returncode == 1
    assert done.stdout.startswith("missing")
    assert "'recx llm serve' starts one" in done.stdout


def test_another_server_answers() -> None:
    with faulty_server(FAULTS["wrong content type"]) as server:
        done = recx("llm", "check", "--url", server.url)
    assert done.returncode == 1
    assert "no list of models" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_address_that_is_none() -> None:
    done = recx("llm", "check", "--url", "localhost:8000")
    assert done.returncode == 2
    assert "not http(s)://host:port of a chat endpoint" in done.stderr
