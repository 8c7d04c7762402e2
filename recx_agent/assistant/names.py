"""Titles and attributes that a person names in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import inflection

from recx_agent.datasets import Catalogue
from recx_agent.datasets.catalogue import folded

_HAN = r"\u3400-\u9fff"
_WORD = re.compile(rf"[^\W_{_HAN}]+(?:['’.&-][^\W_{_HAN}]+)*|[{_HAN}]+")
_QUOTED = re.compile(
    r"“([^“”]{1,200})”|\"([^\"]{1,200})\"|《([^《》]{1,200})》|「([^「」]{1,200})」"
)
_QUOTES = " “”\"'《》「」"
_LONGEST = 14
"""Words of the longest title that is looked for."""

_PLAIN = 3
"""A title of so many words is one even where none has a capital."""


@dataclass(frozen=True)
class Named:
    """Something named in a text, and where.

    Attributes
    ----------
    what : str
        A title as the catalogue has it, ``name=value``, or words in quotation marks that are
        neither.
    kind : str
        ``item``, ``attribute`` or ``unknown``.
    start, end : int
    """

    what: str
    kind: str
    start: int
    end: int


class Names:
    """Finds what a catalogue knows in what people say.

    Parameters
    ----------
    catalogue : Catalogue
    nouns : sequence of str
        What items are called: an attribute of that name is not meant by the word.
    """

    def __init__(self, catalogue: Catalogue, nouns: Sequence[str] = ()) -> None:
        self._catalogue = catalogue
        self._nouns = frozenset(folded(noun) for noun in nouns)

    def named(self, text: str, known: Sequence[str] = ()) -> list[Named]:
        """Everything that is named, in order.

        Parameters
        ----------
        text : str
        known : sequence of str
            Titles that were talked about: of them a single small word will do.
        """
        found = list(self._quoted(text))
        talked_of = {folded(title): title for title in known}
        found += self._among_others(text, known)
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            if any(one.start <= words[at].start() < one.end for one in found):
                at += 1
                continue
            hit = self._title_at(text, words, at, talked_of) or self._attribute_at(text, words, at)
            if hit is None:
                at += 1
                continue
            found.append(hit)
            while at < len(words) and words[at].start() < hit.end:
                at += 1
        return sorted(found, key=lambda one: one.start)

    def reference(self, text: str) -> str:
        """A title as a tool takes it: with its id, if it is the id of another item too.

        In a conversation people and models see titles alone, so that none means an id.
        """
        item = self._catalogue.titled(text.strip(_QUOTES))
        if item is None or self._catalogue.find(text.strip(_QUOTES)) == item:
            return text
        return f"{self._catalogue.titles[item]} (id {self._catalogue.ids.external(item)})"

    def _quoted(self, text: str) -> Iterator[Named]:
        for match in _QUOTED.finditer(text):
            whole = next(group for group in match.groups() if group).strip()
            # "When Harry Met Sally..." has its dots; a comma may be the sentence's.
            inside = whole if self._title(whole) else whole.strip(" .,!?，。！？")
            title, attribute = self._title(inside), self._attributes.get(folded(inside))
            kind = "item" if title else "attribute" if attribute else "unknown"
            yield Named(title or attribute or inside, kind, match.start(), match.end())

    def _among_others(self, text: str, known: Sequence[str]) -> Iterator[Named]:
        """Titles that were talked about in a script without spaces."""
        for title in known:
            at = text.find(title) if re.search(f"[{_HAN}]", title) else -1
            if at >= 0:
                yield Named(title, "item", at, at + len(title))

    def _title_at(
        self, text: str, words: Sequence[re.Match[str]], at: int, known: dict[str, str]
    ) -> Named | None:
        start = words[at].start()
        for last in range(min(at + _LONGEST, len(words)) - 1, at - 1, -1):
            for end in (words[last].end() + 1, words[last].end()):  # "Airplane!"
                piece = text[start:end]
                if piece != piece.strip() or (end > words[last].end() and piece[-1].isalnum()):
                    continue
                if title := known.get(folded(piece)):
                    return Named(title, "item", start, end)
                title = self._title(piece)
                if title and self._is_meant(text, piece, start, last - at + 1):
                    return Named(title, "item", start, end)
        return None

    def _is_meant(self, text: str, piece: str, start: int, count: int) -> bool:
        """Whether words are a title and not just words of the language."""
        if not piece[0].isascii():
            return len(piece) > 1
        capital = piece[0].isupper() or piece[0].isdigit()
        first = not text[:start].rstrip() or text[:start].rstrip()[-1] in ".!?。！？"
        if count == 1:
            return capital and not first and len(piece) > 1
        return count >= _PLAIN or capital or len(piece) >= 8

    def _attribute_at(self, text: str, words: Sequence[re.Match[str]], at: int) -> Named | None:
        start = words[at].start()
        for last in range(min(at + 3, len(words)) - 1, at - 1, -1):
            end = words[last].end()
            piece = folded(text[start:end])
            if piece in self._nouns:
                continue
            for form in (piece, inflection.singularize(piece)):
                if form in self._attributes and form not in self._nouns:
                    return Named(self._attributes[form], "attribute", start, end)
        return None

    def _title(self, text: str) -> str | None:
        item = self._catalogue.titled(text)
        return None if item is None else self._catalogue.titles[item]

    @cached_property
    def _attributes(self) -> dict[str, str]:
        """Values of features by what they are called; those of two features are not unique."""
        by_value: dict[str, set[str]] = {}
        for name in self._catalogue.features:
            for values in self._catalogue.attributes.get(name, ()):
                for value in values:
                    by_value.setdefault(folded(value), set()).add(f"{name}={value}")
        return {value: next(iter(all)) for value, all in by_value.items() if len(all) == 1}
