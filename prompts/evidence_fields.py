"""The fields of evidence, asked for by name: what is missing is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.prompts.cleaning import finite


class Fields:
    """The fields of one piece of evidence.

    Parameters
    ----------
    evidence_id : str
        Its first letter says what it is.
    fields : mapping
        See :class:`recx_agent.schemas.Evidence`.
    """

    def __init__(self, evidence_id: str, fields: Mapping[str, Any]) -> None:
        self.id = evidence_id
        self.all = fields

    @property
    def letter(self) -> str:
        """First letter of the id."""
        return self.id[:1]

    def __getitem__(self, name: str) -> Any:
        value = self.all.get(name)
        if value is None or (isinstance(value, list | tuple) and not value):
            raise PromptError(f"evidence {self.id!r} lacks the field {name!r}")
        return value

    def count(self, name: str) -> int:
        """Return a whole number."""
        return whole_number(self[name], f"field {name!r} of evidence {self.id!r}")

    def number(self, name: str) -> float | None:
        """Return a number, ``None`` where there is none."""
        value = self.all.get(name)
        return None if value is None else finite(value)

    @property
    def share(self) -> float | None:
        """The field ``share``, ``None`` where there is none."""
        share = self.all.get("share")
        if share is not None:
            finite(share)  # or it says that it is none
        return share

    @property
    def values(self) -> list[Any]:
        """The value of an ``A`` or ``C``, the values of an ``F``."""
        if self.letter in "AC":
            return [self["value"]]
        values = self["values"]
        return [values] if isinstance(values, str) else list(values)


def whole_number(value: Any, what: str) -> int:
    """Return ``value`` as an int.

    Raises
    ------
    PromptError
        It is none; names ``what`` it is the value of.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise PromptError(f"{what} is {value!r}, no whole number")
    return int(value)


def point_in_time(value: Any, what: str) -> datetime:
    """Return a date and time with a zone, from ISO form.

    Raises
    ------
    PromptError
        It is none; names ``what`` it is the value of.
    """
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        when = None
    if when is None or when.tzinfo is None:
        raise PromptError(f"{what} is {value!r}, no date and time with a zone in ISO form")
    return when
