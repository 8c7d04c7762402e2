"""The one object a program needs: recommend, explain, what if, profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset, Event, History
from recx_agent.errors import NotOffered, UsageError
from recx_agent.explainer.explainer import Explainer, Person
from recx_agent.factory import (
    check_index,
    fallback_model,
    load_model,
    make_explainer,
    make_retriever,
)
from recx_agent.profile import describe_profile
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import (
    Change,
    Explanation,
    Moved,
    Profile,
    RankedItem,
    Recommendations,
    WhatIf,
)
from recx_agent.settings import Settings, WordingSettings, load_settings, merge
from recx_agent.workspace import Version, Workspace

Items = NDArray[np.int32]


class Recx:
    """A workspace that answers.

    Use :meth:`open`. Items are given by id or by title, attributes as ``name=value``
    or, where unique, by value.

    Parameters
    ----------
    workspace : Workspace
    version : Version
        The version of data and model that answers.
    settings : Settings
    """

    def __init__(self, workspace: Workspace, version: Version, settings: Settings) -> None:
        self.workspace = workspace
        self.version = version
        self.settings = settings
        self.dataset = Dataset.load(version.data)
        self.model: AdditiveModel = load_model(version.model)

    def __repr__(self) -> str:
        return f"Recx({str(self.workspace.root)!r}, version={self.version.name!r})"

    @classmethod
    def open(cls, workspace: str | Path | None = None, **overrides: Any) -> Recx:
        """Open the version in force.

        Parameters
        ----------
        workspace : str or Path, optional
            Folder; else ``RECX_WORKSPACE`` or ``recx.toml``.
        **overrides
            Settings that win over file and environment, such as
            ``evidence={"min_share": 0.3}``.

        Raises
        ------
        WorkspaceEmpty, ArtefactDamaged, ArtefactVersion, SettingsError
        """
        settings = load_settings(workspace, overrides)
        place = Workspace(settings.workspace)
        return cls(place, place.current(), settings)

    def __enter__(self) -> Recx:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the evidence index; nothing may be explained afterwards."""
        if "_explainer" in self.__dict__:
            self._explainer.retriever.close()

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
    ) -> Recommendations:
        """The best ``k`` items the user does not know.

        Parameters
        ----------
        user_id : str
        k : int
            How many, at least 1.
        exclude : sequence of str
            Items or attributes that may not come.
        history : sequence of str, optional
            Items of a history to use instead of the stored one, newest first; the user
            may be a stranger then.
        allow_cold : bool
            Give a stranger what everyone likes instead of :class:`UnknownUser`.
        """
        person = self._person(user_id, history, exclude, allow_cold)
        model = self._model_for(person)
        items, scores = model.top_k(person.history, _checked(k), person.excluded)
        return Recommendations(
            user_id=user_id,
            items=tuple(
                self._ranked(int(item), float(score), rank)
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
    ) -> Explanation:
        """Why this item, for this user.

        ``k`` is the length of the list that ranks are told against; the others are as
        in :meth:`recommend`.

        Raises
        ------
        UnknownUser, UnknownItem, UnknownAttribute
        IndexMissing, IndexStale
            There is no evidence index for this version; the message has the command.
        """
        found = self.dataset.catalogue.find(item)
        person = self._person(user_id, history, exclude, allow_cold)
        return self._explainer_for(person).explain(person, [found], _checked(k))[0]

    def explain_list(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        allow_cold: bool = False,
    ) -> list[Explanation]:
        """Explain the top ``k`` as one list: a cause several items share is told once."""
        person = self._person(user_id, history, exclude, allow_cold)
        items, _ = self._model_for(person).top_k(person.history, _checked(k), person.excluded)
        return self._explainer_for(person).explain(person, [int(i) for i in items], k)

    def what_if(
        self,
        user_id: str,
        *,
        remove: Sequence[str] = (),
        add: Sequence[str] = (),
        mute: Sequence[str] = (),
        exclude: Sequence[str] = (),
        k: int = 10,
    ) -> WhatIf:
        """The top ``k`` before and after a change, ranked anew exactly.

        Parameters
        ----------
        user_id : str
        remove : sequence of str
            History items left out. The others keep their weights, and a removed item
            is still no candidate: the user knows it.
        add : sequence of str
            Items taken into the history as newest.
        mute : sequence of str
            Attributes whose terms leave every score.
        exclude : sequence of str
            Items or attributes that may not come.
        k : int
        """
        person = self._person(user_id, None, (), False)
        catalogue = self.dataset.catalogue
        removed = [self._in_history(item, person) for item in remove]
        added = np.array([catalogue.find(item) for item in add], dtype=np.int32)
        muted = [catalogue.find_attribute(attribute) for attribute in mute]
        before = Standing(self.model, person.history, person.excluded)
        excluded = np.concatenate([person.excluded, added, self._filtered(exclude)])
        history = person.history.without(removed).with_newest(added)
        model = self.model.muted([self._feature(*pair) for pair in muted])
        after = Standing(model, history, np.unique(excluded).astype(np.int32))
        change = Change(
            remove=tuple(catalogue.ids.external(i) for i in removed),
            add=tuple(catalogue.ids.external(int(i)) for i in added),
            mute=tuple(f"{name}={value}" for name, value in muted),
            exclude=tuple(exclude),
        )
        return self._compared(user_id, change, before, after, _checked(k))

    def profile(self, user_id: str) -> Profile:
        """What is known of a user: the history with its weights, and where it leans."""
        return describe_profile(self.dataset, self.model, user_id)

    def check_index(self) -> str:
        """Say what the evidence index holds, or raise what is wrong with it."""
        return check_index(self.workspace.evidence, self.dataset, self.model)

    def _compared(
        self, user_id: str, change: Change, before: Standing, after: Standing, k: int
    ) -> WhatIf:
        old, _ = before.model.top_k(before.history, k, before.excluded)
        new, _ = after.model.top_k(after.history, k, after.excluded)
        both = list(dict.fromkeys(int(item) for item in [*old, *new]))
        return WhatIf(
            user_id=user_id,
            change=change,
            before=self._standing_list(before, old),
            after=self._standing_list(after, new),
            moved=tuple(
                Moved(
                    item_id=self.dataset.catalogue.ids.external(item),
                    title=self.dataset.catalogue.titles[item],
                    score_before=float(before.scores[item]),
                    score_after=float(after.scores[item]),
                    rank_before=before.rank(item),
                    rank_after=after.rank(item),
                )
                for item in both
            ),
        )

    def _standing_list(self, standing: Standing, items: Items) -> tuple[RankedItem, ...]:
        return tuple(
            self._ranked(int(item), float(standing.scores[item]), rank)
            for rank, item in enumerate(items, start=1)
        )

    def _ranked(self, item: int, score: float, rank: int) -> RankedItem:
        catalogue = self.dataset.catalogue
        return RankedItem(
            item_id=catalogue.ids.external(item),
            title=catalogue.titles[item],
            score=score,
            rank=rank,
        )

    def _person(
        self,
        user_id: str,
        history: Sequence[str] | None,
        exclude: Sequence[str],
        allow_cold: bool,
    ) -> Person:
        filtered = self._filtered(exclude)
        if history is not None:
            return self._stranger(user_id, history, filtered)
        if allow_cold and user_id not in self.dataset.users:
            return self._stranger(user_id, (), filtered)
        user = self.dataset.user(user_id)
        excluded = np.union1d(self.dataset.seen(user), filtered).astype(np.int32)
        return Person(user_id, self.dataset.history(user), excluded, user=user)

    def _stranger(self, user_id: str, history: Sequence[str], filtered: Items) -> Person:
        items = list(dict.fromkeys(self.dataset.catalogue.find(item) for item in history))
        events = {
            item: [Event(f"given/{n}", item, "interaction", None, None, None, None, "given", True)]
            for n, item in enumerate(items)
        }
        excluded = np.union1d(np.array(items, dtype=np.int32), filtered).astype(np.int32)
        return Person(user_id, History.of(items), excluded, events)

    def _filtered(self, exclude: Sequence[str]) -> Items:
        catalogue = self.dataset.catalogue
        found: list[int] = []
        for text in exclude:
            if text in catalogue.ids or "=" not in text and catalogue.has_title(text):
                found.append(catalogue.find(text))
            else:
                found += catalogue.having(*catalogue.find_attribute(text))
        return np.array(sorted(set(found)), dtype=np.int32)

    def _in_history(self, item: str, person: Person) -> int:
        found = self.dataset.catalogue.find(item)
        if found not in person.history.items:
            title = self.dataset.catalogue.titles[found]
            raise UsageError(
                f"{title!r} is no term of user {person.user_id!r}'s score: it is not among the "
                "history items that count; see 'recx profile'"
            )
        return found

    def _feature(self, name: str, value: str) -> int:
        for position, feature in enumerate(self.model.features):
            if (feature.kind, feature.name, feature.value) == ("attribute", name, value):
                return position
        raise NotOffered(f"muting {name}={value}: it is no term of the score", self.model.kind)

    def _model_for(self, person: Person) -> AdditiveModel:
        return self.model if len(person.history) else self._fallback

    @cached_property
    def _fallback(self) -> AdditiveModel:
        return fallback_model(self.dataset)

    def _explainer_for(self, person: Person) -> Explainer:
        if len(person.history):
            return self._explainer
        return replace(self._explainer, model=self._fallback)

    @cached_property
    def _explainer(self) -> Explainer:
        retriever = make_retriever(self.workspace.evidence, self.model)
        return make_explainer(self.dataset, self.model, retriever, self.settings, self._wording)

    @cached_property
    def _wording(self) -> WordingSettings:
        # What the version was fitted with, unless the settings of now say otherwise.
        fitted = self.version.notes.get("wording", {})
        now = self.settings.wording.model_dump(exclude_unset=True)
        return WordingSettings(**merge(fitted, now))


def _checked(k: int) -> int:
    if k < 1:
        raise UsageError(f"k is {k}; it must be at least 1")
    return k
