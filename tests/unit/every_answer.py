"""Everything that is told of a user, to be searched whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from recx_agent.comparison import compare
from recx_agent.explainer.teller import Teller
from recx_agent.profile import tell_profile
from recx_agent.removal import counterfactual
from recx_agent.what_if import Changed, tell_what_if
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
    teller = teller_of(world)
    yield tell_profile(teller, person)
    for removed in own:
        if removed in person.history.items and removed not in person.unnamed:
            yield tell_what_if(teller, person, Changed(removed=[removed]), 20)
    for one, other in zip(items, items[1:], strict=False):
        if len(person.history):
            yield compare(teller, person, int(other), int(one))
            yield compare(teller, person, int(one), int(other), "attribute")


def teller_of(world: World) -> Teller:
    """What tells comparisons, what-ifs and profiles."""
    own = world.explainer
    return Teller(own.model, world.dataset, own.writer, own.settings, own.wording, world.sensitive)


def spelled(world: World, items: set[int], values: set[str]) -> re.Pattern[str]:
    catalogue = world.dataset.catalogue
    told = {catalogue.titles[n] for n in items} | {catalogue.ids.external(n) for n in items}
    return re.compile("|".join(rf"\b{re.escape(w)}\b" for w in sorted(told | values)), re.I)
