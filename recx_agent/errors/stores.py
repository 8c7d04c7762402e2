"""What errors of stores have in common."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors.base import RecxError


class StoreError(RecxError):
    """A store cannot be used.

    Parameters
    ----------
    path : str or Path
        The file, or the address of the server without password.
    problem : str
        What is wrong, and what to do.
    """

    exit_code = 4

    def __init__(self, path: str | Path, problem: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{path}: {problem}")
