"""Everything that is told of a user, to be searched whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from recx_agent.profile import describe_person
from recx_agent.removal import counterfactual
from recx_agent.what_if import Changed, what_if
from tests.unit.told_world import World

TV = {"device": "tv"}


def answers(world: World, user_id: str) -> Iterator[BaseModel]:
    """Everything that is told of a user."""
    person = world.people.person(user_id, context=TV)
    items, _ = world.model.top_k(person.history, 20, person.excluded)
    own = [n for n in person.known if n not in person.withheld]
    yield from world.explainer.explain(person, [int(i) for i in items], 5)
    yield from world.explainer.explain(person, [*own, *(int(i) for i in items)], 5, "the shop")
    for item in items[:5]:
        yield counterfactual(world.explainer, person, int(item), 5, 4)
    yield describe_person(world.dataset, world.model, person, world.sensitive)
    for removed in own:
        if removed in person.history.items and removed not in person.unnamed:
            changed = Changed(removed=[removed])
            yield what_if(world.dataset, world.model, person, changed, 20)


def spelled(world: World, items: set[int], values: set[str]) -> re.Pattern[str]:
    catalogue = world.dataset.catalogue
    told = {catalogue.titles[n] for n in items} | {catalogue.ids.external(n) for n in items}
    return re.compile("|".join(rf"\b{re.escape(w)}\b" for w in sorted(told | values)), re.I)
