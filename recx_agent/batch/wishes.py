"""A group as explanations that are prepared, each with its own way to be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from recx_agent.batch.asked import Group
from recx_agent.batch.lines import Key
from recx_agent.batch.run import Wish
from recx_agent.explainer.explainer import Explainer, Prepared
from recx_agent.explainer.person import Person
from recx_agent.explainers import Explainers
from recx_agent.people import People
from recx_agent.schemas import Explanation
from recx_agent.writing import GroundedWriter


@dataclass(frozen=True)
class Wishes:
    """Prepares what :func:`recx_agent.batch.run.explain_all` writes.

    Parameters
    ----------
    people : People
    explainers : Explainers
    k : int
        Length of the list that ranks are told against, and of a user's top list.
    language : str or None
    """

    people: People
    explainers: Explainers
    k: int
    language: str | None = None

    def __call__(self, group: Group, is_done: Callable[[Key], bool]) -> Sequence[Wish]:
        """Prepare a group, less what is done.

        Raises
        ------
        UsageError
            One of its kinds: the user or the item is unknown, withheld or left out.
        """
        person = self.people.person(group.user_id)
        items = self._items(group, person)
        ids = self.people.dataset.catalogue.ids
        keys = [(group.user_id, ids.external(item)) for item in items]
        if all(is_done(key) for key in keys):
            return []
        explainer = self.explainers.explainer_for(person, self.language)
        # The whole list even where only some are missing: what is told once depends on it.
        prepared = explainer.prepare(person, items, self.k)
        return [
            Wish(key, partial(_written, explainer, one))
            for key, one in zip(keys, prepared, strict=True)
            if not is_done(key)
        ]

    def _items(self, group: Group, person: Person) -> list[int]:
        if group.items is not None:
            return [self.people.find_candidate(item, person) for item in group.items]
        model = self.explainers.model_for(person)
        items, _ = model.top_k(person.history, self.k, person.excluded)
        return [int(item) for item in items]


async def _written(explainer: Explainer, prepared: Prepared) -> Explanation:
    writer = explainer.writer
    if isinstance(writer, GroundedWriter):
        draft = await writer.write_slowly(prepared.plan)
    else:
        draft = writer.write(prepared.plan)
    return explainer.finish(prepared, draft)
