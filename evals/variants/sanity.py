"""Cases whose explanation has to change: with shuffled factors, with another user's evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recx_agent.evals.cases.case import Case
from recx_agent.evals.cases.workspace import explained_case
from recx_agent.evals.scorers.faithful.sanity import OTHER_USER, SHUFFLED
from recx_agent.evals.variants.altered import Altered
from recx_agent.factory import load_model
from recx_agent.protocols import Plan
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.recx import Recx

SEED = 0


def sanity_cases(recx: Recx, cases: Sequence[Case], count: int) -> list[Case]:
    """Variants of the first ``count`` cases: two of each, where the model has such.

    They are told in the style of their base, so that nothing changes but what they rest on.

    Parameters
    ----------
    recx : Recx
    cases : sequence of Case
        Ordinary ones of this workspace.
    count : int
    """
    bases = [case for case in cases if not case.variant][:count]
    if not bases:
        return []
    others = list(dict.fromkeys(case.user_id for case in cases if not case.variant))
    found = [variant for base in bases for variant in _of_another(recx, base, others)]
    model = load_model(recx.version.model)
    if not isinstance(model, FactorModel):
        return found
    with Altered(recx, recx.dataset, shuffled(model)) as altered:
        for base in bases:
            made = explained_case(
                altered, base.user_id, base.item_id, base.language,
                variant=SHUFFLED, base_key=base.key, anew=True,
            )  # fmt: skip
            found.append(_in_style(made, base))
    return found


def shuffled(model: FactorModel, seed: int = SEED) -> FactorModel:
    """The same model with the features' factors dealt out anew among features of their kind.

    Nothing about the users, the weights or the distribution of the factors changes; only what
    the model knows of each item is lost.
    """
    random = np.random.default_rng(seed)
    kinds = np.array([feature.kind for feature in model.features])
    order = np.arange(len(kinds))
    for kind in sorted(set(kinds.tolist())):
        own = np.flatnonzero(kinds == kind)
        order[own] = random.permutation(own)
    return FactorModel.of(
        np.asarray(model.history_factors),
        np.asarray(model.feature_factors)[order],
        np.asarray(model.feature_biases)[order],
        model.item_features,
        features=model.features,
        half_life=model.half_life,
        scale=model.scale,
        notes=model.notes,
        kind=model.kind,
        disliked_factors=model.disliked_factors,
        contexts=model.contexts,
        context_factors=model.context_factors,
    )


def _of_another(recx: Recx, base: Case, others: Sequence[str]) -> list[Case]:
    """The item as it is explained to the next user who does not know it; none if all do."""
    item = recx.dataset.catalogue.ids.internal(base.item_id)
    start = others.index(base.user_id) + 1
    for other in [*others[start:], *others[: start - 1]]:
        if not recx.standing(other).candidates[item]:
            continue
        made = explained_case(
            recx, other, base.item_id, base.language,
            variant=OTHER_USER, base_key=base.key, anew=True,
        )  # fmt: skip
        # It counts as the base's user: that is whose text has to change.
        named = replace(made, key=f"{base.key} {OTHER_USER}", user_id=base.user_id)
        return [_in_style(named, base)]
    return []


def _in_style(made: Case, base: Case) -> Case:
    if not (isinstance(made.material, Plan) and isinstance(base.material, Plan)):
        return made
    return replace(made, material=replace(made.material, variant=base.material.variant))
