"""The command line: ``recx``."""

from __future__ import annotations

from recx_agent.cli.app import main

__all__ = ["main"]
