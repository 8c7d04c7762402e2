"""Limits of the operating system for one process, in place of a full disk or a wrong mode.

``permissions``
    Root obeys permissions like everybody else.
``file-size=N``
    No file may grow beyond N bytes: a write that would fails, as on a full disk.
``stdout=FILE``
    What is printed goes there.
``kill-at=N``
    SIGKILL at the N-th step (``steps.py``); with 0 the steps are counted and printed.
``kill-behind=N``
    SIGKILL while it goes on behind the N-th step.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import resource

from tests.e2e.bad_input.steps import count_steps

PASSES_OVER_PERMISSIONS = (1, 2)
"""``CAP_DAC_OVERRIDE`` and ``CAP_DAC_READ_SEARCH``, which root has and nobody else."""
_VERSION_3 = 0x20080522


def limit(wanted: str) -> None:
    """Put this process under a limit, for good; to be called in its own folder."""
    name, _, value = wanted.partition("=")
    if name == "permissions":
        obey_permissions()
    elif name == "file-size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(value), int(value)))
    elif name == "stdout":
        os.dup2(os.open(value, os.O_WRONLY), 1)
    elif name in ("kill-at", "kill-behind"):
        steps = count_steps(int(value), behind=name == "kill-behind")
        atexit.register(lambda: print(steps.count, *steps.renames, flush=True))
    else:
        raise ValueError(f"no limit is called {name!r}")


def obey_permissions() -> None:
    """Give up what lets root read and write everything (``capset``)."""
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    # Effective, permitted and inheritable capabilities, the first 32 and the others.
    sets = (ctypes.c_uint32 * 6)()
    kept = ~sum(1 << capability for capability in PASSES_OVER_PERMISSIONS)
    for call in (library.capget, library.capset):
        if call(header, sets):
            raise OSError(ctypes.get_errno(), "capabilities cannot be given up here")
        for position in range(3):
            sets[position] &= kept
