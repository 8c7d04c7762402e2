"""The one object a program needs: recommend, explain, what if, profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recx_agent.errors import UsageError
from recx_agent.explainers import Explainers
from recx_agent.factory import check_index, load_model, make_user_store
from recx_agent.people import People, sensitive_in_force
from recx_agent.profile import describe_person
from recx_agent.protocols import AdditiveModel, CurrentFacts, Plan, Progress, no_progress
from recx_agent.removal import counterfactual
from recx_agent.schemas import (
    Counterfactual,
    Explanation,
    HiddenRef,
    Profile,
    Recommendations,
    WhatIf,
)
from recx_agent.settings import Settings, load_settings
from recx_agent.what_if import Changed, ranked_item, what_if
from recx_agent.workspace import Version, Workspace

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from recx_agent.batch import Group, Summary


class Recx:
    """A workspace that answers.

    Use :meth:`open`. Items are given by id or by title, attributes as ``name=value``
    or, where unique, by value. These parameters mean the same in every method:

    ``exclude``
        Items or attributes that may not come.
    ``history``
        Items of a history to use instead of the stored one, newest first; the user may be a
        stranger then.
    ``allow_cold``
        Give a stranger what everyone likes instead of raising ``UnknownUser``.
    ``context``
        What is known of the moment, such as ``{"device": "tv"}``: names and values that the
        model has terms for.
    ``language``
        ``"en"`` or ``"zh"``; that of the settings if not given.

    What a privacy rule covers, and what the user has hidden, is never named; asked for it,
    every method raises :class:`~recx_agent.errors.Withheld`.

    Parameters
    ----------
    workspace : Workspace
    version : Version
        The version of data and model that answers.
    settings : Settings
    facts : CurrentFacts, optional
        Asked for facts that change, in the place of the hook of the settings.
    """

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
        self._store = make_user_store(workspace.root)
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
    ) -> Recx:
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

    def __enter__(self) -> Recx:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the evidence index and the stores; nothing may be asked afterwards."""
        self._explainers.close()
        self._store.close()

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
    ) -> Recommendations:
        """The best ``k`` items the user does not know."""
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        model = self._explainers.model_for(person)
        items, scores = model.top_k(person.history, _checked(k), person.excluded)
        return Recommendations(
            user_id=user_id,
            items=tuple(
                ranked_item(self.dataset, int(item), float(score), rank)
                for rank, (item, score) in enumerate(zip(items, scores, strict=True), start=1)
            ),
            fallback=None if len(person.history) else "popularity",
        )

    def explain(
        self,
        user_id: str,
        item: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> Explanation:
        """Why this item, for this user.

        ``k`` is the length of the list that ranks are told against.

        Raises
        ------
        UnknownUser, UnknownItem, UnknownAttribute, Withheld, UsageError
        IndexMissing, IndexStale
            There is no evidence index for this version; the message has the command.
        """
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        found = self._people.find_candidate(item, person)
        return self._explainers.explainer_for(person, language).explain(
            person, [found], _checked(k)
        )[0]

    def explain_list(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> list[Explanation]:
        """Explain the top ``k`` as one list: a cause several items share is told once."""
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        items, _ = self._explainers.model_for(person).top_k(
            person.history, _checked(k), person.excluded
        )
        return self._explainers.explainer_for(person, language).explain(
            person, [int(i) for i in items], k
        )

    def plans(self, user_id: str, k: int = 10, *, language: str | None = None) -> list[Plan]:
        """What a writer of explanations is handed for a user's top ``k``."""
        person = self._people.person(user_id)
        items, _ = self._explainers.model_for(person).top_k(
            person.history, _checked(k), person.excluded
        )
        explainer = self._explainers.explainer_for(person, language)
        return [one.plan for one in explainer.prepare(person, [int(i) for i in items], k)]

    def explain_candidates(
        self,
        user_id: str,
        items: Sequence[str],
        chosen_by: str,
        k: int = 10,
        *,
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> list[Explanation]:
        """What this model finds for and against items that another recommender chose.

        Its reasons are this model's, not that recommender's, and every text says so. An
        item that the user knows, or that this model has nothing for, is said to be such.

        Parameters
        ----------
        items : sequence of str
            In the order they are shown; an item given twice is explained once.
        chosen_by : str
            Name of the other recommender, such as ``"our shop's ranker"``.
        """
        if not chosen_by.strip():
            raise UsageError("chosen_by is empty; name the recommender that chose the items")
        person = self._people.person(
            user_id, history=history, allow_cold=allow_cold, context=context
        )
        found = dict.fromkeys(self._people.find_told(item, person) for item in items)
        explainer = self._explainers.explainer_for(person, language)
        return explainer.explain(person, list(found), _checked(k), chosen_by.strip())

    def explain_batch(
        self,
        groups: Sequence[Group],
        out: str | Path,
        k: int = 10,
        *,
        language: str | None = None,
        concurrency: int | None = None,
        force: bool = False,
        progress: Progress = no_progress,
    ) -> Summary:
        """Explain many pairs into one file, one line each; goes on where a kill stopped it.

        A language model's deadline does not hold here; ``llm.timeout_seconds`` does.

        Parameters
        ----------
        groups : sequence of Group
            From :func:`recx_agent.batch.read_users`, ``read_pairs`` or ``of_sample``.
        out : str or Path
            Ends in ``.jsonl`` or ``.parquet``.
        k : int
            Length of each user's list, and of the list that ranks are told against.
        language : str, optional
        concurrency : int, optional
            Explanations written side by side; ``llm.concurrency`` if not given.
        force : bool
            Replace what is there instead of going on with it.
        progress : callable, optional

        Raises
        ------
        UsageError
            The file is another batch's.
        IndexMissing, IndexStale, WriteLocked, WriteFailed
        """
        from recx_agent import batch

        job = {
            "version": self.version.name,
            "model": self.model.fingerprint,
            "k": _checked(k),
            "language": language or self._explainers.wording.language,
            "language model": self.settings.llm.model,
        }
        wishes = batch.Wishes(self._people, self._explainers, k, language)
        with batch.opened(Path(out), job, force=force) as lines:
            return batch.explain_all(
                groups,
                wishes,
                lines,
                per_group=1 if groups and groups[0].items is not None else k,
                concurrency=concurrency or self.settings.llm.concurrency,
                progress=progress,
            )

    def counterfactual(
        self,
        user_id: str,
        item: str,
        k: int = 10,
        budget: int = 5,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> Counterfactual:
        """Items of the history without which this one would not be among the top ``k``.

        At most ``budget`` items are looked for, greedily: each of them is needed, but a
        smaller set may exist. Items that are not to be named stay in the history.

        Raises
        ------
        UsageError
            The item is not among the top ``k``.
        NotOffered
            The model cannot rank without a history item.
        """
        person = self._people.person(user_id, history=history, exclude=exclude, context=context)
        found = self._people.find_candidate(item, person)
        explainer = self._explainers.explainer_for(person, language)
        return counterfactual(explainer, person, found, _checked(k), budget)

    def what_if(
        self,
        user_id: str,
        *,
        remove: Sequence[str] = (),
        add: Sequence[str] = (),
        mute: Sequence[str] = (),
        exclude: Sequence[str] = (),
        k: int = 10,
        context: Mapping[str, str] | None = None,
    ) -> WhatIf:
        """The top ``k`` before and after a change, ranked anew exactly.

        Parameters
        ----------
        user_id : str
        remove : sequence of str
            History items left out, those with a low rating too. The others keep their
            weights, and a removed item is still no candidate: the user knows it.
        add : sequence of str
            Items taken into the history as newest.
        mute : sequence of str
            Attributes whose terms leave every score.
        exclude : sequence of str
            Items or attributes that may not come.
        k : int
        """
        people = self._people
        person = people.person(user_id, context=context)
        changed = Changed(
            removed=[people.in_history(item, person) for item in remove],
            added=[people.find_told(item, person) for item in add],
            muted=[people.find_attribute_told(attribute) for attribute in mute],
            excluded=people.filtered(exclude),
            asked=exclude,
        )
        return what_if(self.dataset, self.model, person, changed, _checked(k))

    def profile(self, user_id: str) -> Profile:
        """What is known of a user: the history with its weights, and where it leans."""
        person = self._people.person(user_id)
        return describe_person(self.dataset, self.model, person, self._sensitive)

    def hide(self, user_id: str, item: str) -> bool:
        """Hide an item for a user: it weighs nothing, and is told nowhere, from now on.

        Returns whether it was not hidden before.
        """
        return self._people.hide(user_id, item)

    def unhide(self, user_id: str, item: str) -> bool:
        """Undo it; ``False`` if the item was not hidden."""
        return self._people.unhide(user_id, item)

    def hidden(self, user_id: str) -> tuple[HiddenRef, ...]:
        """The items a user has hidden, in that order; those of a privacy rule left out."""
        return self._people.hidden_refs(user_id)

    def as_retriever(self, user_id: str, k: int = 10, language: str | None = None) -> BaseRetriever:
        """A LangChain retriever of what the user did and wrote; needs a text embedder.

        Only this user's events are searched, and what may not be told is left out.
        """
        return self._explainers.own_events(self._people, user_id, _checked(k), language)

    def check_index(self) -> str:
        """Say what the evidence index holds, or raise what is wrong with it."""
        return check_index(self.workspace.evidence, self.dataset, self._fitted, self.settings)


def _checked(k: int) -> int:
    if k < 1:
        raise UsageError(f"k is {k}; it must be at least 1")
    return k
