"""A vLLM server as a process of ours: started, waited for, stopped with all it started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NoReturn

import httpx

from recx_agent.errors import ModelServerFailed, SettingsError
from recx_agent.serve.vllm.options import VllmOptions, environment_for, flags_for
from recx_agent.settings import environment_with

LAUNCHER = Path(__file__).with_name("launcher.py")
_TAIL = 40  # lines
_STOPPING = 20.0  # seconds, then it is killed
_LOOK = 0.5  # seconds between two looks while it starts
_WATCHING = 2.0  # seconds between two looks later
_DEAD_LOOKS = 3  # in a row
_PROBING = 300.0  # seconds; importing PyTorch from a cold disk takes its time


def probe_interpreter(options: VllmOptions) -> dict[str, Any]:
    """What the interpreter has: vLLM's version, the device, and whether the model can be had.

    Raises
    ------
    SettingsError
        It cannot be run, has no vLLM, or less GPUs than are asked for, or the model is
        neither a folder nor had from its hub.
    """
    hub_id = "" if options.folder else options.model
    command = [options.python, str(LAUNCHER), "probe", hub_id]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PROBING)
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except OSError as error:
        raise SettingsError(f"--python {options.python}: cannot be run: {error}") from error
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        raise SettingsError(f"--python {options.python}: is it a Python? {error}") from error
    if found["vllm"] is None:
        raise SettingsError(
            f"there is no vLLM in {options.python}: pip install 'recx-agent[vllm]' (GPU), or make "
            "an environment for it alone and name its interpreter by --python; for a machine "
            "without GPU see docs/models.md"
        )
    if "trouble" in found:
        raise SettingsError(f"{options.python}: {found['trouble']}")
    gpus = len(found.get("memory", ()))
    if options.tensor_parallel > max(gpus, 1):
        raise SettingsError(
            f"--tensor-parallel {options.tensor_parallel}: there are {gpus} GPUs here"
        )
    if found.get("hub"):
        raise SettingsError(
            f"--model {options.model}: it is no folder here, and the hub does not give it: "
            f"{found['hub']}; check the name, the network and HF_TOKEN, or give a folder"
        )
    return found


class VllmServer:
    """One server; use :func:`running_vllm`, which also stops it.

    Parameters
    ----------
    options : VllmOptions
    device : str
        ``gpu`` or ``cpu``.
    log : Path
        What the server writes goes there.
    api_key : str
        Which requests must carry; empty for none.
    """

    def __init__(self, options: VllmOptions, device: str, log: Path, *, api_key: str = "") -> None:
        self.options = options
        self.device = device
        self.log = log
        self._api_key = api_key
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it does not answer yet.

        Raises
        ------
        SettingsError
            The port is taken.
        """
        _must_be_free(self.options.host, self.options.port)
        flags = flags_for(self.options, self.device)
        values = environment_for(self.options, self.device, self._api_key)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self.options.python, str(LAUNCHER), "serve", str(os.getpid()), *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment_with(values),
                start_new_session=True,  # so that all it starts can be stopped with it
            )

    def wait_until_healthy(
        self, seconds: float, progress: Callable[[str], None] = lambda line: None
    ) -> None:
        """Return when it answers.

        Parameters
        ----------
        progress : callable
            Given the last line of the log now and then.

        Raises
        ------
        ModelServerFailed
            It ended, or does not answer in time; holds the end of its log.
        """
        until = time.monotonic() + seconds
        while self._health() != "good":
            self.check()
            if time.monotonic() > until:
                raise ModelServerFailed(
                    f"the model's server has not answered within {seconds:g} s; a larger model "
                    f"may need longer (--wait). The end of {self.log}:",
                    self.log_tail(),
                )
            progress(self.log_tail(1))
            time.sleep(_LOOK)

    def check(self) -> None:
        """Raise :class:`ModelServerFailed` if it has ended."""
        code = None if self._process is None else self._process.poll()
        if code is not None:
            raise ModelServerFailed(
                f"the model's server has ended ({_ending(code)}). The end of {self.log}:",
                self.log_tail(),
            )

    def watch(self) -> NoReturn:
        """Raise when the server is no more; until then it is looked at now and then.

        A server may let go of its port and then hang as it ends.

        Raises
        ------
        ModelServerFailed
            It has ended, or does not answer any more.
        """
        assert self._process is not None
        in_a_row = 0
        while in_a_row < _DEAD_LOOKS:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_WATCHING)
            self.check()
            in_a_row = in_a_row + 1 if self._health() == "dead" else 0
        raise ModelServerFailed(
            f"the model's server does not answer any more. The end of {self.log}:",
            self.log_tail(),
        )

    def stop(self) -> None:
        """End it and all it started: politely, then not."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOPPING)
        # What it started may outlive it, above all when it was killed.
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def log_tail(self, lines: int = _TAIL) -> str:
        """The last lines of the log that are not blank."""
        try:
            with self.log.open("rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(0, log.tell() - 400 * lines))
                text = log.read().decode("utf-8", errors="replace")
        except OSError:
            return ""
        found = [line.rstrip() for line in text.splitlines() if line.strip()]
        return "\n".join(found[-lines:])

    def _health(self) -> Literal["good", "slow", "dead"]:
        try:
            answer = httpx.get(f"{self.options.url}/health", timeout=5, trust_env=False)
        except httpx.TimeoutException:
            return "slow"
        except httpx.HTTPError:
            return "dead"
        return "good" if answer.status_code == 200 else "dead"


@contextmanager
def running_vllm(server: VllmServer) -> Iterator[VllmServer]:
    """Start a server, and stop it with the block, whatever ends that."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def this_python() -> str:
    """The interpreter that runs this."""
    return sys.executable


def _must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"--host {host} --port {port}: cannot listen there: {error.strerror}; is a server "
                "running already? Choose another --port"
            ) from error


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}, perhaps for want of memory" if name == "SIGKILL" else name
