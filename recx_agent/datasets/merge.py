"""New rows laid behind a data set: old internal ids stay where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from recx_agent.datasets.catalogue_update import extended_catalogue, known_items, laid_over
from recx_agent.datasets.contexts import check_context
from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import NO_ITEM, Events
from recx_agent.datasets.idmap import IdMap
from recx_agent.datasets.interactions import Incoming, further_columns, read_interactions
from recx_agent.datasets.items import Things, read_items, read_users
from recx_agent.datasets.joining import joined
from recx_agent.datasets.left_out import LeaveOut, leave_out_users
from recx_agent.datasets.reader import (
    import_report,
    natural_order,
    new_events,
    read_tables,
    user_attributes,
)
from recx_agent.datasets.report import ImportReport
from recx_agent.datasets.rule import Rule, rule_of
from recx_agent.datasets.tables import Column, Progress, Source, Table
from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings


def extend_dataset(
    old: Dataset,
    settings: DataSettings,
    *,
    interactions: Source | None = None,
    items: Source | None = None,
    users: Source | None = None,
    progress: Progress | None = None,
    leave_out: LeaveOut | None = None,
) -> tuple[Dataset, ImportReport]:
    """Read new rows by the rules of :func:`~recx_agent.datasets.reader.read_dataset`.

    Old users and items keep their internal ids; new ones stand behind them. An event that
    is there already is skipped and counted, so applying a file twice does no harm. A row
    of the items or users file about a known id replaces what was known of it; there need
    not be interactions at all. Without an items file, an item that is not in the catalogue
    is a bad row if the catalogue has titles, and a new item if it never had any. The scale
    and the positive rule are the old ones unless the settings set others; then old events
    are judged anew too.

    Parameters
    ----------
    old : Dataset
        What is extended; it is not changed.
    settings : DataSettings
        Column mapping, event types; the paths in it are used as in ``read_dataset``.
    interactions, items, users : path or pandas.DataFrame, optional
        In place of the paths in the settings.
    progress : callable, optional
        Called as ``progress(stage, done, total)``.
    leave_out : callable, optional
        Given user ids, tells those whose rows are left out.

    Returns
    -------
    Dataset
        The extended data set.
    ImportReport
        Rows of the new files; totals of the extended data set.

    Raises
    ------
    DataError, BadRows, SettingsError
        As ``read_dataset``; also a new scale that leaves out values already there.
    """
    tables = read_tables(settings, interactions, items, users, progress, complete=False)
    tables, left_out = leave_out_users(tables, settings.map, leave_out)
    item_rows = read_items(tables["items"], settings) if "items" in tables else None
    user_rows = read_users(tables["users"], settings) if "users" in tables else None
    context_names = tuple(dict.fromkeys((*old.context_names, *settings.context)))
    time_zone = settings.time_zone if "time_zone" in settings.model_fields_set else old.time_zone
    check_context(
        context_names, _context_columns(old, tables, settings), old.time_meaning, time_zone
    )
    incoming = None
    known = (old.scale, old.positive_from, old.disliked_to)
    rule = rule_of(np.empty(0), settings, *known)
    if "interactions" in tables:
        incoming = read_interactions(
            tables["interactions"],
            settings,
            known_items=known_items(old.catalogue, item_rows),
            known_users=None if user_rows is None else {*old.users, *user_rows.ids},
            scale=old.scale,
            positive_from=old.positive_from,
            disliked_to=old.disliked_to,
        )
        rule = incoming.rule
    occurring = [] if incoming is None else natural_order(incoming.items)
    catalogue, notes = extended_catalogue(old.catalogue, item_rows, occurring, settings)
    users_after = _extended_users(old.users, user_rows, incoming)
    events = replace(_judged_anew(old, rule, settings), n_users=len(users_after))
    present = 0
    if incoming is not None:
        events, present = joined(events, new_events(incoming, users_after, catalogue))
    dataset = Dataset(
        users=users_after,
        catalogue=catalogue,
        events=events,
        scale=rule.scale,
        time_meaning=old.time_meaning,
        user_attributes=_extended_attributes(old, users_after, user_rows),
        positive_from=rule.positive_from,
        disliked_to=rule.disliked_to,
        # What was once no sign of liking is none of dislike either.
        ignored_kinds=tuple(dict.fromkeys((*old.ignored_kinds, *settings.ignore_event_types))),
        context_names=context_names,
        time_zone=time_zone,
    )
    others = [item_rows, user_rows]
    return dataset, import_report(dataset, others, incoming, notes, present, left_out)


def _context_columns(
    old: Dataset, tables: Mapping[str, Table], settings: DataSettings
) -> list[str]:
    new = tables.get("interactions")
    return [*old.context_names, *(further_columns(new, settings.map) if new else ())]


def _extended_users(old: IdMap, rows: Things | None, incoming: Incoming | None) -> IdMap:
    if rows is not None:
        return old.extended(rows.ids)
    return old if incoming is None else old.extended(natural_order(incoming.users))


def _extended_attributes(
    old: Dataset, ids: IdMap, rows: Things | None
) -> dict[str, tuple[str, ...]]:
    new = user_attributes(rows)
    at = [] if rows is None else [ids.internal(external) for external in rows.ids]
    return {
        name: laid_over(old.user_attributes.get(name, ()), len(ids), at, new.get(name, ()), "")
        for name in dict.fromkeys((*old.user_attributes, *new))
    }


def _judged_anew(old: Dataset, rule: Rule, settings: DataSettings) -> Events:
    events = old.events
    if (rule.scale, rule.positive_from) == (old.scale, old.positive_from):
        return events
    kinds = Column("", np.asarray(events.kind, dtype=np.int32), list(events.kinds))
    value = np.asarray(events.value, dtype=np.float64)
    ignored = np.isin(kinds.codes, _places(events.kinds, settings.ignore_event_types))
    valued = ~np.isnan(value) & ~ignored
    if rule.scale is not None and valued.any():
        low, high = np.float32(rule.scale[0]), np.float32(rule.scale[1])
        if value[valued].min() < low or value[valued].max() > high:
            raise SettingsError(
                f"scale: {low:g} to {high:g} leaves out values of the data set that is extended; "
                "declare a wider one or read everything anew"
            )
    judged = rule.positive(kinds, value, settings.ignore_event_types)
    judged &= np.asarray(events.item) != NO_ITEM
    return replace(events, positive=np.where(valued, judged, events.positive))


def _places(kinds: Sequence[str], names: Sequence[str]) -> list[int]:
    return [place for place, kind in enumerate(kinds) if kind in names]
