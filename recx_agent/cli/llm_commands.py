"""Commands about the language model: ``recx llm serve`` and ``recx llm check``."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from recx_agent.cli.console import err, out
from recx_agent.cli.options import WorkspaceOption
from recx_agent.errors import SettingsError
from recx_agent.settings import LlmSettings, environment_with, load_settings

if TYPE_CHECKING:
    from recx_agent.serve.vllm.server import VllmServer

llm_app = typer.Typer(
    help="Serve a language model with vLLM, or check the endpoint of one.", no_args_is_help=True
)
TERMINATED = 143
_SHOWN = 100  # characters of the server's log while it starts


@llm_app.command()
def serve(
    model: Annotated[
        str | None,
        typer.Option(help="Hub id, such as Qwen/Qwen2.5-7B-Instruct, or folder; else llm.model."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8000,
    served_name: Annotated[
        str | None, typer.Option(help="What requests call it; else the last part of --model.")
    ] = None,
    tensor_parallel: Annotated[
        int, typer.Option(min=1, help="GPUs that share each layer of the model.")
    ] = 1,
    quantization: Annotated[
        str | None, typer.Option(help="Such as fp8; a model that is quantised already says so.")
    ] = None,
    gpu_memory: Annotated[
        float, typer.Option(min=0.05, max=1.0, help="Part of each GPU's memory to take.")
    ] = 0.9,
    max_len: Annotated[
        int | None,
        typer.Option(min=256, help="Tokens of prompt and answer; 4096 at most if unset."),
    ] = None,
    python: Annotated[
        str | None, typer.Option(help="Interpreter of the environment that has vLLM.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="File for what the server writes.")] = None,
    wait: Annotated[float, typer.Option(min=1, help="Seconds until it must answer.")] = 1800,
    run: Annotated[
        str | None,
        typer.Option(help="Command to run with RECX_LLM__BASE_URL set; the server ends with it."),
    ] = None,
    extra: Annotated[
        list[str] | None, typer.Argument(help="After --: flags of vLLM's own.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Start vLLM, wait until it answers, and stop it with Ctrl-C."""
    from recx_agent.serve.vllm.options import VllmOptions
    from recx_agent.serve.vllm.server import (
        VllmServer,
        probe_interpreter,
        running_vllm,
        this_python,
    )

    settings = load_settings(workspace).llm
    chosen = model or settings.model
    if chosen is None:
        raise SettingsError(
            "name the model by --model: a hub id such as Qwen/Qwen2.5-7B-Instruct, or the folder "
            "of one; docs/models.md helps to choose"
        )
    options = VllmOptions(
        model=chosen,
        served_name=served_name,
        host=host,
        port=port,
        tensor_parallel=tensor_parallel,
        quantization=quantization,
        gpu_memory=gpu_memory,
        max_len=max_len,
        python=python or this_python(),
        extra=tuple(extra or ()),
    )
    with err.status("looking at vLLM and the model …"):
        found = probe_interpreter(options)
    err.print(f"vLLM {found['vllm']} on {_device(found)}", markup=False)
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    place = log or Path(tempfile.gettempdir()) / f"recx-llm-{port}.log"
    err.print(f"log: {place}", markup=False)
    server = VllmServer(options, found["device"], place, api_key=key)
    with _terminable(), running_vllm(server):
        _await(server, wait)
        err.print(f"{options.name} answers at {options.url}/v1", style="green", markup=False)
        if run is not None:
            raise typer.Exit(_run_beside(run, options.url + "/v1", options.name))
        err.print(f"export RECX_LLM__BASE_URL={options.url}/v1", markup=False)
        err.print("Ctrl-C stops it", markup=False)
        server.watch()


@llm_app.command()
def check(
    url: Annotated[str | None, typer.Option(help="Endpoint to ask; else llm.base_url.")] = None,
    model: Annotated[str | None, typer.Option(help="Model to ask; else llm.model.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Tell whether an endpoint has what explanations need; exit 1 if it has not."""
    given = {"base_url": url, "model": model}
    overrides = {name: value for name, value in given.items() if value is not None}
    settings = load_settings(workspace, {"llm": overrides} if overrides else None).llm
    if settings.base_url is None:
        raise SettingsError(
            "there is no endpoint to check: give --url, or set llm.base_url or RECX_LLM__BASE_URL, "
            "such as http://localhost:8000/v1"
        )
    if not asyncio.run(_check(settings)):
        raise typer.Exit(1)


async def _check(settings: LlmSettings) -> bool:
    from recx_agent.factory import check_chat_endpoint

    marks = {True: ("ok     ", "green"), False: ("missing", "red"), None: ("–      ", "")}
    usable = True
    async for finding in check_chat_endpoint(settings):
        mark, style = marks[finding.good]
        line = Text.assemble((mark, style), f" {finding.name:<16} ", finding.detail)
        out.print(line, soft_wrap=True)
        usable = usable and finding.good is not False
    return usable


def _device(found: dict[str, object]) -> str:
    memory = found.get("memory")
    if not isinstance(memory, list):
        return "the processor"
    each = f"{memory[0] / 2**30:.0f} GiB"
    return f"{len(memory)} GPUs with {each} each" if len(memory) > 1 else f"one GPU with {each}"


def _await(server: VllmServer, seconds: float) -> None:
    with err.status("starting …") as shown:
        server.wait_until_healthy(
            seconds, lambda line: shown.update(Text(f"starting … {line[:_SHOWN]}"))
        )


def _run_beside(command: str, url: str, model: str) -> int:
    values = environment_with({"RECX_LLM__BASE_URL": url, "RECX_LLM__MODEL": model})
    try:
        return subprocess.run(shlex.split(command), env=values).returncode
    except (OSError, ValueError) as error:
        raise SettingsError(f"--run {command!r}: cannot be run: {error}") from error


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the block as an exception does, so that what it started is stopped."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(llm_app, name="llm")
