"""What must not be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recx_agent.settings.section import Section


class SensitiveRule(Section):
    """What is sensitive: everything that matches one of the lists.

    ``keep_out_of = "score"``: it is no term of any score, nor evidence, nor recommended;
    ``"text"``: it counts, but is never named: "other items in your history".
    """

    items: tuple[str, ...] = Field((), description="item ids")
    attributes: tuple[str, ...] = Field((), description="name=value, or a name for all its values")
    event_types: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(
        (), description="whole words in titles, attribute values and texts, any case"
    )
    cover_items: bool = Field(
        True, description="items that have one of the attributes are sensitive too"
    )
    keep_out_of: Literal["score", "text"] = "text"


class PrivacySettings(Section):
    """What must not be told."""

    sensitive: tuple[SensitiveRule, ...] = ()
    default_rules: bool = Field(
        True, description="rules of the domain besides, where wording.domain is health or finance"
    )
