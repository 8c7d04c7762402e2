"""Where the states of an interrupted training are kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from recx_agent.recommenders.lightfm_run import Run


@dataclass
class Checkpoints:
    """The newest state of each run.

    Attributes
    ----------
    folder : Path or None
        ``None`` keeps nothing.
    key : str
        Of data and settings; a state with another key is not taken up.
    every_seconds : float
        How often a run that goes on is saved.
    """

    folder: Path | None
    key: str
    every_seconds: float = 10.0

    def resume(self, run: Run, number: int) -> None:
        """Take up the newest state of a run that can be used, if there is any."""
        for folder in self._of(number):
            if run.restore(folder, self.key):
                return

    def save(self, run: Run, number: int) -> None:
        """Save a run and drop its older states."""
        if self.folder is None:
            return
        older = self._of(number)
        final = self.folder / f"run-{number}-epoch-{run.epochs_done}"
        if final not in older:
            run.save(final, self.key)
        for folder in older:
            if folder != final:
                shutil.rmtree(folder, ignore_errors=True)

    def clear(self) -> None:
        """Remove everything: the training has ended."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _of(self, number: int) -> list[Path]:
        if self.folder is None or not self.folder.exists():
            return []
        found = self.folder.glob(f"run-{number}-epoch-*")
        return sorted(found, key=lambda p: -int(p.name.rsplit("-", 1)[1]))
