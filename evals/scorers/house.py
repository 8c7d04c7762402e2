"""What a workspace calls its things: knowledge of the domain, none of what is true of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_PERCENT = frozenset(("%", "percent", "百分比"))
_THUMBS = frozenset(("thumb", "thumbs", "拇指", "赞"))


@dataclass(frozen=True)
class House:
    """What things are called in one language.

    Attributes
    ----------
    one, many : str
        One item, and several.
    measure : str
        Measure word before the noun; empty in languages without any.
    unit : str
        Unit of a rating, such as ``stars``; empty where there is none.
    names : mapping of str to str
        Column of the items file to what it is called; others are called by their name.
    caution : str
        The sentence that ends every text of the domain; empty where there is none.
    """

    one: str
    many: str
    measure: str = ""
    unit: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    caution: str = ""

    def called(self, column: str) -> str:
        """What an attribute is called."""
        return " ".join(self.names.get(column, column.replace("_", " ")).split())

    @property
    def percent(self) -> bool:
        """Whether ratings are told as percentages."""
        return self.unit.lower() in _PERCENT

    @property
    def thumbs(self) -> bool:
        """Whether ratings are told as thumbs up and down."""
        return self.unit.lower() in _THUMBS


FILMS: Mapping[str, House] = {
    "en": House("film", "films", names={"year": "release year", "genre": "genre"}),
    "zh": House("电影", "电影", "部", names={"year": "年份", "genre": "类型"}),
}
"""What things are called where nothing else is known."""
