"""The command ``recx`` and what it does with errors."""

from __future__ import annotations

import sys

import typer

from recx_agent.cli import ask_commands, build_commands, demo, doctor, eval_commands
from recx_agent.cli.console import err
from recx_agent.errors import RecxError

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
doctor.register(app)
eval_commands.register(app)


def main() -> None:
    """Run the command line; errors become one message and an exit code.

    Exit codes: 0 done, 1 failed, 2 wrong use, 3 unknown user, 4 workspace or model,
    5 evidence index, 130 interrupted.
    """
    try:
        app()
    except RecxError as error:
        err.print(f"error: {error}", style="red", markup=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print("interrupted; the same command goes on where it stood")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        err.print(f"error: {error}", style="red", markup=False)
        sys.exit(1)
