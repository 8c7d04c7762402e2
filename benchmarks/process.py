"""One piece of work in a process of its own, so that its peak of memory is its own."""

from __future__ import annotations

import importlib
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def memory_mb(field: str) -> float:
    """Read the memory of this process, in MB.

    Parameters
    ----------
    field : str
        ``"VmRSS"``: resident now; ``"VmHWM"``: the most there was. Files that are mapped
        count with the pages that were touched.
    """
    found = re.search(rf"^{field}:\s+(\d+) kB$", STATUS.read_text(), flags=re.MULTILINE)
    if found is None:
        raise OSError(f"{STATUS} has no {field}; memory is measured on Linux alone")
    return int(found[1]) * 1024 / 1e6


def function_of(name: str) -> Callable[..., dict[str, Any]]:
    """Import ``module:function``, so that only the process that does the work loads it."""
    module, _, function = name.partition(":")
    found: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), function)
    return found


def in_own_process(work: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Do a piece of work in a fresh process.

    Parameters
    ----------
    work : str
        ``module:function``; the function gives a dictionary of JSON values.
    arguments : tuple

    Returns
    -------
    dict
        ``result``, ``seconds``, ``peak_mb``, and the machine's ``load`` before and after.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, arguments).result()


def _measured(work: str, arguments: tuple[Any, ...]) -> dict[str, Any]:
    function = function_of(work)
    load, start = os.getloadavg()[0], time.perf_counter()
    result = function(*arguments)
    return {
        "result": result,
        "seconds": time.perf_counter() - start,
        "peak_mb": memory_mb("VmHWM"),
        "load": [load, os.getloadavg()[0]],
    }
