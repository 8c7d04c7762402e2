"""A workspace with other data or another model, and what it would explain; all in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

from recx_agent.datasets import Dataset
from recx_agent.evals.variants.own_events import OwnEvents
from recx_agent.explainers import Explainers
from recx_agent.factory import load_model, load_witnesses, make_embedder, make_user_store
from recx_agent.people import People, sensitive_in_force
from recx_agent.protocols import AdditiveModel, EvidenceRetriever, Plan
from recx_agent.recx import Recx
from recx_agent.schemas import Explanation


class Altered:
    """Explains as the workspace does, on other data or by another model; writes nothing to disk.

    Wording, rules, settings, and what users said since are those of the workspace. Texts are
    templates': writers under test get the plans.

    Parameters
    ----------
    recx : Recx
        The workspace, opened without a language model.
    dataset : Dataset
        In the place of the workspace's, with the same items and users.
    model : AdditiveModel, optional
        In the place of the workspace's.
    all_texts : bool
        Whether every text of the user's own may be evidence; see :class:`OwnEvents`.
    """

    def __init__(
        self,
        recx: Recx,
        dataset: Dataset,
        model: AdditiveModel | None = None,
        *,
        all_texts: bool = False,
    ) -> None:
        fitted = load_model(recx.version.model) if model is None else model
        wording = recx.version.notes.get("wording", {})
        sensitive = sensitive_in_force(dataset, recx.settings, wording)
        self._store = make_user_store(recx.workspace.root, recx.settings)
        counting = sensitive.counting(fitted)
        self._people = People(dataset, counting, sensitive, self._store)
        self._explainers = _Explainers(
            dataset=dataset,
            indexed=fitted,
            model=counting,
            folder=recx.workspace.root,
            evidence=recx.workspace.evidence,
            settings=recx.settings,
            fitted=wording,
            sensitive=sensitive,
            erased=self._store.tombstones.covers,
            witnesses=load_witnesses(recx.version.witnesses),
            all_texts=all_texts,
        )

    def plan(self, user_id: str, item: str, k: int = 10, *, language: str | None = None) -> Plan:
        """See :meth:`recx_agent.Recx.plan`."""
        person = self._people.person(user_id)
        found = self._people.find_candidate(item, person)
        (prepared,) = self._explainers.explainer_for(person, language).prepare(person, [found], k)
        return prepared.plan

    def explain(
        self, user_id: str, item: str, k: int = 10, *, language: str | None = None
    ) -> Explanation:
        """See :meth:`recx_agent.Recx.explain`."""
        person = self._people.person(user_id)
        found = self._people.find_candidate(item, person)
        return self._explainers.explainer_for(person, language).explain(person, [found], k)[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._explainers.close()
        self._store.close()


@dataclass(frozen=True)
class _Explainers(Explainers):
    """Those of a workspace, with the evidence read off the data set."""

    all_texts: bool = False

    @cached_property
    def retriever(self) -> EvidenceRetriever:
        """Needs no index."""
        embedder = make_embedder(self.settings)
        return OwnEvents(self.dataset, self.indexed, embedder, all_texts=self.all_texts)
