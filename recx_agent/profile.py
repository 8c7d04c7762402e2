"""What the recommender knows of a user."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recx_agent.datasets import Dataset, Event
from recx_agent.explainer.person import Person
from recx_agent.explainer.profile_plan import profile_script
from recx_agent.explainer.teller import Teller
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import AttributeLeaning, HistoryEntry, Profile
from recx_agent.sensitive import Sensitive


def describe_person(
    dataset: Dataset, model: AdditiveModel, person: Person, sensitive: Sensitive
) -> Profile:
    """A user's history with its serving weights, and the leaning to each attribute.

    The leaning ``⟨p_u, q_f⟩`` is what the history adds to every item that has the
    attribute; the attribute's bias, equal for all users, is left out. A model without
    attributes has no leanings. Items that are not to be named are counted alone.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    person : Person
        A known user.
    sensitive : Sensitive
    """
    history, data = person.history, person.data_in(dataset)
    assert data is not None
    own, user = data
    by_item: dict[int, list[str]] = {}
    for event in own.describe_terms(user, disliked=model.uses_disliked):
        if sensitive.names_event(event):
            by_item.setdefault(event.item, []).append(_worded(event, dataset.scale))
    told = [n for n, item in enumerate(history.items) if int(item) not in person.unnamed]
    weights = model.weights(history.ages)
    where = own.events.of_user(user)
    return Profile(
        user_id=person.user_id,
        history=tuple(
            HistoryEntry(
                item_id=dataset.catalogue.ids.external(int(history.items[n])),
                title=dataset.catalogue.titles[history.items[n]],
                weight=float(weights[n]),
                events=tuple(by_item.get(int(history.items[n]), ())),
                disliked=bool(history.disliked[n]),
            )
            for n in told
        ),
        leanings=tuple(_leanings(model, person, sensitive)),
        events_total=where.stop - where.start,
        events_used=_events_used(own, model, person, user),
        other_items=len(history) - len(told),
    )


def tell_profile(teller: Teller, person: Person) -> Profile:
    """The same, told as well."""
    profile = describe_person(teller.dataset, teller.model, person, teller.sensitive)
    told = teller.tell(person, profile_script(teller, person, profile))
    return profile.model_copy(update={"told": told})


def _events_used(dataset: Dataset, model: AdditiveModel, person: Person, user: int) -> int:
    where = dataset.events.of_user(user)
    used = np.asarray(dataset.events.positive[where]).copy()
    if model.uses_disliked:
        used |= dataset.disliked[where]
    used &= np.isin(dataset.events.item[where], person.history.items)
    return int(np.count_nonzero(used))


def _leanings(
    model: AdditiveModel, person: Person, sensitive: Sensitive
) -> Sequence[AttributeLeaning]:
    history = person.history
    if not len(history) or "attribute" not in model.views:
        return []
    represented = model.represent(history)
    own = set(history.items[~history.disliked].tolist()) - person.unnamed
    found = [
        AttributeLeaning(
            name=feature.name,
            value=feature.value,
            leaning=float(model.feature_factors[position].astype(np.float64) @ represented),
            items_in_history=len(own.intersection(model.items_with(position)[0].tolist())),
        )
        for position, feature in enumerate(model.features)
        if feature.kind == "attribute" and sensitive.names_value(feature.name, feature.value)
    ]
    return sorted(found, key=lambda entry: -entry.leaning)


def _worded(event: Event, scale: tuple[float, float] | None) -> str:
    words = event.event_type
    if event.value is not None:
        words += f" {event.value:g}" + (f" of {scale[1]:g}" if scale else "")
    return words + (f" on {event.date}" if event.date else "")
