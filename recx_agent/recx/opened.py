"""A version of a workspace, opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from recx_agent.errors import UsageError
from recx_agent.explainers import Explainers
from recx_agent.factory import load_model, load_witnesses, make_user_store
from recx_agent.people import People, sensitive_in_force
from recx_agent.protocols import AdditiveModel, CurrentFacts, Keeping
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Version, Workspace


class Opened:
    """A workspace of which one version answers; see :class:`recx_agent.Recx`."""

    def __init__(
        self,
        workspace: Workspace,
        version: Version,
        settings: Settings,
        facts: CurrentFacts | None = None,
    ) -> None:
        self.workspace = workspace
        self.version = version
        self.settings = settings
        self.dataset = version.load_data()
        self._fitted: AdditiveModel = load_model(version.model)
        fitted_wording = version.notes.get("wording", {})
        self._sensitive = sensitive_in_force(self.dataset, settings, fitted_wording)
        self.model = self._sensitive.counting(self._fitted)
        self._store = make_user_store(workspace.root, settings)
        self._people = People(self.dataset, self.model, self._sensitive, self._store)
        self._explainers = Explainers(
            dataset=self.dataset,
            indexed=self._fitted,
            model=self.model,
            folder=workspace.root,
            evidence=workspace.evidence,
            settings=settings,
            fitted=fitted_wording,
            sensitive=self._sensitive,
            erased=self._store.tombstones.covers,
            facts=facts,
            witnesses=load_witnesses(version.witnesses),
        )

    def __repr__(self) -> str:
        return f"Recx({str(self.workspace.root)!r}, version={self.version.name!r})"

    @classmethod
    def open(
        cls,
        workspace: str | Path | None = None,
        *,
        facts: CurrentFacts | Mapping[str, Any] | None = None,
        **overrides: Any,
    ) -> Self:
        """Open the version in force.

        Parameters
        ----------
        workspace : str or Path, optional
            Folder; else ``RECX_WORKSPACE`` or ``recx.toml``.
        facts : callable or mapping, optional
            The hook for facts that change, or settings of the section ``facts``.
        **overrides
            Settings that win over file and environment, such as
            ``evidence={"min_share": 0.3}``.

        Raises
        ------
        WorkspaceEmpty, ArtefactDamaged, ArtefactVersion, SettingsError
        """
        if isinstance(facts, Mapping):
            overrides["facts"], facts = facts, None
        settings = load_settings(workspace, overrides)
        place = Workspace(settings.workspace)
        return cls(place, place.current(), settings, facts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def llm_paused(self) -> bool:
        """Whether the language model is left alone after too many faults: templates write."""
        return self._explainers.paused

    @property
    def keeping(self) -> Keeping:
        """How it stands with the texts and audit records that are kept beside the answers."""
        return self._explainers.keeping

    def close(self) -> None:
        """Let go of the evidence index and the stores; nothing may be asked afterwards."""
        self._explainers.close()
        self._store.close()


def checked(k: int) -> int:
    """A length of a list.

    Raises
    ------
    UsageError
        It is below 1.
    """
    if k < 1:
        raise UsageError(f"k is {k}; it must be at least 1")
    return k
