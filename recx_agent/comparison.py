"""Why this item and not that one: two exact scores of one user, term by term."""

from __future__ import annotations

from recx_agent.attribution import Standing, Unnamed, attribute_items
from recx_agent.attribution.item_attribution import ItemAttribution
from recx_agent.attribution.pairs import compared
from recx_agent.datasets.catalogue import folded
from recx_agent.errors import NoHistory, NotOffered, UsageError
from recx_agent.explainer.compare_plan import Pair, compare_script
from recx_agent.explainer.person import Person
from recx_agent.explainer.teller import Teller
from recx_agent.schemas import Compared, ComparedTerm, Comparison, View

Terms = tuple[ComparedTerm, ...]


def compare(
    teller: Teller, person: Person, item: int, other: int, view: View | None = None
) -> Comparison:
    """Take the difference of two scores apart and tell it.

    Parameters
    ----------
    teller : Teller
    person : Person
    item, other : int
        Items that may be talked about.
    view : str, optional
        ``history`` or ``attribute``: the only one that reasons are taken from; else the
        history, and attributes where that gives none.

    Raises
    ------
    UsageError
        It is one item twice, or the person has no history that counts.
    NotOffered
        The model has no such view.
    """
    model, titles = teller.model, teller.dataset.catalogue.titles
    _check(teller, person, item, other, view)
    standing = Standing(model, person.history, person.excluded)
    one, two = attribute_items(standing, [item, other])
    script = compare_script(teller, person, Pair.of(one, two), view)
    history, attribute = _terms(teller, person, one, two)
    by_attribute = any(id[0] == "A" for claim in script.claims for id in claim.evidence)
    return Comparison(
        user_id=person.user_id,
        item=_side(teller, one, titles[item]),
        other=_side(teller, two, titles[other]),
        difference=one.score - two.score,
        view=view or ("attribute" if by_attribute else "history"),
        history=history,
        attribute=attribute,
        told=teller.tell(person, script),
    )


def _check(teller: Teller, person: Person, item: int, other: int, view: View | None) -> None:
    catalogue = teller.dataset.catalogue
    title = catalogue.titles[item]
    if item == other:
        raise UsageError(f"{title!r} is given twice; a comparison needs two different items")
    if catalogue.twins[item] == catalogue.twins[other] or folded(title) == folded(
        catalogue.titles[other]
    ):
        raise UsageError(
            f"both items are called {title!r}: a text could not tell them apart; compare one of "
            "them with another item"
        )
    if not len(person.history):
        raise NoHistory(person.user_id)
    if view == "pair" or (view is not None and view not in teller.model.views):
        raise NotOffered(f"a comparison by the {view} view", teller.model.kind)


def _side(teller: Teller, one: ItemAttribution, title: str) -> Compared:
    item_id = teller.dataset.catalogue.ids.external(one.item)
    return Compared(item_id=item_id, title=title, score=one.score, rank=one.rank)


def _terms(
    teller: Teller, person: Person, one: ItemAttribution, two: ItemAttribution
) -> tuple[Terms, Terms | None]:
    catalogue = teller.dataset.catalogue
    unnamed = Unnamed(person.unnamed, teller.sensitive.values)
    first, second = (
        each.record(catalogue.titles, catalogue.ids.ids, "history", unnamed).views
        for each in (one, two)
    )
    attribute = None
    if first.attribute is not None and second.attribute is not None:
        attribute = compared(first.attribute, second.attribute)
    return compared(first.history, second.history), attribute
