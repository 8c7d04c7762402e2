"""The command ``recx`` and what it does with errors."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

import typer

from recx_agent.cli import (
    ask_commands,
    audit_commands,
    batch_commands,
    build_commands,
    chat_commands,
    demo,
    discriminator_commands,
    doctor,
    eval_commands,
    feedback_commands,
    given_commands,
    identity_commands,
    llm_commands,
    mcp_commands,
    privacy_commands,
    serve_commands,
    tools_commands,
)
from recx_agent.cli.console import err
from recx_agent.errors import RecxError, WriteFailed

INTERRUPTED = 130

app = typer.Typer(
    name="recx",
    help="Recommendations that can say, truthfully, why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
demo.register(app)
build_commands.register(app)
ask_commands.register(app)
feedback_commands.register(app)
privacy_commands.register(app)
batch_commands.register(app)
audit_commands.register(app)
doctor.register(app)
eval_commands.register(app)
llm_commands.register(app)
discriminator_commands.register(app)
given_commands.register(app)
chat_commands.register(app)
tools_commands.register(app)
mcp_commands.register(app)
serve_commands.register(app)
identity_commands.register(app)


def main() -> None:
    """Run the command line; errors become one message and an exit code.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 unknown user, 4 workspace or model,
    5 evidence index, 6 nothing can be written, 130 interrupted.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal need not know every character
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:  # it was closed by whoever started this
                sys.stdout.flush()
    except RecxError as error:
        _fail(error, error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as ended:  # typer makes one of an interruption
        if ended.code == INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        told = WriteFailed(error.filename or "output", error)
        _fail(told, told.exit_code if error.errno in WriteFailed.REASONS else 1)
    except MemoryError:
        _fail("there is not enough memory; nothing was changed", 1)


def _interrupted() -> NoReturn:
    err.print("interrupted; the same command goes on where it stood")
    sys.exit(INTERRUPTED)


def _drop_output() -> None:
    """Let go of what stdout could not take, or Python tries again when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(problem: RecxError | str, code: int) -> NoReturn:
    err.print(f"error: {problem}", style="red", markup=False)
    sys.exit(code)
