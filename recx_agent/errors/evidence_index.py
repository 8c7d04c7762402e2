"""The index of evidence."""

from __future__ import annotations

from pathlib import Path

from recx_agent.errors.base import RecxError


class EvidenceIndexError(RecxError):
    """The evidence index cannot be used."""

    exit_code = 5


class IndexMissing(EvidenceIndexError):
    """There is no complete evidence index for the model in force."""

    def __init__(self, workspace: str | Path, problem: str = "no evidence index") -> None:
        self.workspace = str(workspace)
        super().__init__(f"{workspace}: {problem}; run 'recx index --workspace {workspace}'")


class IndexStale(EvidenceIndexError):
    """The index does not agree with the model or the data in force."""

    def __init__(self, workspace: str | Path, problem: str) -> None:
        self.workspace = str(workspace)
        self.problem = problem
        super().__init__(f"{workspace}: {problem}; run 'recx index --workspace {workspace}'")


class IndexDamaged(EvidenceIndexError):
    """The index cannot be read, or holds other records than were written."""

    def __init__(self, workspace: str | Path, problem: str) -> None:
        self.workspace = str(workspace)
        self.problem = problem
        super().__init__(
            f"{workspace}: the evidence index is damaged ({problem}); "
            f"rebuild it with 'recx index --rebuild --workspace {workspace}'"
        )


class IndexUnreachable(EvidenceIndexError):
    """The Chroma server cannot be reached, or refuses."""

    def __init__(self, url: str, problem: str) -> None:
        self.url = url
        self.problem = problem
        super().__init__(
            f"the Chroma server at {url} cannot be used ({problem}); start it with "
            "'chroma run', or mend retriever.url and retriever.token"
        )
