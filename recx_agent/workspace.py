"""The folder a recommender lives in: versions of data and model, one of them in force.

::

    workspace/
    ├── recx.toml            settings (optional)
    ├── CURRENT              name of the version in force, replaced in one step
    ├── versions/000001/     data/, model/ and witnesses/, checksummed, written once
    ├── evidence/            the Chroma index
    ├── users.sqlite3        feedback, added events; who was erased, as keyed hashes
    ├── texts.sqlite3        verified texts of a language model
    ├── audit.sqlite3        how they came about
    ├── tombstone.key        the key of the hashes
    ├── checkpoints/         state of an interrupted training
    └── write.lock           held by whoever fits, indexes, erases or rolls back

An erasure puts another data folder in the place of a version's own: ``data-2`` and so on,
named in the file ``CURRENT_DATA`` beside it, which is replaced in one step.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recx_agent.artefacts import new_folder, read_sealed, write_atomic, write_sealed
from recx_agent.datasets import Dataset
from recx_agent.errors import ArtefactDamaged, UsageError, WorkspaceEmpty
from recx_agent.write_lock import write_lock

KEPT_VERSIONS = 5
NOTES_NAME = "notes.json"
DATA_POINTER = "CURRENT_DATA"
_DATA_NAME = re.compile(r"data(-\d+)?")
_LOAD_ATTEMPTS = 5


@dataclass(frozen=True)
class Version:
    """One saved state: data, model and what was noted when it was made."""

    name: str
    folder: Path
    current: bool

    @property
    def data(self) -> Path:
        """Folder of the data set in force."""
        name = _named_in(self.folder / DATA_POINTER) or "data"
        if not _DATA_NAME.fullmatch(name):
            raise ArtefactDamaged(self.folder / DATA_POINTER, f"{name!r} is no name of a data set")
        return self.folder / name

    @property
    def model(self) -> Path:
        """Folder of the model."""
        return self.folder / "model"

    @property
    def witnesses(self) -> Path | None:
        """Folder of the witnesses; ``None`` for a version that was made without."""
        return self.folder / "witnesses" if self.notes.get("witnesses") else None

    def load_data(self) -> Dataset:
        """Load the data set, though an erasure may be putting another one in its place.

        Raises
        ------
        ArtefactDamaged, ArtefactVersion
            See :meth:`Dataset.load`.
        """
        for _ in range(_LOAD_ATTEMPTS - 1):
            folder = self.data
            try:
                return Dataset.load(folder)
            except ArtefactDamaged:
                if folder == self.data:
                    raise
        return Dataset.load(self.data)

    def replace_data(self, dataset: Dataset) -> None:
        """Put another data set in the place of this version's; the write lock must be held.

        Whoever is killed on the way leaves a version that is whole, and at most folders
        that :meth:`Workspace.remove_leftovers` removes.
        """
        _, _, number = self.data.name.partition("-")
        folder = self.folder / f"data-{int(number or 1) + 1}"
        shutil.rmtree(folder, ignore_errors=True)
        dataset.save(folder)
        write_atomic(self.folder / DATA_POINTER, folder.name + "\n")

    @property
    def notes(self) -> dict[str, Any]:
        """What was noted: time made, wording, how it came about.

        Raises
        ------
        ArtefactDamaged
            The notes are damaged, or another version's.
        """
        path = self.folder / NOTES_NAME
        notes = read_sealed(path)
        if notes.pop("version", None) != self.name:
            raise ArtefactDamaged(path, "these are the notes of another version")
        return notes


class Workspace:
    """Versions in a folder.

    Parameters
    ----------
    root : str or Path
        The folder; made when something is first written.

    Raises
    ------
    UsageError
        It is a file.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        if self.root.exists() and not self.root.is_dir():
            raise UsageError(
                f"{self.root}: this is a file, and a workspace is a folder; "
                "choose another one with --workspace"
            )
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
            ``CURRENT`` does not name a version that is there.
        """
        found = [version for version in self.versions() if version.current]
        if found:
            return found[0]
        there = ", ".join(version.name for version in self.versions())
        if not there:
            raise WorkspaceEmpty(self.root)
        name = self._current_name()
        problem = "missing or empty" if name is None else f"names {name!r}, which is not there"
        raise ArtefactDamaged(self._current, f"{problem} (there are versions {there})")

    def add(
        self, dataset: Dataset, model: Any, notes: Mapping[str, Any], witnesses: Any = None
    ) -> Version:
        """Save a version, put it in force, and drop the oldest ones.

        Parameters
        ----------
        dataset : Dataset
        model, witnesses
            Anything with ``save(folder)``; there need be no witnesses.
        notes : mapping
            Kept beside it, as JSON.
        """
        taken = [int(version.name) for version in self.versions() if version.name.isdigit()]
        name = f"{max(taken, default=0) + 1:06d}"
        with new_folder(self._versions / name) as scratch:
            dataset.save(scratch / "data")
            model.save(scratch / "model")
            made = {"made": datetime.now(UTC).isoformat(timespec="seconds"), **notes}
            made["witnesses"] = witnesses is not None
            if witnesses is not None:
                witnesses.save(scratch / "witnesses")
            write_sealed(scratch / NOTES_NAME, {**made, "version": name})
        write_atomic(self._current, name + "\n")
        for old in self.versions()[:-KEPT_VERSIONS]:
            if not old.current:
                self.remove(old)
        return self.current()

    def remove(self, version: Version) -> None:
        """Remove a version that is not in force, out of sight first: never half of it is seen."""
        hidden = version.folder.with_name(f".{version.name}.removed")
        shutil.rmtree(hidden, ignore_errors=True)
        version.folder.rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)

    def remove_leftovers(self) -> None:
        """Remove what killed writers left: half of a version, data that were replaced.

        The write lock must be held.
        """
        for scratch in self.root.glob(f".{self._current.name}.*"):
            _remove(scratch)
        if not self._versions.is_dir():
            return
        for scratch in self._versions.glob(".*"):
            _remove(scratch)
        for version in self.versions():
            try:
                data = version.data
            except ArtefactDamaged:
                continue  # whoever asks for this version is told
            for pattern in ("data", "data-*", ".*"):
                for entry in version.folder.glob(pattern):
                    if entry != data:
                        _remove(entry)

    def switch(self, name: str | None = None) -> Version:
        """Put another version in force: ``name``, or the one before the current one.

        Where ``CURRENT`` is damaged, the newest one there is takes the place of the latter.

        Raises
        ------
        UsageError
            There is no such version.
        """
        versions = self.versions()
        names = [version.name for version in versions]
        if name is None:
            name = self._version_before(versions)
        elif name not in names:
            raise UsageError(f"{self.root}: no version {name!r}; there are {', '.join(names)}")
        write_atomic(self._current, name + "\n")
        return self.current()

    def _version_before(self, versions: Sequence[Version]) -> str:
        if not versions:
            raise WorkspaceEmpty(self.root)
        at = [number for number, version in enumerate(versions) if version.current]
        if not at:
            return versions[-1].name
        if at[0] == 0:
            raise UsageError(f"{self.root}: there is no version before {versions[0].name}")
        return versions[at[0] - 1].name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace's write lock; what killed writers left is removed first.

        See :func:`recx_agent.write_lock.write_lock`.
        """
        with write_lock(self.root):
            self.remove_leftovers()
            yield

    def _current_name(self) -> str | None:
        return _named_in(self._current)


def _named_in(path: Path) -> str | None:
    """Read a file that holds one name; what is no text names nothing that is there."""
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ArtefactDamaged(path, f"cannot be read ({error.strerror})") from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
