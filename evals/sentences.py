"""A text in sentences, for texts that come without them."""

from __future__ import annotations

import re
from collections.abc import Collection

from recx_agent.evals.samples import Sentence

_CLOSERS = "”’\"'」』）)\\]"
_END = re.compile(
    rf"(?<=[.!?…])[{_CLOSERS}]*\s+(?=[^a-z\s])"
    rf"|(?<=[。！？])[{_CLOSERS}]*(?![{_CLOSERS}。！？])"
)
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Vol|vs)|\b[A-Z])\.$")
_MARKED = re.compile("“[^“”]*”|《[^《》]*》")
_MARKER = re.compile(r"\s*\[([^\[\]]{1,40})\]")


def split_sentences(text: str) -> list[str]:
    """Cut after full stops that end a sentence; English and Chinese.

    A stop after an initial or a usual abbreviation, before a word in lower case, or inside a
    title or quote, ends none.
    """
    parts: list[str] = []
    start = 0
    marked = [found.span() for found in _MARKED.finditer(text)]
    for match in _END.finditer(text):
        piece = text[start : match.end()].strip()
        inside = any(first < match.start() and match.end() < last for first, last in marked)
        if piece and not inside and not _ABBREVIATED.search(piece):
            parts.append(piece)
            start = match.end()
    if rest := text[start:].strip():
        parts.append(rest)
    return parts


def cited_sentences(text: str, evidence_ids: Collection[str]) -> tuple[Sentence, ...]:
    """Sentences with the evidence that markers such as ``[H1]`` or ``[1, 2]`` in them cite.

    Markers that name evidence are taken out of the sentence's text; one that stands after the
    full stop belongs to the sentence before it. Other brackets are text.
    """
    found: list[Sentence] = []
    for part in split_sentences(_markers_before_stops(text, evidence_ids)):
        cites: list[str] = []

        def taken(match: re.Match[str], cites: list[str] = cites) -> str:
            ids = _ids(match[1], evidence_ids)
            cites.extend(ids)
            return "" if ids else match[0]

        plain = _MARKER.sub(taken, part).strip()
        if plain:
            found.append(Sentence(plain, tuple(dict.fromkeys(cites))))
    return tuple(found)


def _markers_before_stops(text: str, evidence_ids: Collection[str]) -> str:
    """The text with markers that follow a full stop put before it."""

    def moved(match: re.Match[str]) -> str:
        inside = [part[1] for part in _MARKER.finditer(match["markers"])]
        own = all(_ids(one, evidence_ids) for one in inside)
        return f"{match['markers']}{match['stop']}" if own else match[0]

    return re.sub(r"(?P<stop>[.!?。！？])(?P<markers>(?:\s*\[[^\[\]]{1,40}\])+)", moved, text)


def _ids(marked: str, evidence_ids: Collection[str]) -> list[str]:
    names = [name.strip() for name in marked.split(",")]
    return names if all(name in evidence_ids for name in names) else []
