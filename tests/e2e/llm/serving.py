"""``recx llm serve`` as a process of the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import httpx

STARTING = 420.0
"""Seconds; the first start on a machine compiles the model."""


class Serving:
    """The command with a model; it keeps its port when it is started again.

    Parameters
    ----------
    python : str
        Interpreter that has vLLM.
    model : str
        Folder of the model.
    name : str
        What requests call it.
    place : Path
        Folder for its logs.
    """

    def __init__(self, python: str, model: str, name: str, port: int, place: Path) -> None:
        self.port = port
        self.log = place / "vllm.log"
        self.output = place / "recx.log"
        self._command = [str(Path(sys.executable).with_name("recx")), "llm", "serve"]
        self._command += ["--model", model, "--served-name", name, "--port", str(port)]
        self._command += ["--python", python, "--log", str(self.log), "--wait", str(STARTING)]
        # Compiling for ten minutes of tests takes longer than it saves.
        self._command += ["--", "--enforce-eager"]
        self._command += ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Start it and wait until the command says that it answers."""
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        waiting = threading.Event()
        for _ in range(int(STARTING / 0.25)):
            if "answers at" in self.output.read_text(errors="replace"):
                return
            assert self._process.poll() is None, self.output.read_text(errors="replace")
            waiting.wait(0.25)
        raise AssertionError(f"no answer within {STARTING:g} s: {self.output.read_text()}")

    def stop(self) -> int | None:
        """End the command as an operator does; its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def kill_all(self) -> None:
        """End vLLM at once, with all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.leader(), signal.SIGKILL)

    def kill_engine(self) -> None:
        """End the process that computes, as the kernel does when memory is short."""
        leader = self.leader()
        for pid in group_members(leader):
            if "EngineCore" in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGKILL)
                return
        raise AssertionError("there is no process of that name")

    def leader(self) -> int:
        """Process id of the server, which leads its group."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        (child,) = children.read_text().split()
        return int(child)

    def ended(self, seconds: float) -> int:
        """Wait for the command to end by itself; its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def group_members(leader: int) -> list[int]:
    """Processes that belong to a group, by ``/proc``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == leader and fields[0] != "Z":
                    found.append(int(entry.name))
    return found
