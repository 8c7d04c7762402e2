"""What recx-agent itself saved."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors.base import RecxError


class ArtefactError(RecxError):
    """Something recx-agent saved cannot be used."""

    exit_code = 4


class WorkspaceEmpty(ArtefactError):
    """The workspace holds no fitted model."""

    def __init__(self, workspace: str | Path) -> None:
        self.workspace = str(workspace)
        super().__init__(f"{workspace}: nothing is fitted here yet; run 'recx fit' or 'recx demo'")


class ArtefactDamaged(ArtefactError):
    """A saved file's checksum, shape or content does not match its manifest."""

    def __init__(
        self,
        path: str | Path,
        problem: str,
        remedy: str = "go back with 'recx model rollback' or run 'recx fit' again",
    ) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{path}: {problem}; {remedy}")


class ArtefactVersion(ArtefactError):
    """The artefact was written by another, incompatible format version."""

    def __init__(
        self,
        path: str | Path,
        found: object,
        wanted: int,
        again: str = "run 'recx fit' again",
    ) -> None:
        self.path = str(path)
        self.found = found
        self.wanted = wanted
        newer = isinstance(found, int) and found > wanted
        remedy = f"update recx-agent, or {again}" if newer else again
        super().__init__(
            f"{path}: format version {found}, this recx-agent reads {wanted}; {remedy}"
        )
