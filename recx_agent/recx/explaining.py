"""Lists, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recx_agent.errors import UsageError
from recx_agent.explainer.streaming import ExplanationStream
from recx_agent.protocols import Plan, Progress, no_progress
from recx_agent.recx.opened import Opened, checked
from recx_agent.schemas import (
    Explanation,
    Recommendations,
)
from recx_agent.watching import stage
from recx_agent.what_if import ranked_item

if TYPE_CHECKING:
    from recx_agent.batch import Group, Summary


class Explaining(Opened):
    """What to suggest, and the reasons in words."""

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        only: Sequence[str] = (),
        allow_cold: bool = False,
        context: Mapping[str, str] | None = None,
    ) -> Recommendations:
        """The best ``k`` items the user does not know; with ``only``, of those with attributes.

        ``only`` lists attributes of which an item must have each.
        """
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        model = self._explainers.model_for(person)
        excluded = person.excluded
        if only:
            excluded = np.union1d(excluded, self._people.lacking(only)).astype(np.int32)
        with stage("rank"):
            items, scores = model.top_k(person.history, checked(k), excluded)
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
        deadline_ms: float | None = None,
    ) -> Explanation:
        """Why this item, for this user.

        ``k`` is the length of the list that ranks are told against, ``deadline_ms`` the time
        that a language model has; see :class:`recx_agent.Recx`.

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
            person, [found], checked(k), deadline_ms=deadline_ms
        )[0]

    def stream_explanation(
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
        deadline_ms: float | None = None,
    ) -> ExplanationStream:
        """Why this item, told while it is written: a sentence comes when it is verified.

        Parameters and errors are those of :meth:`explain`, and all errors are raised here:
        none while the stream is read, by ``for`` or ``async for``.
        """
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        found = self._people.find_candidate(item, person)
        explainer = self._explainers.explainer_for(person, language)
        return explainer.stream(person, found, checked(k), deadline_ms)

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
        deadline_ms: float | None = None,
    ) -> list[Explanation]:
        """Explain the top ``k`` as one list: a cause several items share is told once."""
        person = self._people.person(
            user_id, history=history, exclude=exclude, allow_cold=allow_cold, context=context
        )
        items, _ = self._explainers.model_for(person).top_k(
            person.history, checked(k), person.excluded
        )
        return self._explainers.explainer_for(person, language).explain(
            person, [int(i) for i in items], k, deadline_ms=deadline_ms
        )

    def plans(self, user_id: str, k: int = 10, *, language: str | None = None) -> list[Plan]:
        """What a writer of explanations is handed for a user's top ``k``."""
        person = self._people.person(user_id)
        items, _ = self._explainers.model_for(person).top_k(
            person.history, checked(k), person.excluded
        )
        explainer = self._explainers.explainer_for(person, language)
        return [one.plan for one in explainer.prepare(person, [int(i) for i in items], k)]

    def plan(self, user_id: str, item: str, k: int = 10, *, language: str | None = None) -> Plan:
        """What the explanation of one item is made of now: what may be said of it, and why.

        Raises
        ------
        UnknownUser, UnknownItem, Withheld, UsageError
        """
        person = self._people.person(user_id, allow_cold=True)
        found = self._people.find_candidate(item, person)
        explainer = self._explainers.explainer_for(person, language)
        return explainer.prepare(person, [found], checked(k))[0].plan

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
        deadline_ms: float | None = None,
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
        return explainer.explain(
            person, list(found), checked(k), chosen_by.strip(), deadline_ms=deadline_ms
        )

    def explain_batch(
        self,
        groups: Sequence[Group],
        out: str | Path,
        k: int = 10,
        *,
        language: str | None = None,
        concurrency: int | None = None,
        wait: float = 300.0,
        force: bool = False,
        progress: Progress = no_progress,
    ) -> Summary:
        """Explain many pairs into one file, one line each; goes on where a kill stopped it.

        A language model's deadline does not hold here; ``llm.timeout_seconds`` does. What
        fails by a fault that may pass is tried again.

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
        wait : float
            Seconds for which a language model that does not answer is waited for, at a time;
            then templates write, and the lines say the fault.
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
            "k": checked(k),
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
                patience=batch.Patience(wait),
                progress=progress,
            )
