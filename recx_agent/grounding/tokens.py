"""From characters to tokens: placeholders, known words, numbers, names, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.grounding.placeholders import PLACEHOLDER, SlotWords, one_mark
from recx_agent.grounding.vocabulary import Meaning, Vocabulary
from recx_agent.protocols import Slot

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"[\d０-９]+(?:[.,:/][\d０-９]+)*(?:%|st\b|nd\b|rd\b|th\b)?")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r'"[^"\n]{1,200}"')
_STOPS = frozenset(".!?。！？")
_MARKS = {
    ",": "COMMA", "，": "COMMA", "、": "COMMA", ";": "SEMI", "；": "SEMI", ":": "COLON",
    "：": "COLON", "(": "OPEN", "（": "OPEN", ")": "CLOSE", "）": "CLOSE", "—": "DASH",
    "–": "DASH", "-": "DASH",
}  # fmt: skip
_ROLES = {
    "item": "ITEM", "title": "TITLE", "rating": "RATING", "date": "DATE", "name": "NAME",
    "value": "VALUE", "count": "COUNT", "liked": "LIKED_IT", "context": "CONTEXT",
    "quote": "QUOTE", "rank": "RANK", "entry": "ENTRY", "standing": "STANDING",
    "change": "CHANGE", "list": "TOP",
}  # fmt: skip
_SHORT = {
    "'s": " is", "'re": " are", "'ve": " have", "n't": " not", "'ll": " will", "'d": " would",
    "'m": " am",
}  # fmt: skip
_CONTRACTED = re.compile(r"([a-z]+?)(n't|'(?:s|re|ve|ll|d|m))$")
_WHOLE = {"can't": "can not", "won't": "will not", "cannot": "can not"}


@dataclass(frozen=True)
class Token:
    """One unit of a text.

    Attributes
    ----------
    text : str
        As it stands there; of a word in lower case.
    meanings : tuple of Meaning
        What it may be. An unknown thing has one of ``UNKNOWN``, whose value is the kind of
        violation that it is.
    slots : tuple of str
        Names of the slots whose words it has; the first is the one named or preferred.
    start, end : int
        Characters of the text.
    """

    text: str
    meanings: tuple[Meaning, ...]
    slots: tuple[str, ...]
    start: int
    end: int

    @property
    def kinds(self) -> frozenset[str]:
        """The classes it may be of."""
        return frozenset(meaning.kind for meaning in self.meanings)


def tokens_of(text: str, vocabulary: Vocabulary, slots: Mapping[str, Slot]) -> list[Token]:
    """Cut a text into tokens; every character but white space is part of one.

    Parameters
    ----------
    text : str
        With placeholders, or filled, or both.
    vocabulary : Vocabulary
    slots : mapping of str to Slot
    """
    return list(_Cutter(text, vocabulary, slots).tokens())


def sentences_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Group tokens into sentences, each with its stop; a line break ends one, too."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.text == "\n":
            found.append([])
            continue
        if token.text in _STOPS and not found[-1] and len(found) > 1 and found[-2]:
            found[-2].append(token)  # "?!"
            continue
        found[-1].append(token)
        if token.text in _STOPS:
            found.append([])
    return [sentence for sentence in found if sentence]


def ends(token: Token) -> bool:
    """Whether the token is a final stop."""
    return token.text in _STOPS


class _Cutter:
    def __init__(self, text: str, vocabulary: Vocabulary, slots: Mapping[str, Slot]) -> None:
        self._text = text
        self._plain = one_mark(text)
        self._vocabulary = vocabulary
        self._slots = slots
        self._words = SlotWords.of(slots)
        self._chinese = vocabulary.language == "zh"
        self._after_slot = False

    def tokens(self) -> Iterator[Token]:
        position = 0
        while position < len(self._text):
            space = _SPACE.match(self._text, position)
            if space:
                if "\n" in space[0]:
                    yield Token("\n", (Meaning("BREAK"),), (), position, space.end())
                position = space.end()
                continue
            found = self._next(position)
            self._after_slot = bool(found[-1].slots)
            yield from found
            position = found[-1].end

    def _next(self, position: int) -> list[Token]:
        """The tokens of what begins here: several for "you've"."""
        placeholder = PLACEHOLDER.match(self._text, position)
        if placeholder:
            return [self._slot((placeholder[1],), position, placeholder.end())]
        hit = self._words.at(self._plain, position)
        if hit is not None:
            return [self._slot(hit[0], position, hit[1], self._text[position : hit[1]])]
        if self._after_slot and self._plain.startswith("'s", position):
            return [Token("'s", (Meaning("POSS"),), (), position, position + 2)]
        quoted = _QUOTED.match(self._plain, position)
        if quoted:
            return [self._quoted(position, quoted.end())]
        number = _NUMBER.match(self._text, position)
        if number:
            return [self._unknown(position, number.end(), "foreign_number")]
        han = _HAN.match(self._text, position)
        if han and self._chinese:
            return self._han(position, han.end())
        if han:
            return [self._unknown(position, han.end(), "unsupported_content")]
        word = _WORD.match(self._plain, position)
        if word:
            return self._word(position, self._plain[position : word.end()])
        char = self._text[position]
        kind = "STOP" if char in _STOPS else _MARKS.get(char)
        if kind is None:
            return [self._unknown(position, position + 1, "unsupported_content")]
        return [Token(char, (Meaning(kind),), (), position, position + 1)]

    def _slot(self, names: tuple[str, ...], start: int, end: int, word: str = "") -> Token:
        """A placeholder; or its words, which may be words of the language, too ("score")."""
        text = self._text[start:end]
        known = [self._slots[name] for name in names if name in self._slots]
        if not known:
            return self._unknown(start, end, "unknown_evidence")
        kinds = dict.fromkeys(kind_of(slot) for slot in known)
        meanings = tuple(Meaning(kind) for kind in kinds) + self._vocabulary.of(word.lower())
        return Token(text, meanings, tuple(slot.name for slot in known), start, end)

    def _quoted(self, start: int, end: int) -> Token:
        """A text in quotation marks: a placeholder's, or somebody else's."""
        inside = PLACEHOLDER.fullmatch(self._text[start + 1 : end - 1].strip())
        if inside and inside[1] in self._slots:
            return self._slot((inside[1],), start, end)
        return self._unknown(start, end, "foreign_name")

    def _word(self, start: int, word: str) -> list[Token]:
        phrase = self._phrase(start)
        if phrase is not None:
            return [phrase]
        lower = word.lower()
        end = start + len(word)
        meanings = self._vocabulary.of(lower)
        if meanings:
            return [Token(lower, meanings, (), start, end)]
        parts = _expanded(lower)
        known = [self._vocabulary.of(part) for part in parts]
        if len(parts) > 1 and all(known):
            return [
                Token(part, own, (), start, end) for part, own in zip(parts, known, strict=True)
            ]
        return [self._unknown(start, end, self._strange(start, word))]

    def _phrase(self, start: int) -> Token | None:
        """The longest phrase of several words that begins here."""
        words: list[str] = []
        ends: list[int] = []
        position = start
        for _ in range(self._vocabulary.longest):
            match = _WORD.match(self._plain, position)
            if match is None:
                break
            words.append(match[0].lower())
            ends.append(match.end())
            if self._plain[match.end() : match.end() + 1] != " ":
                break
            position = match.end() + 1
        for count in range(len(words), 1, -1):
            phrase = " ".join(words[:count])
            meanings = self._vocabulary.of(phrase)
            if meanings:
                return Token(phrase, meanings, (), start, ends[count - 1])
        return None

    def _han(self, start: int, end: int) -> list[Token]:
        """Characters up to the next words of a slot, cut into as few known words as will do."""
        stop = start + 1
        while stop < end and self._words.at(self._plain, stop) is None:
            stop += 1
        lengths = _cut(self._text[start:stop], self._vocabulary)
        found: list[Token] = []
        for length in lengths:
            word = self._text[start : start + length]
            meanings = self._vocabulary.of(word)
            token = Token(word, meanings, (), start, start + length)
            found.append(
                token if meanings else self._unknown(start, start + 1, "unsupported_content")
            )
            start += length
        return found

    def _strange(self, start: int, word: str) -> str:
        """What sort of violation an unknown word is."""
        first = not self._text[:start].rstrip() or self._text[:start].rstrip()[-1] in _STOPS
        name = self._chinese or (word[:1].isupper() and not first)
        return "foreign_name" if name else "unsupported_content"

    def _unknown(self, start: int, end: int, violation: str) -> Token:
        return Token(self._text[start:end], (Meaning("UNKNOWN", violation),), (), start, end)


def _cut(text: str, vocabulary: Vocabulary) -> list[int]:
    """Lengths of the words of a text without spaces: least unknown, then fewest, then longest.

    An unknown character stands alone.
    """
    best: list[tuple[int, int, int]] = [(0, 0, 0)] * (len(text) + 1)
    for at in range(len(text) - 1, -1, -1):
        unknown, words, _ = best[at + 1]
        known = bool(vocabulary.of(text[at]))
        best[at] = (unknown + (not known), words + 1, 1)
        for length in range(2, min(vocabulary.longest_text, len(text) - at) + 1):
            if vocabulary.of(text[at : at + length]):
                unknown, words, _ = best[at + length]
                best[at] = min(best[at], (unknown, words + 1, length), key=_fewest)
    lengths = []
    at = 0
    while at < len(text):
        lengths.append(best[at][2])
        at += best[at][2]
    return lengths


def _fewest(way: tuple[int, int, int]) -> tuple[int, int, int]:
    unknown, words, length = way
    return unknown, words, -length


def kind_of(slot: Slot) -> str:
    """The class that the words of a slot are of."""
    if slot.role == "deed":
        return "WROTE" if (slot.evidence or "").startswith("S") else "DEED_TOLD"
    return _ROLES[slot.role]


def _expanded(word: str) -> list[str]:
    if word in _WHOLE:
        return _WHOLE[word].split()
    match = _CONTRACTED.match(word)
    return (match[1] + _SHORT[match[2]]).split() if match else [word]
