"""The folder a recommender lives in: versions of data and model, one of them in force.

::

    workspace/
    ├── recx.toml            settings (optional)
    ├── CURRENT              name of the version in force, replaced in one step
    ├── versions/000001/     data/ and model/, immutable, checksummed
    ├── evidence/            the Chroma index
    ├── checkpoints/         state of an interrupted training
    └── write.lock           held by whoever fits or rolls back
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recx_agent.artefacts import new_folder, write_atomic
from recx_agent.datasets import Dataset
from recx_agent.errors import ArtefactDamaged, UsageError, WorkspaceEmpty
from recx_agent.write_lock import write_lock

KEPT_VERSIONS = 5


@dataclass(frozen=True)
class Version:
    """One saved state: data, model and what was noted when it was made."""

    name: str
    folder: Path
    current: bool

    @property
    def data(self) -> Path:
        """Folder of the data set."""
        return self.folder / "data"

    @property
    def model(self) -> Path:
        """Folder of the model."""
        return self.folder / "model"

    @property
    def notes(self) -> dict[str, Any]:
        """What was noted: time made, wording, how it came about."""
        path = self.folder / "notes.json"
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ArtefactDamaged(path, f"not readable ({error})") from error


class Workspace:
    """Versions in a folder.

    Parameters
    ----------
    root : str or Path
        The folder; made when something is first written.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.evidence = self.root / "evidence"
        self.checkpoints = self.root / "checkpoints"
        self._versions = self.root / "versions"
        self._current = self.root / "CURRENT"

    def versions(self) -> list[Version]:
        """All saved versions, oldest first."""
        if not self._versions.is_dir():
            return []
        current = self._current_name()
        return [
            Version(folder.name, folder, folder.name == current)
            for folder in sorted(self._versions.iterdir())
            if folder.is_dir() and not folder.name.startswith(".")
        ]

    def current(self) -> Version:
        """The version in force.

        Raises
        ------
        WorkspaceEmpty
            Nothing was fitted here.
        ArtefactDamaged
            The version named in ``CURRENT`` is not there.
        """
        name = self._current_name()
        if name is None:
            raise WorkspaceEmpty(self.root)
        folder = self._versions / name
        if not folder.is_dir():
            raise ArtefactDamaged(self._current, f"names version {name!r}, which is not there")
        return Version(name, folder, True)

    def add(self, dataset: Dataset, model: Any, notes: Mapping[str, Any]) -> Version:
        """Save a version, put it in force, and drop the oldest ones.

        Parameters
        ----------
        dataset : Dataset
        model
            Anything with ``save(folder)``.
        notes : mapping
            Kept beside it, as JSON.
        """
        taken = [int(version.name) for version in self.versions() if version.name.isdigit()]
        name = f"{max(taken, default=0) + 1:06d}"
        with new_folder(self._versions / name) as scratch:
            dataset.save(scratch / "data")
            model.save(scratch / "model")
            made = {"made": datetime.now(UTC).isoformat(timespec="seconds"), **notes}
            text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True, default=str)
            (scratch / "notes.json").write_text(text + "\n", encoding="utf-8")
        write_atomic(self._current, name + "\n")
        for old in self.versions()[:-KEPT_VERSIONS]:
            if not old.current:
                shutil.rmtree(old.folder, ignore_errors=True)
        return self.current()

    def switch(self, name: str | None = None) -> Version:
        """Put another version in force: ``name``, or the one before the current one.

        Raises
        ------
        UsageError
            There is no such version.
        """
        versions = self.versions()
        names = [version.name for version in versions]
        if name is None:
            at = names.index(self.current().name)
            if at == 0:
                raise UsageError(f"{self.root}: there is no version before {names[0]}")
            name = names[at - 1]
        elif name not in names:
            raise UsageError(f"{self.root}: no version {name!r}; there are {', '.join(names)}")
        write_atomic(self._current, name + "\n")
        return self.current()

    def writing(self) -> AbstractContextManager[None]:
        """Hold the workspace's write lock; see :func:`recx_agent.write_lock.write_lock`."""
        return write_lock(self.root)

    def _current_name(self) -> str | None:
        try:
            return self._current.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
