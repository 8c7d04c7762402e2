"""Without which items of the history an item would leave the top list, told with evidence."""

from __future__ import annotations

from recx_agent.attribution import Standing, find_removal
from recx_agent.errors import NotOffered, UsageError
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.person import Person
from recx_agent.schemas import Counterfactual, ItemRef


def counterfactual(
    explainer: Explainer, person: Person, item: int, k: int, budget: int
) -> Counterfactual:
    """Look for a small set of history items that may be named; see :func:`find_removal`.

    Raises
    ------
    NotOffered
        The model cannot rank without a history item.
    UsageError
        The item is not among the top ``k``.
    """
    model, catalogue = explainer.model, explainer.dataset.catalogue
    if "remove" not in model.what_ifs:
        raise NotOffered("a counterfactual", model.kind)
    if budget < 1:
        raise UsageError(f"budget is {budget}; it must be at least 1")
    standing = Standing(model, person.history, person.excluded)
    rank = standing.rank(item)
    title = catalogue.titles[item]
    if rank is None:
        raise UsageError(f"{title!r} is no candidate: the user knows it already")
    if rank > k:
        raise UsageError(f"{title!r} is not among the top {k}: its rank is {rank}")
    history = person.history.items.tolist()
    allowed = [n for n, own in enumerate(history) if own not in person.unnamed]
    removal = find_removal(standing, item, k, budget, allowed)
    answer = Counterfactual(
        user_id=person.user_id,
        item=ItemRef(item_id=catalogue.ids.external(item), title=title),
        k=k,
        budget=budget,
        found=removal.found,
        removed=tuple(
            ItemRef(item_id=catalogue.ids.external(own), title=catalogue.titles[own])
            for own in (history[n] for n in removal.positions)
        ),
        rank_before=rank,
        rank_after=removal.rank,
    )
    if not removal.found:
        return answer
    ranks = {"rank": rank, "rank_without": removal.rank, "k": k}
    sentence, evidence = explainer.tell_removal(person, item, removal.positions, ranks)
    return answer.model_copy(update={"sentence": sentence, "evidence": evidence})
