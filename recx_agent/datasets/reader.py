"""Files or data frames in, a :class:`~recx_agent.datasets.dataset.Dataset` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets.catalogue import Catalogue
from recx_agent.datasets.column_names import check_map, check_map_is_used
from recx_agent.datasets.contexts import check_context
from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.doubles import merge_doubles, tell_titles_apart
from recx_agent.datasets.events import NO_ITEM, Events
from recx_agent.datasets.idmap import IdMap, natural_key
from recx_agent.datasets.interactions import Incoming, further_columns, read_interactions
from recx_agent.datasets.items import Things, read_items, read_users, split_features
from recx_agent.datasets.left_out import NOBODY, LeaveOut, LeftOut, leave_out_users
from recx_agent.datasets.report import ImportReport
from recx_agent.datasets.tables import Column, Progress, Source, Table, read_table
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings

NO_ALIASES: Mapping[str, str] = {}


def read_dataset(
    settings: DataSettings,
    *,
    interactions: Source | None = None,
    items: Source | None = None,
    users: Source | None = None,
    progress: Progress | None = None,
    leave_out: LeaveOut | None = None,
) -> tuple[Dataset, ImportReport]:
    """Read and check interactions, and items and users if there are any.

    Without an items file the catalogue is made of the items that occur; with one, a row
    about another item is bad. The same holds for users. Internal ids follow the natural
    order of the external ones, so the order of rows changes nothing but row numbers.

    Parameters
    ----------
    settings : DataSettings
        Paths, column mapping, event types, scale. ``max_bad_rows`` holds for each file.
    interactions, items, users : path or pandas.DataFrame, optional
        In place of the paths in the settings.
    progress : callable, optional
        Called as ``progress(stage, done, total)``.
    leave_out : callable, optional
        Given user ids, tells those whose rows are left out: as if the files did not
        have them.

    Returns
    -------
    Dataset
        Users, catalogue and events.
    ImportReport
        What was read, kept and dropped.

    Raises
    ------
    DataError
        A file is missing or no table, or a column is missing; names the remedy.
    BadRows
        More rows are bad than ``max_bad_rows``; carries them all.
    SettingsError
        A setting does not fit, or there is nothing to read.
    """
    tables = read_tables(settings, interactions, items, users, progress)
    tables, left_out = leave_out_users(tables, settings.map, leave_out)
    check_context(
        settings.context,
        further_columns(tables["interactions"], settings.map),
        settings.time_meaning,
        settings.time_zone,
    )
    catalogue_rows = read_items(tables["items"], settings) if "items" in tables else None
    user_rows = read_users(tables["users"], settings) if "users" in tables else None
    incoming = read_interactions(
        tables["interactions"],
        settings,
        known_items=None if catalogue_rows is None else set(catalogue_rows.ids),
        known_users=None if user_rows is None else set(user_rows.ids),
    )
    catalogue, notes = _catalogue(catalogue_rows, incoming)
    known_users = IdMap(natural_order(incoming.users) if user_rows is None else user_rows.ids)
    if settings.merge_doubles and catalogue_rows is not None:
        catalogue = tell_titles_apart(merge_doubles(catalogue))
        notes = [*notes, merged_note(len(catalogue.aliases))]
    events = new_events(incoming, known_users, catalogue)
    dataset = Dataset(
        users=known_users,
        catalogue=catalogue,
        events=events,
        scale=incoming.rule.scale,
        time_meaning=settings.time_meaning,
        user_attributes=user_attributes(user_rows),
        positive_from=incoming.rule.positive_from,
        disliked_to=incoming.rule.disliked_to,
        ignored_kinds=settings.ignore_event_types,
        context_names=settings.context,
        time_zone=settings.time_zone,
    )
    others = [catalogue_rows, user_rows]
    return dataset, import_report(dataset, others, incoming, notes, left_out=left_out)


def read_tables(
    settings: DataSettings,
    interactions: Source | None,
    items: Source | None,
    users: Source | None,
    progress: Progress | None,
    *,
    complete: bool = True,
) -> dict[str, Table]:
    """Read what there is, by role, and check the mapping against it.

    With ``complete``, interactions must be there, and a setting about a table that is not
    there is an error.

    Raises
    ------
    DataError, SettingsError
        As :func:`read_dataset`.
    """
    check_map(settings.map)
    sources = {
        "items": settings.items if items is None else items,
        "users": settings.users if users is None else users,
        "interactions": settings.interactions if interactions is None else interactions,
    }
    if all(source is None for source in sources.values()) or (
        complete and sources["interactions"] is None
    ):
        raise SettingsError(
            "there are no interactions to read; name a file with --interactions or pass a frame"
        )
    if complete and sources["items"] is None and settings.attributes:
        raise SettingsError("attributes: they are columns of an items file, and none is given")
    given = {role: source for role, source in sources.items() if source is not None}
    tables = {}
    for done, (role, source) in enumerate(given.items(), start=1):
        tables[role] = read_table(source, role)
        if progress is not None:
            progress("reading", done, len(given))
    check_map_is_used(settings.map, tables, complete=complete)
    return tables


def natural_order(column: Column) -> list[str]:
    """Return the values that occur in a column, in their natural order, empty ones left out."""
    occurring = (column.values[code] for code in np.unique(column.codes))
    return sorted((value for value in occurring if value), key=natural_key)


def internal_ids(
    column: Column, ids: IdMap, aliases: Mapping[str, str] = NO_ALIASES
) -> NDArray[np.int32]:
    """Translate a column of external ids; ``NO_ITEM`` for an empty one.

    ``aliases`` tells under which id the things of merged ids are known.
    """
    own = [aliases.get(value, value) for value in column.values]
    places = [ids.internal(value) if value in ids else NO_ITEM for value in own]
    taken: NDArray[np.int32] = np.array(places, dtype=np.int32)[column.codes]
    return taken


def new_events(incoming: Incoming, users: IdMap, catalogue: Catalogue) -> Events:
    """Translate and sort the rows of one interactions file."""
    kinds = natural_order(incoming.kinds)
    place = {kind: i for i, kind in enumerate(kinds)}
    of_value = np.array([place.get(kind, 0) for kind in incoming.kinds.values], dtype=np.int16)
    return Events.sorted(
        user=internal_ids(incoming.users, users),
        item=internal_ids(incoming.items, catalogue.ids, catalogue.aliases),
        kind=of_value[incoming.kinds.codes],
        value=incoming.value,
        time=incoming.time,
        positive=incoming.positive,
        row=incoming.row,
        source=np.zeros(len(incoming.row), dtype=np.int16),
        kinds=tuple(kinds),
        sources=(incoming.label,),
        n_users=len(users),
        texts=tuple(incoming.texts),
        contexts=tuple(incoming.contexts),
    )


def _catalogue(rows: Things | None, incoming: Incoming) -> tuple[Catalogue, list[str]]:
    if rows is None:
        ids = natural_order(incoming.items)
        return Catalogue(IdMap(ids), tuple(ids), descriptions=("",) * len(ids)), []
    features, notes = split_features(rows.attributes)
    descriptions = rows.descriptions or ("",) * len(rows.ids)
    catalogue = Catalogue(IdMap(rows.ids), rows.titles, rows.attributes, features, descriptions)
    return catalogue, notes


def merged_note(count: int) -> str:
    """Say how many items were merged."""
    return f"{count:,} items of equal title and attributes merged into others"


def user_attributes(rows: Things | None) -> dict[str, tuple[str, ...]]:
    """Give the attributes of users: one value each."""
    if rows is None:
        return {}
    return {name: tuple(value[0] for value in some) for name, some in rows.attributes.items()}


def import_report(
    dataset: Dataset,
    others: Sequence[Things | None],
    incoming: Incoming | None,
    notes: Sequence[str],
    already_present: int = 0,
    left_out: LeftOut = NOBODY,
) -> ImportReport:
    """Put together what an import did."""
    there = [things for things in others if things is not None]
    positives = int(dataset.events.positive.sum())
    all_notes = [note for things in there for note in things.notes]
    all_notes += notes
    files = [things.file for things in there]
    if incoming is not None:
        files.append(incoming.file)
        all_notes += incoming.notes
    if not positives:
        all_notes.append("no event is positive: nothing can be learned from this data")
    return ImportReport(
        files=tuple(
            replace(file, rows_read=file.rows_read + left_out.rows.get(file.role, 0))
            for file in files
        ),
        users=len(dataset.users),
        items=len(dataset.catalogue),
        events=len(dataset.events),
        positives=positives,
        scale=dataset.scale,
        scale_inferred=incoming is not None and incoming.rule.inferred,
        positive_from=dataset.positive_from,
        already_present=already_present,
        left_out_rows=sum(left_out.rows.values()),
        left_out_users=left_out.users,
        notes=tuple(all_notes),
    )
