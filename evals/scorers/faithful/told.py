"""What a text tells as a cause: history items and attributes that it names as reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.evals.samples import Sample, Sentence

_AGAINST = re.compile(
    r"\bagainst\b|pulling the other way|\b(?:lowered|lowers|reduces|despite)\b"
    r"|不利|拉低|起反作用|减了?分",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\bwithout\b|\bif\b[^.;:]*\bdid not count\b|\bhad you not\b|\bif you had(?:n't| not)\b"
    r"|没有|不计|若无|去掉|如果你没",
    re.IGNORECASE,
)
_MARKED = re.compile('“([^“”]*)”|《([^《》]*)》|"([^"]*)"|\\*([^*]+)\\*')
_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z])|(?<=[。！？])")


@dataclass(frozen=True)
class Told:
    """The causes of a text, in the order in which they are told; nothing twice.

    Attributes
    ----------
    items : tuple of str
        External ids of history items.
    attributes : tuple of str
        ``name=value``.
    """

    items: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many causes."""
        return len(self.items) + len(self.attributes)


class Reader:
    """Reads what one sample's sentences name.

    Parameters
    ----------
    sample : Sample
    titles : mapping of str to str
        Title to external id of every item of the user's history whose title is its own.
    """

    def __init__(self, sample: Sample, titles: Mapping[str, str]) -> None:
        self._sample = sample
        self._titles = {title: id for title, id in titles.items() if title != sample.title}
        longest = sorted(self._titles, key=lambda title: (-len(title), title))
        words = [re.escape(title) for title in longest if _speaks_for_itself(title)]
        self._plain = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None

    def told(self) -> Told:
        """The causes of the whole text.

        A history item is told as a cause where a sentence cites its piece of evidence, or where
        its title stands in the text; a title of one word counts in quotes alone. An attribute
        is one where a sentence cites it as a cause: that an item has it may be told as a mere
        fact. Sentences of what counts against the item tell no cause for it.
        """
        items: dict[str, None] = {}
        attributes: dict[str, None] = {}
        for sentence in sentences_of(self._sample):
            if _AGAINST.search(sentence.text):
                continue
            cited = self._cited(sentence)
            items |= dict.fromkeys([*self.named(sentence.text), *cited.items])
            attributes |= dict.fromkeys(cited.attributes)
        return Told(tuple(items), tuple(attributes))

    def named(self, text: str) -> list[str]:
        """External ids of the history items whose titles stand in a text, in their order."""
        places = {m.start(): self._titles.get(_inner(m)) for m in _MARKED.finditer(text)}
        unmarked = _MARKED.sub(lambda m: " " * len(m[0]), text)
        if self._plain is not None:
            places |= {m.start(): self._titles[m[0]] for m in self._plain.finditer(unmarked)}
        return list(dict.fromkeys(id for _, id in sorted(places.items()) if id is not None))

    def suppositions(self) -> Iterator[tuple[Told, str]]:
        """What is supposed away, and what a sentence says of it: the causes, the words after.

        The items named right after "without"; else what the sentence cites; else the last item
        named before.
        """
        for sentence in sentences_of(self._sample):
            found = _WITHOUT.search(sentence.text)
            if found is None:
                continue
            before, after = sentence.text[: found.start()], sentence.text[found.end() :]
            cited = self._cited(sentence)
            if named := self.named(after):
                yield Told(tuple(named)), after
            elif len(cited):
                yield cited, after
            else:
                yield Told(tuple(self.named(before)[-1:])), after

    def _cited(self, sentence: Sentence) -> Told:
        """The causes that a sentence cites."""
        found = [self._sample.piece(id) for id in sentence.cites]
        causes = [piece.fields for piece in found if piece is not None and piece.kind == "cause"]
        own = [str(fields["item_id"]) for fields in causes if fields.get("item_id")]
        values = [
            f"{fields['name']}={fields['value']}"
            for fields in causes
            if not fields.get("item_id") and {"name", "value"} <= fields.keys()
        ]
        return Told(tuple(dict.fromkeys(own)), tuple(dict.fromkeys(values)))


def sentences_of(sample: Sample) -> Sequence[Sentence]:
    """Those of the sample; of a text that came whole, what ends with a full stop."""
    if sample.sentences:
        return sample.sentences
    return [Sentence(part) for part in _END.split(sample.text.strip()) if part]


def _speaks_for_itself(title: str) -> bool:
    """Whether it can be told from common words where no marks stand around it."""
    return " " in title.strip()


def _inner(found: re.Match[str]) -> str:
    return next(part for part in found.groups() if part is not None)
