"""The names of all columns, once.

A file may call its columns otherwise; the mapping ``ours = theirs`` is in
:class:`recx_agent.settings.DataSettings`.
"""

from __future__ import annotations

USER = "user_id"
ITEM = "item_id"
EVENT_TYPE = "event_type"
VALUE = "value"
TIMESTAMP = "timestamp"
TEXT = "text"
TITLE = "title"
DESCRIPTION = "description"

INTERACTION_COLUMNS = (USER, ITEM, EVENT_TYPE, VALUE, TIMESTAMP, TEXT)
ITEM_COLUMNS = (ITEM, TITLE, DESCRIPTION)
USER_COLUMNS = (USER,)

RATING = "rating"
"""Event type of a value on the declared scale."""

INTERACTION = "interaction"
"""Event type where a file names none and has no values."""

SEARCH = "search"
"""Event type that may have a text in place of an item."""
