"""What it was measured on, for the record."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.plan import PACKAGES


def _first(path: str, pattern: str) -> str:
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return found[1].strip() if found else "unknown"


def describe() -> dict[str, str]:
    """Date, machine and versions."""
    packages = [f"{package} {version(package)}" for package in (*PACKAGES, "shap")]
    memory = _first("/proc/meminfo", r"^MemTotal:\s+(\d+) kB$")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _first("/proc/cpuinfo", r"^model name\s*:(.*)$"),
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory) * 1024 / 1e9:.0f} GB" if memory.isdigit() else memory,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": ", ".join([f"Python {platform.python_version()}", *packages]),
    }
