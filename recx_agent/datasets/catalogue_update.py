"""A catalogue with the rows of a new items file laid over and behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from recx_agent.datasets.attributes import Values, why_no_feature
from recx_agent.datasets.catalogue import Catalogue, folded
from recx_agent.datasets.doubles import merge_doubles, source_titles, tell_titles_apart
from recx_agent.datasets.items import Things
from recx_agent.datasets.reader import merged_note
from recx_agent.datasets.report import FileReport
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings


def known_items(catalogue: Catalogue, rows: Things | None) -> set[str] | None:
    """Ids that a row of the interactions may have; ``None``: any."""
    if rows is not None:
        return {*catalogue.ids, *catalogue.aliases, *rows.ids}
    # A catalogue whose titles are its ids was made of interactions; any item can join it.
    if catalogue.titles == catalogue.ids.ids:
        return None
    return {*catalogue.ids, *catalogue.aliases}


def extended_catalogue(
    old: Catalogue, rows: Things | None, occurring: Sequence[str], settings: DataSettings
) -> tuple[Catalogue, list[str]]:
    """Lay new rows over a catalogue.

    Items keep their internal ids, and titles that were told apart their marks. A catalogue
    whose doubles were merged goes on so: a new double becomes another id of the item it
    equals, and a row about an id that was merged changes nothing.

    Parameters
    ----------
    old : Catalogue
    rows : Things or None
        Rows of an items file; without one, a catalogue without titles grows by
        ``occurring``.
    occurring : sequence of str
        Item ids of the new interactions, in their natural order.
    settings : DataSettings
        ``merge_doubles``, ``changing``.

    Returns
    -------
    Catalogue
    list of str
        What a user should know.

    Raises
    ------
    SettingsError
        ``changing`` names an attribute that the model has learned from.
    """
    merges = bool(old.doubles) or (settings.merge_doubles and rows is not None)
    if rows is None:
        ids = old.ids.extended(item for item in occurring if item not in old.aliases)
        rows = _named_by_ids(ids.ids[len(old) :])
    own = _chosen(rows, [at for at, item in enumerate(rows.ids) if item not in old.aliases])
    attributes_before = _without_changing(old, settings.changing)
    ids = old.ids.extended(own.ids)
    n, at = len(ids), [ids.internal(external) for external in own.ids]
    attributes = {
        name: laid_over(attributes_before.get(name, ()), n, at, own.attributes.get(name, ()), ())
        for name in dict.fromkeys((*attributes_before, *own.attributes))
    }
    features, notes = _extended_features(old, attributes)
    catalogue = Catalogue(
        ids=ids,
        titles=laid_over(source_titles(old), n, at, own.titles, ""),
        attributes=attributes,
        features=features,
        descriptions=laid_over(old.descriptions, n, at, own.descriptions, ""),
        doubles=laid_over(old.doubles, n, (), (), ()) if old.doubles else (),
    )
    if contrary := _contrary(catalogue, rows, old.aliases):
        notes.append(
            f"{contrary:,} rows are about items that were merged into others and differ from "
            "them now; they were left out: fit anew to take the items apart"
        )
    if merges:
        catalogue = merge_doubles(catalogue, known=len(old))
        if count := len(catalogue.aliases) - len(old.aliases):
            notes.append(merged_note(count))
        catalogue = tell_titles_apart(catalogue, before=old)
    changed = sum(_differs(old, i, catalogue) for i in at if i < len(old))
    if changed:
        notes.append(f"{changed:,} items have new titles or attributes")
    return catalogue, notes


def _named_by_ids(ids: tuple[str, ...]) -> Things:
    return Things(ids, ids, (), {}, FileReport("items", "", 0, 0), ())


def _chosen(rows: Things, at: Sequence[int]) -> Things:
    def taken(values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(values[position] for position in at) if values else ()

    return replace(
        rows,
        ids=taken(rows.ids),
        titles=taken(rows.titles),
        descriptions=taken(rows.descriptions),
        attributes={name: taken(values) for name, values in rows.attributes.items()},
    )


def _without_changing(old: Catalogue, changing: Sequence[str]) -> dict[str, Values]:
    for name in changing:
        if name in old.features:
            raise SettingsError(
                f"data.changing: the model has learned from the attribute {name!r}; "
                "fit anew to leave it out"
            )
    return {name: values for name, values in old.attributes.items() if name not in changing}


def _contrary(catalogue: Catalogue, rows: Things, aliases: Mapping[str, str]) -> int:
    """Count the rows about merged ids that are not what their item is."""

    def differs(position: int, item: int) -> bool:
        return folded(rows.titles[position]) != folded(catalogue.titles[item]) or any(
            sorted(values[position]) != sorted(catalogue.attributes[name][item])
            for name, values in rows.attributes.items()
        )

    return sum(
        differs(position, catalogue.ids.internal(aliases[item_id]))
        for position, item_id in enumerate(rows.ids)
        if item_id in aliases
    )


def _differs(old: Catalogue, item: int, new: Catalogue) -> bool:
    return new.titles[item] != old.titles[item] or any(
        values[item] != (old.attributes[name][item] if name in old.attributes else ())
        for name, values in new.attributes.items()
    )


def laid_over(old: Sequence[Any], n: int, at: Sequence[int], new: Sequence[Any], none: Any) -> Any:
    """Lay ``new`` over ``old`` at the positions ``at``; both may be empty: nothing known."""
    result = [*old, *[none] * (n - len(old))]
    for position, value in zip(at, new, strict=False):
        result[position] = value
    return tuple(result)


def _extended_features(
    old: Catalogue, attributes: Mapping[str, Values]
) -> tuple[tuple[str, ...], list[str]]:
    """Judge new attributes only: what was a feature stays one, so models stay comparable."""
    features, notes = list(old.features), []
    for name, values in attributes.items():
        if name not in old.attributes:
            reason = why_no_feature(values)
            if reason is None:
                features.append(name)
            else:
                notes.append(f"attribute {name!r} is told as a fact but not learned from: {reason}")
    return tuple(features), notes
