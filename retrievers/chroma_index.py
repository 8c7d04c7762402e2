"""Builds the index of evidence, brings it up to date, and looks after it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from recx_agent.artefacts import why_unwritable
from recx_agent.datasets import Dataset
from recx_agent.errors import (
    EvidenceIndexError,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    WriteFailed,
)
from recx_agent.protocols import AdditiveModel, Progress, TextEmbedder, no_progress
from recx_agent.retrievers.chroma_client import give_memory_back
from recx_agent.retrievers.chroma_faults import OtherFormat, StoreDamaged
from recx_agent.retrievers.chroma_store import KEPT_IN_MEMORY
from recx_agent.retrievers.index_content import Content, event_contents, is_term, text_contents
from recx_agent.retrievers.index_filling import Filled, IndexFilling
from recx_agent.retrievers.index_place import Draft
from recx_agent.retrievers.index_plan import Plan, TextPlan
from recx_agent.retrievers.index_state import Collected, IndexState
from recx_agent.retrievers.places import place_of
from recx_agent.retrievers.sharding import shard_count
from recx_agent.retrievers.text_records import text_fingerprint, with_text
from recx_agent.settings import RetrieverSettings

_Way = Callable[[], AbstractContextManager[Draft]]


class ChromaIndex:
    """The evidence index of a workspace, in its folder or on a Chroma server.

    Every event that is a term of a score is one record: its id is the event's own, its
    vector the model's ``event_vectors``. With an embedder, users' own texts and the items'
    catalogue texts are records too, in collections of their own.

    Parameters
    ----------
    folder : str or Path
        The index's own folder in the workspace; made when something is first written.
    settings : RetrieverSettings, optional
    embedder : TextEmbedder, optional
        Texts are not indexed without one.
    """

    def __init__(
        self,
        folder: str | Path,
        settings: RetrieverSettings | None = None,
        embedder: TextEmbedder | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.settings = settings or RetrieverSettings()
        self.embedder = embedder
        self._place = place_of(self.folder, self.settings)

    def state(self) -> IndexState | None:
        """What the index in force holds; ``None`` if there is none that can be read.

        Raises
        ------
        IndexUnreachable
            The server does not answer.
        """
        try:
            return self._place.state()
        except StoreDamaged:
            return None

    def build(
        self,
        dataset: Dataset,
        model: AdditiveModel,
        progress: Progress = no_progress,
        *,
        anew: bool = False,
    ) -> int:
        """Make the index hold the data set's events with the model's vectors, no others.

        What is there is compared with what should be, and only what differs is written:
        an interrupted build goes on where it stood, new events are added to an index of
        the same model, texts stay when the model changes, removed or altered records are
        removed, and damage is repaired. Until it is done, readers see the index as it was.

        Parameters
        ----------
        dataset : Dataset
        model : AdditiveModel
            The model of this data set.
        progress : callable, optional
            Called with the records written or found in place, and all of them.
        anew : bool
            Use nothing of what is there, and take over a server's index from another
            workspace.

        Returns
        -------
        int
            Events in the index.

        Raises
        ------
        WriteLocked
            Another process is building it.
        EvidenceIndexError
            Model and data set do not fit, or Chroma cannot write; ``IndexUnreachable`` if
            a server does not answer.
        WriteFailed
            There is no room, or no permission.
        """
        if len(model.item_factors) != len(dataset.catalogue):
            raise EvidenceIndexError(
                f"{self.folder}: the model knows {len(model.item_factors)} items and the data "
                f"set has {len(dataset.catalogue)}; run 'recx fit' or 'recx update'"
            )
        try:
            with self._place.writing():
                return self._build(dataset, model, progress, anew)
        except OSError as error:
            raise self._not_written(error) from error

    def check(self, dataset: Dataset, model: AdditiveModel) -> IndexState:
        """See that the index in force is this model's, of these data, and all there.

        Every collection is counted, and one record of each is read; whether each single
        record is what was written is seen when it is fetched, or by :meth:`build`.

        Raises
        ------
        IndexMissing, IndexStale, IndexDamaged, IndexUnreachable
        """
        workspace = self.folder.parent
        try:
            state = self._place.state()
            if state is None:
                raise IndexMissing(workspace, f"no evidence index in {self._place.where}")
            self._check_state(state, dataset, model)
            for parts in _groups(state):
                with self._place.open(state) as store:
                    for part, dimensions in parts:
                        # There may be more: those of an update that was interrupted.
                        if store.count(part.name) < part.count:
                            raise StoreDamaged(f"records of {part.name} are missing")
                        store.read_some(part.name, dimensions, 1)
                give_memory_back()
            return state
        except OtherFormat as error:
            raise IndexStale(workspace, str(error)) from error
        except StoreDamaged as error:
            raise IndexDamaged(workspace, str(error)) from error

    def _check_state(self, state: IndexState, dataset: Dataset, model: AdditiveModel) -> None:
        workspace = self.folder.parent
        if state.model != model.fingerprint:
            raise IndexStale(
                workspace,
                f"the evidence index is of model {state.model}, not of {model.fingerprint}",
            )
        terms = int(np.count_nonzero(is_term(dataset, disliked=model.uses_disliked)))
        if state.data != dataset.fingerprint or state.events != terms:
            raise IndexStale(workspace, "the evidence index is of another state of the data")
        indexed = None if state.plan.texts is None else state.plan.texts.embedder
        wanted = None if self.embedder is None else self.embedder.name
        if indexed != wanted:
            raise IndexStale(workspace, f"its texts are embedded by {indexed}, not by {wanted}")
        if wanted is not None and state.texts_data != text_fingerprint(dataset):
            raise IndexStale(workspace, "its texts are of another state of the data")

    def _build(self, dataset: Dataset, model: AdditiveModel, progress: Progress, anew: bool) -> int:
        before = self.state()
        owner = self._place.claim(before, anew=anew)
        plan = self._plan(dataset, model, before)
        contents = event_contents(dataset, model, plan)
        if self.embedder is not None:
            contents += text_contents(dataset, self.embedder, plan)
        filling = IndexFilling(contents, self.settings.batch_size, progress)
        generation, filled = self._filled(
            filling, self._place.drafts(plan, before, anew=anew), before
        )
        events = [content for content in contents if content.part.kind == "events"]
        state = IndexState(
            generation=generation,
            plan=plan,
            data=dataset.fingerprint,
            texts_data=text_fingerprint(dataset) if plan.texts is not None else "",
            parts=filled.parts,
            users=_users(dataset, model),
            events=_records(events),
            texts=_records([c for c in contents if c.part.kind == "texts"]),
            owner=owner,
        )
        if state != before:
            self._place.put_in_force(state)
        self._place.remove_others(state)
        return state.events

    def _plan(self, dataset: Dataset, model: AdditiveModel, before: IndexState | None) -> Plan:
        disliked = model.uses_disliked
        no_items = np.empty(0, dtype=np.int32)
        old = None if before is None else before.plan
        same = old is not None and old.model == model.fingerprint
        return Plan(
            model=model.fingerprint,
            dimensions=int(model.event_vectors(no_items, no_items.astype(bool)).shape[1]),
            shards=shard_count(
                int(np.count_nonzero(is_term(dataset, disliked=disliked))),
                self.settings,
                old.shards if old is not None and same else None,
            ),
            disliked=disliked,
            texts=self._text_plan(dataset, None if old is None else old.texts),
        )

    def _text_plan(self, dataset: Dataset, old: TextPlan | None) -> TextPlan | None:
        if self.embedder is None:
            return None
        name = self.embedder.name
        known = old if old is not None and old.embedder == name else None
        return TextPlan(
            embedder=name,
            owner=hashlib.sha256(name.encode()).hexdigest()[:16],
            dimensions=known.dimensions if known else int(self.embedder.embed([""]).shape[1]),
            shards=shard_count(
                int(np.count_nonzero(with_text(dataset))),
                self.settings,
                known.shards if known else None,
            ),
        )

    def _filled(
        self, filling: IndexFilling, ways: Sequence[_Way], before: IndexState | None
    ) -> tuple[str, Filled]:
        """Fill what can be begun with, else something empty."""
        for number, begin in enumerate(ways, start=1):
            try:
                with begin() as draft:
                    filled = filling.fill(draft)
                return self._place.finish(draft, filled.changed, before), filled
            except (StoreDamaged, sqlite3.Error, OSError, WriteFailed) as error:
                # Chroma does not always say so, and when its files are gone there is room again.
                unwritable = None if self.settings.url else why_unwritable(self.folder)
                self._place.remove_others(before)
                if unwritable is not None:
                    raise unwritable from error
                if number == len(ways):
                    raise self._not_written(error) from error
        raise AssertionError("there is no way to begin")

    def _not_written(self, error: Exception) -> EvidenceIndexError:
        return EvidenceIndexError(
            f"{self._place.where}: Chroma cannot write here: {error}; mend that, "
            "and run 'recx index --rebuild'"
        )


def _groups(state: IndexState) -> Iterator[list[tuple[Collected, int]]]:
    """The collections and their dimensions, in groups that fit into memory together."""
    group: list[tuple[Collected, int]] = []
    records = 0
    for key, part in state.parts.items():
        texts = None if key.startswith("events-") else state.plan.texts
        group.append((part, state.plan.dimensions if texts is None else texts.dimensions))
        records += part.count
        if records >= KEPT_IN_MEMORY:
            yield group
            group, records = [], 0
    if group:
        yield group


def _records(contents: Sequence[Content]) -> int:
    return sum(content.count for content in contents)


def _users(dataset: Dataset, model: AdditiveModel) -> int:
    kept = is_term(dataset, disliked=model.uses_disliked)
    return len(np.unique(np.asarray(dataset.events.user)[kept]))
