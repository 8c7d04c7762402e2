"""The top list before and after a change, ranked anew exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.attribution import Standing
from recx_agent.datasets import Dataset
from recx_agent.errors import NotOffered
from recx_agent.explainer.person import Person
from recx_agent.explainer.teller import Teller
from recx_agent.explainer.what_if_plan import what_if_script
from recx_agent.protocols import AdditiveModel
from recx_agent.schemas import Change, Moved, RankedItem, WhatIf, WhatIfKind

_WORDS: dict[WhatIfKind, str] = {
    "remove": "a what-if that removes history items",
    "add": "a what-if that adds history items",
    "mute": "a what-if that mutes attributes",
    "exclude": "a what-if that excludes items",
}


@dataclass(frozen=True)
class Changed:
    """What is different, by internal ids.

    Attributes
    ----------
    removed, added : sequence of int
        History items; an added one comes in as the newest.
    muted : sequence of (str, str)
        Name and value of attributes.
    excluded : int32 array
        Items that may not come.
    asked : sequence of str
        What was excluded, as the caller wrote it.
    """

    removed: Sequence[int] = ()
    added: Sequence[int] = ()
    muted: Sequence[tuple[str, str]] = ()
    excluded: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    asked: Sequence[str] = ()


def what_if(
    dataset: Dataset, model: AdditiveModel, person: Person, changed: Changed, k: int
) -> WhatIf:
    """Rank before and after a change.

    A removed item is still no candidate: the user knows it. The others keep their ages.

    Raises
    ------
    NotOffered
        The model cannot answer for such a change exactly.
    """
    _check_offered(model, changed)
    before = Standing(model, person.history, person.excluded)
    added = np.asarray(changed.added, dtype=np.int32)
    excluded = np.concatenate([person.excluded, added, changed.excluded])
    after = Standing(
        model.muted([feature_of(model, *pair) for pair in changed.muted])
        if changed.muted
        else model,
        person.history.without(list(changed.removed)).with_newest(added),
        np.unique(excluded).astype(np.int32),
    )
    external = dataset.catalogue.ids.external
    change = Change(
        remove=tuple(external(item) for item in changed.removed),
        add=tuple(external(item) for item in changed.added),
        mute=tuple(f"{name}={value}" for name, value in changed.muted),
        exclude=tuple(changed.asked),
    )
    return _compared(dataset, person.user_id, change, before, after, k)


def tell_what_if(teller: Teller, person: Person, changed: Changed, k: int) -> WhatIf:
    """The same, told as well."""
    result = what_if(teller.dataset, teller.model, person, changed, k)
    script = what_if_script(teller, result, k, _change_fields(teller, person, changed))
    return result.model_copy(update={"told": teller.tell(person, script)})


def _change_fields(teller: Teller, person: Person, changed: Changed) -> dict[str, Any]:
    """What a text may say of a change; what is not to be named is left out of it."""
    catalogue, sensitive = teller.dataset.catalogue, teller.sensitive
    titles, values = [], []
    unnamed = False
    for text in changed.asked:
        if text in catalogue.ids or ("=" not in text and catalogue.titled(text) is not None):
            item = catalogue.find(text)
            named = item not in person.withheld and item not in person.unnamed
            titles += [catalogue.titles[item]] if named else []
        else:
            pair = catalogue.find_attribute(text)
            named = sensitive.names_value(*pair)
            values += [pair] if named else []
        unnamed = unnamed or not named
    return {
        "remove": [catalogue.titles[item] for item in changed.removed],
        "add": [catalogue.titles[item] for item in changed.added],
        "exclude": list(dict.fromkeys(titles)),
        "mute": list(dict.fromkeys(changed.muted)),
        "exclude_values": list(dict.fromkeys(values)),
        "unnamed": unnamed,
    }


def feature_of(model: AdditiveModel, name: str, value: str) -> int:
    """The feature that an attribute's value is in a model.

    Raises
    ------
    NotOffered
        It is no term of the score.
    """
    for position, feature in enumerate(model.features):
        if (feature.kind, feature.name, feature.value) == ("attribute", name, value):
            return position
    raise NotOffered(f"muting {name}={value}: it is no term of the score", model.kind)


def ranked_item(dataset: Dataset, item: int, score: float, rank: int) -> RankedItem:
    """One place of a list."""
    catalogue = dataset.catalogue
    return RankedItem(
        item_id=catalogue.ids.external(item),
        title=catalogue.titles[item],
        score=score,
        rank=rank,
    )


def _check_offered(model: AdditiveModel, changed: Changed) -> None:
    asked: dict[WhatIfKind, bool] = {
        "remove": bool(changed.removed),
        "add": bool(changed.added),
        "mute": bool(changed.muted),
        "exclude": bool(len(changed.excluded)),
    }
    for kind, wanted in asked.items():
        if wanted and kind not in model.what_ifs:
            raise NotOffered(_WORDS[kind], model.kind)


def _compared(
    dataset: Dataset, user_id: str, change: Change, before: Standing, after: Standing, k: int
) -> WhatIf:
    old, _ = before.model.top_k(before.history, k, before.excluded)
    new, _ = after.model.top_k(after.history, k, after.excluded)
    both = list(dict.fromkeys(int(item) for item in [*old, *new]))
    return WhatIf(
        user_id=user_id,
        change=change,
        before=_listed(dataset, before, old),
        after=_listed(dataset, after, new),
        moved=tuple(
            Moved(
                item_id=dataset.catalogue.ids.external(item),
                title=dataset.catalogue.titles[item],
                score_before=float(before.scores[item]),
                score_after=float(after.scores[item]),
                rank_before=before.rank(item),
                rank_after=after.rank(item),
            )
            for item in both
        ),
    )


def _listed(
    dataset: Dataset, standing: Standing, items: NDArray[np.int32]
) -> tuple[RankedItem, ...]:
    return tuple(
        ranked_item(dataset, int(item), float(standing.scores[item]), rank)
        for rank, item in enumerate(items, start=1)
    )
