"""Events that somebody adds, checked as an import's rows are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from recx_agent.datasets.added import AddedEvent
from recx_agent.datasets.column_names import check_map_is_used
from recx_agent.datasets.columns import TIMESTAMP, USER
from recx_agent.datasets.dataset import Dataset
from recx_agent.datasets.events import NO_TIME
from recx_agent.datasets.interactions import Incoming, read_interactions
from recx_agent.datasets.tables import Column, Source, Table, read_table
from recx_agent.errors import BadRows, DataError, UsageError
from recx_agent.settings import DataSettings

NAME = "added events"

Rows = Source | Sequence[Mapping[str, Any]]


def read_added(
    rows: Rows,
    dataset: Dataset,
    settings: DataSettings,
    *,
    now: int,
    user_id: str | None = None,
) -> tuple[dict[str, list[AddedEvent]], tuple[str, ...]]:
    """Check events against the data in force: their items, scale and event types.

    Parameters
    ----------
    rows : path, data frame, or sequence of mappings
        With the columns of an interactions file.
    dataset : Dataset
    settings : DataSettings
        Column mapping and default event type. No bad row is dropped, whatever they say.
    now : int
        Seconds since 1970 UTC: the time of a row that has none.
    user_id : str, optional
        Whose events they are; a row that names another user is refused.

    Returns
    -------
    dict of str to list of AddedEvent
        By user.
    tuple of str
        What whoever adds them should know.

    Raises
    ------
    DataError, BadRows, SettingsError
        As for an import; also an item that is not in the catalogue, and a value where the
        data have none.
    UsageError
        A row is another user's.
    """
    table = _table_of(rows)
    mapping = {ours: theirs for ours, theirs in settings.map.items() if theirs in table.columns}
    if not isinstance(rows, pd.DataFrame | Sequence) or isinstance(rows, str):
        check_map_is_used(mapping, {"interactions": table}, complete=False)
    user_column = mapping.get(USER, USER)
    if user_id is not None:
        table = _of_one(table, user_column, user_id)
    strict = settings.model_copy(update={"map": mapping, "max_bad_rows": 0, "scale": None})
    known = {*dataset.catalogue.ids, *dataset.catalogue.aliases}
    try:
        incoming = read_interactions(
            table,
            strict,
            known_items=known,
            scale=dataset.scale,
            positive_from=dataset.positive_from,
            disliked_to=dataset.disliked_to,
        )
    except BadRows as error:
        raise BadRows(
            error.rows,
            source=table.source,
            allowed=0,
            remedy="mend them; nothing was added, and new items come with 'recx update'",
        ) from None
    if dataset.scale is None and not np.isnan(incoming.value).all():
        raise DataError(
            "there are values, and the data in force have none",
            source=table.source,
            remedy="leave them out, or fit anew with values and a scale",
        )
    notes = [note for note in incoming.notes if "no times" not in note and "no time" not in note]
    if TIMESTAMP not in table.columns and mapping.get(TIMESTAMP) is None:
        notes.append("there are no times: the events are of now")
    return _by_user(incoming, now), tuple(notes)


def _table_of(rows: Rows) -> Table:
    if isinstance(rows, Sequence) and not isinstance(rows, str):
        if not all(isinstance(row, Mapping) for row in rows):
            raise UsageError("events are mappings, such as {'item_id': 'i7', 'value': 4}")
        rows = pd.DataFrame([dict(row) for row in rows])
    table = read_table(rows, "interactions")
    if not isinstance(rows, pd.DataFrame):
        return table
    return replace(table, source=NAME, label=NAME)


def _of_one(table: Table, column: str, user_id: str) -> Table:
    """The table with one user in every row."""
    there = table.columns.get(column)
    named = set() if there is None else {there.values[code] for code in there.codes} - {""}
    if named - {user_id}:
        raise UsageError("the events name another user than the one they are added for")
    codes = np.zeros(len(table), dtype=np.int32)
    whole = Column(column, codes, [user_id])
    return replace(table, columns={**table.columns, column: whole})


def _by_user(incoming: Incoming, now: int) -> dict[str, list[AddedEvent]]:
    found: dict[str, list[AddedEvent]] = {}
    users, items, kinds = (c.texts() for c in (incoming.users, incoming.items, incoming.kinds))
    none = [None] * len(users)
    columns = zip(
        users,
        items,
        kinds,
        incoming.value.tolist(),
        incoming.time.tolist(),
        incoming.texts or none,
        incoming.contexts or none,
        strict=True,
    )
    for user, item, kind, value, time, text, context in columns:
        found.setdefault(user, []).append(
            AddedEvent(
                item_id=item,
                event_type=kind,
                value=None if np.isnan(value) else value,
                time=now if time == NO_TIME else time,
                text=text or "",
                context=context or "",
            )
        )
    return found
