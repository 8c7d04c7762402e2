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

    def __init__(self, path: str | Path, problem: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(
            f"{path}: {problem}; go back with 'recx model rollback' or run 'recx fit' again"
        )


class ArtefactVersion(ArtefactError):
    """The artefact was written by another, incompatible format version."""

    def __init__(self, path: str | Path, found: object, wanted: int) -> None:
        self.path = str(path)
        self.found = found
        self.wanted = wanted
        newer = isinstance(found, int) and found > wanted
        remedy = "update recx-agent, or run 'recx fit' again" if newer else "run 'recx fit' again"
        super().__init__(
            f"{path}: format version {found}, this recx-agent reads {wanted}; {remedy}"
        )
