"""How files are read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from recx_agent.settings.section import Section


class DataSettings(Section):
    """How files are read and what their events mean."""

    interactions: Path | None = Field(None, description="interactions file, CSV or Parquet")
    items: Path | None = Field(None, description="items file, CSV or Parquet")
    users: Path | None = Field(None, description="users file, CSV or Parquet")
    map: dict[str, str] = Field(
        default_factory=dict, description="our column name = the file's column name"
    )
    default_event_type: str | None = Field(
        None, description="event type where the file has none; 'rating' if there are values"
    )
    scale: tuple[float, float] | None = Field(
        None, description="lowest and highest possible value; the file's own range if unset"
    )
    positive_from: float | None = Field(
        None, description="values from here on are positive; three quarters of the scale if unset"
    )
    disliked_to: float | None = Field(
        None, description="values up to here are low ratings; a quarter of the scale if unset"
    )
    ignore_event_types: tuple[str, ...] = Field(
        ("search", "dislike", "disliked"),
        description="event types that are no sign of liking an item",
    )
    time_meaning: Literal["use", "record"] = Field(
        "record", description="whether a timestamp tells when it was used or when it was recorded"
    )
    attributes: tuple[str, ...] | None = Field(
        None, description="item columns that are attributes; every unmapped column if unset"
    )
    changing: tuple[str, ...] = Field(
        (), description="item columns that change (price, stock): told by the facts hook alone"
    )
    context: tuple[str, ...] = Field(
        (),
        description="what is context: interaction columns, such as device or place, and, read "
        "off times of use, 'time_of_day' and 'weekday'",
    )
    time_zone: str = Field("UTC", description="in which times of use are told apart by hour")
    multi_separator: str = Field("|", description="separates the values of one attribute")
    merge_doubles: bool = Field(
        False, description="items of equal title and attributes become one; titles told apart"
    )
    max_bad_rows: int = Field(0, ge=0, description="bad rows dropped before the import fails")
