"""A table of what each event is told as, in every language: ``docs/wording.md``.

::

    python -m recx_agent.prompts.wording_table > docs/wording.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from recx_agent.prompts.event_words import Meanings
from recx_agent.prompts.template_set import load_templates
from recx_agent.prompts.template_writer import TemplateWriter
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence

_TITLES = {"en": "Heat", "zh": "盗火线"}
_ITEMS = {"en": "Fargo", "zh": "冰血暴"}
_NOUNS = {"en": "film", "zh": "电影"}
_FIVE = {"rating_min": 1, "rating_max": 5}
_LEVELS = {
    "lowest": (1, "against"),
    "low": (2, "against"),
    "middle": (3, "own_item"),
    "positive": (4, "because_history"),
    "highest": (5, "because_history"),
}
_SCALES: tuple[tuple[str, str, float, float, float, str], ...] = (
    ("of 1 to 10", "", 8, 1, 10, "because_history"),
    ("of 1 to 10", "", 2, 1, 10, "against"),
    ("of 0.5 to 5 stars", "stars", 4.5, 0.5, 5, "because_history"),
    ("of 0.5 to 5 stars", "stars", 1, 0.5, 5, "against"),
    ("of 0 to 1", "", 0.8, 0, 1, "because_history"),
    ("of -10 to 10", "", -3.5, -10, 10, "against"),
    ("of 100, in percent", "percent", 80, 0, 100, "because_history"),
    ("of 0 to 1, in thumbs", "thumbs", 1, 0, 1, "because_history"),
    ("of 0 to 1, in thumbs", "thumbs", 0, 0, 1, "against"),
)
"""Scale, unit, rating, lowest, highest, and the kind of claim it is shown in."""

UNKNOWN = "teleport"
"""An event type that has no words."""

_HEAD = """\
# How events are worded

What a user did is told as it was: a view is never called liking, and a rating is told as the
number that was given, on its own scale. Event types are compared in lower case, with `_` for
everything that is no letter or digit. Their verbs are in
`prompts/templates/<language>/events.toml`; a type without one is told as it is called.

Each row shows what such an event with “Heat” (《盗火线》) is told as when “Fargo” (《冰血暴》) is
explained, in the first of the styles: as a reason; a low rating as what counts against; a middle
rating, which is neither, when “Heat” itself is asked about; a search as what stands beside.

This file is what `python -m recx_agent.prompts.wording_table` prints; a test compares.
"""


def sentence(language: str, kind: str, fields: Mapping[str, Any], unit: str = "") -> str:
    """Word one event, as a claim of a kind, in the first style."""
    id = "S1" if kind == "support" else "H1"
    evidence = Evidence(
        id=id, kind="cause", text="-", fields={"title": _TITLES[language], **fields}
    )
    wording = {"language": language, "item": _NOUNS[language], "scale_unit": unit}
    item = _TITLES[language] if kind == "own_item" else _ITEMS[language]
    plan = Plan(item, [Claim(kind, (id,))], {id: evidence}, wording)
    return TemplateWriter().write(plan).sentences[0].text


Row = tuple[str, Mapping[str, Any], str, str]
"""What is told of the rating, the fields, the unit, and the kind of claim."""


def cases(kind: str, meanings: Meanings) -> Iterator[Row]:
    """What is shown of one event type."""
    fields: dict[str, Any] = {"event_type": kind}
    if kind in meanings.searches:
        yield "", {**fields, "title": "", "text": "Michael Mann"}, "", "support"
    elif kind not in meanings.ratings:
        yield "", fields, "", "against" if kind.startswith("dislike") else "because_history"
    else:
        for level, (value, claim) in _LEVELS.items():
            given = {**fields, "rating": value, **_FIVE}
            yield f"{level}: {value} of 1 to 5", given, "", claim
        yield "none", fields, "", "because_history"


def rows() -> list[tuple[list[str], str, tuple[str, ...]]]:
    """Event types with the same words, rating, and the sentence in each language."""
    languages = TemplateWriter().languages
    words = load_templates(languages[0]).events
    same: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind in sorted({*words.types, UNKNOWN}):
        for rating, fields, unit, claim in cases(kind, words.meanings):
            texts = tuple(sentence(language, claim, fields, unit) for language in languages)
            same.setdefault((rating, texts), []).append(kind)
    for scale, unit, value, low, high, claim in _SCALES:
        fields = {"event_type": "rating", "rating": value, "rating_min": low, "rating_max": high}
        texts = tuple(sentence(language, claim, fields, unit) for language in languages)
        same.setdefault((f"{value:g} {scale}", texts), []).append("rating")
    return [(kinds, rating, texts) for (rating, texts), kinds in same.items()]


def table() -> str:
    """The whole document."""
    languages = TemplateWriter().languages
    lines = [
        f"| event types | rating | {' | '.join(languages)} |",
        f"|---|---|{'---|' * len(languages)}",
    ]
    for kinds, rating, texts in rows():
        named = ", ".join(f"`{kind}`" for kind in kinds)
        lines.append(f"| {named} | {rating} | {' | '.join(texts)} |")
    return _HEAD + "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
