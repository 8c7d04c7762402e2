"""A process that has everything imported, and forks for each ``recx``: that saves a second each.

A request is a line of JSON on stdin: folder, arguments, environment, limits. The answer is
one on stdout: exit code (less than 0: the signal it died of), and what was written.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.e2e.bad_input.limited import limit

SECONDS = 120
"""After so long, a command that does not end is ended."""


def serve() -> None:
    """Answer until there are no more requests."""
    import chromadb  # noqa: F401
    import lightfm  # noqa: F401

    import recx_agent.build
    import recx_agent.cli
    import recx_agent.recx  # noqa: F401

    for line in sys.stdin:
        out, err = os.pipe(), os.pipe()
        child = os.fork()
        if not child:
            run(json.loads(line), out[1], err[1])
        for end in (out[1], err[1]):
            os.close(end)
        with ThreadPoolExecutor(2) as readers:
            texts = list(readers.map(text_of, (out[0], err[0])))
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), *texts]), flush=True)


def text_of(pipe: int) -> str:
    """Read what is written to a pipe until it is closed."""
    with os.fdopen(pipe, "rb") as file:
        return file.read().decode("utf-8", "backslashreplace")


def run(request: dict[str, Any], out: int, err: int) -> None:
    """Be the command, as its own process."""
    from recx_agent.cli import main

    code: Any = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        signal.alarm(SECONDS)
        os.chdir(request["folder"])
        os.environ.update(request["env"])
        for wanted in request["limits"]:
            limit(wanted)
        sys.argv = ["recx", *request["arguments"]]
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 - what Python would print
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve()
