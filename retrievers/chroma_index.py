"""Builds the index of evidence and brings it up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from recx_agent.datasets import Dataset
from recx_agent.errors import EvidenceIndexError
from recx_agent.protocols import AdditiveModel, Progress, no_progress
from recx_agent.retrievers import generations
from recx_agent.retrievers.chroma_store import StoreDamaged
from recx_agent.retrievers.generations import Plan
from recx_agent.retrievers.index_filling import IndexFilling, indexed
from recx_agent.retrievers.index_state import IndexState
from recx_agent.retrievers.sharding import shard_count
from recx_agent.retrievers.vector_files import blank_spare_room
from recx_agent.settings import RetrieverSettings
from recx_agent.write_lock import write_lock


class ChromaIndex:
    """The evidence index in a folder.

    Every positive event of every user is one record: its id is the event's own, its
    vector the ``p_h`` of the event's item. Collections are named by the model and a
    shard number (:mod:`recx_agent.retrievers.sharding`); their space is ``ip``.

    Parameters
    ----------
    folder : str or Path
        The index's own folder; made when something is first written.
    settings : RetrieverSettings, optional
    """

    def __init__(self, folder: str | Path, settings: RetrieverSettings | None = None) -> None:
        self.folder = Path(folder)
        self.settings = settings or RetrieverSettings()

    def state(self) -> IndexState | None:
        """What the index in force holds; ``None`` if there is none that can be read."""
        try:
            return IndexState.read(self.folder)
        except (OSError, ValueError):
            return None

    def build(
        self, dataset: Dataset, model: AdditiveModel, progress: Progress = no_progress
    ) -> int:
        """Make the index hold the data set's events with the model's vectors, no others.

        What is there is compared with what should be, and only what differs is written:
        an interrupted build goes on where it stood, new events are added to an index of
        the same model, removed or altered ones are removed from its files, and damage
        is repaired. Until it is done, readers see the index as it was.

        Parameters
        ----------
        dataset : Dataset
        model : AdditiveModel
            The model of this data set.
        progress : callable, optional
            Called with the events written or found in place, and all of them.

        Returns
        -------
        int
            Events in the index.

        Raises
        ------
        WriteLocked
            Another process is building it.
        EvidenceIndexError
            Model and data set do not fit, or Chroma cannot write.
        """
        if len(model.history_factors) != len(dataset.catalogue):
            raise EvidenceIndexError(
                f"{self.folder}: the model knows {len(model.history_factors)} items and the data "
                f"set has {len(dataset.catalogue)}; run 'recx fit' or 'recx update'"
            )
        with write_lock(self.folder):
            before = self.state()
            events = int(np.count_nonzero(indexed(dataset)))
            plan = self._plan(events, model, before)
            filling = IndexFilling(
                dataset=dataset,
                vectors=np.asarray(model.history_factors, dtype=np.float32),
                plan=plan,
                batch_size=self.settings.batch_size,
                progress=progress,
            )
            state = IndexState(
                generation=self._filled(filling, plan, before),
                model=plan.model,
                data=dataset.fingerprint,
                dimensions=plan.dimensions,
                shards=plan.shards,
                collections=len(filling.collections),
                users=sum(len(users) for users in filling.collections.values()),
                events=events,
            )
            if state != before:
                state.write(self.folder)
            generations.remove_others(self.folder, state.generation)
        return events

    def _plan(self, events: int, model: AdditiveModel, before: IndexState | None) -> Plan:
        same_model = before is not None and before.model == model.fingerprint
        return Plan(
            model=model.fingerprint,
            dimensions=int(model.history_factors.shape[1]),
            shards=shard_count(
                events, self.settings, before.shards if before and same_model else None
            ),
        )

    def _filled(self, filling: IndexFilling, plan: Plan, before: IndexState | None) -> str:
        """Fill a generation that was begun, a copy of the one in force, or an empty one."""
        in_force = None if before is None else before.generation
        begun = generations.unfinished(self.folder, plan, in_force)
        generations.remove_others(self.folder, in_force, begun.name if begun else None)
        try:
            generation = begun or self._copied(in_force, plan)
            if generation is not None:
                changed = filling.fill(generation)
                if in_force is not None and generation != begun and not changed:
                    return in_force
                generations.reclaim(generation)
                return self._finished(generation)
        except (StoreDamaged, sqlite3.Error):
            generations.remove_others(self.folder, in_force)
        try:
            generation = generations.fresh(self.folder, plan)
            filling.fill(generation)
        except StoreDamaged as error:
            raise EvidenceIndexError(f"{self.folder}: Chroma cannot write here: {error}") from error
        return self._finished(generation)

    def _finished(self, generation: Path) -> str:
        blank_spare_room(generation)
        generations.sync(generation)
        return generation.name

    def _copied(self, in_force: str | None, plan: Plan) -> Path | None:
        if in_force is None or not generations.made_for(self.folder / in_force, plan):
            return None
        return generations.copied(self.folder / in_force, self.folder)
