"""How passages and texts about them are taken apart, in English and in Chinese."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import snowballstemmer

from recx_agent.grounding import passage_words as words
from recx_agent.grounding.passage_words import Words

Kind = Literal["word", "name", "number", "function", "denial", "stop", "title"]
TITLE = "\ue000"
_CITATION = re.compile(r"\s*[\[(（【]((?:[UI]\d+)(?:[,，、 ]+[UI]\d+)*)[\])）】]")


@dataclass(frozen=True)
class Piece:
    """A word or mark; ``key`` is what it is compared by, ``links`` what stands before it.

    ``links`` are the function words and marks between it and the content word before it.
    """

    text: str
    key: str
    kind: Kind
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A clause as it is cut from a sentence: its content words, and what its words assert.

    ``mixed`` is one about the user that names the item, ``guess`` one that says so.
    """

    pieces: tuple[Piece, ...]
    denied: bool
    suits: bool
    of_user: bool
    mixed: bool
    guess: bool
    causal: tuple[str, ...]


@dataclass(frozen=True)
class Tongue:
    """One language.

    Attributes
    ----------
    words : Words
        Its function words and what they do.
    cut : callable
        A text to its words and marks, as they stand.
    stem : callable
        What inflected forms share.
    joint : str
        What stands between two words, and between two sentences.
    """

    words: Words
    cut: Callable[[str], Sequence[str]]
    stem: Callable[[str], str]
    joint: str = " "

    def sentences(self, text: str) -> list[str]:
        """Cut at full stops; a citation behind one belongs to the sentence before."""
        marked = re.sub(rf"([{self.words.ends}])((?:{_CITATION.pattern})+)", r"\2\1", text.strip())
        found = re.split(rf"(?<=[{self.words.ends}])(?<!\b[A-Z]\.)\s*(?=\S)", marked)
        return [sentence.strip() for sentence in found if sentence.strip()]

    def without_citations(self, text: str) -> tuple[str, list[str]]:
        """The text without citations in brackets, and the ids cited."""
        ids = [id for group in _CITATION.findall(text) for id in re.findall(r"[UI]\d+", group)]
        return _CITATION.sub("", text).strip(), ids

    def ends(self, text: str) -> bool:
        """Whether it ends as a sentence does."""
        return bool(text) and text[-1] in self.words.ends

    def passage(self, text: str) -> tuple[tuple[Piece, ...], ...]:
        """Every sentence of a passage with all its words and marks, but for orders."""
        return _passage(self, text)

    def is_order(self, sentence: str) -> bool:
        """Whether it tells a reader what to do, as an instruction hidden in data would."""
        return bool(re.search(self.words.orders, sentence, re.IGNORECASE))

    def clauses(self, text: str, title: str) -> Iterator[Part]:
        """The clauses of a sentence; a new one begins with a new subject."""
        for quotes in self.words.title_quotes:
            text = text.replace(quotes.format(title), TITLE)
        text = text.replace(title, TITLE)
        user = False
        for part in re.split(self.words.new_subject, text, flags=re.IGNORECASE):
            rest, suits = re.subn(self.words.suits, " ", part, flags=re.IGNORECASE)
            pieces = self._pieces(rest, part is text or text.startswith(part))
            spoken = {piece.key for piece in pieces}
            if spoken & self.words.user:
                user = True
            elif spoken & self.words.item or suits:
                user = False
            yield Part(
                pieces=_content(pieces),
                denied=any(piece.kind == "denial" for piece in pieces),
                suits=bool(suits),
                of_user=user,
                mixed=user and not spoken.isdisjoint(self.words.this_item),
                guess=not spoken.isdisjoint(self.words.guess),
                causal=tuple(piece.text for piece in pieces if piece.key in self.words.causal),
            )

    def denies(self, sentence: Sequence[Piece], first: int, last: int) -> bool:
        """Whether what stands from first to last is denied there."""
        while first > 0 and not self._parts(sentence[first - 1]):
            first -= 1
        while last + 1 < len(sentence) and not self._parts(sentence[last + 1]):
            last += 1
        return any(piece.kind == "denial" for piece in sentence[first : last + 1])

    def guesses(self, sentence: Sequence[Piece], first: int) -> bool:
        """Whether what begins there is told as a guess."""
        return any(piece.key in self.words.guess for piece in sentence[:first])

    def as_guess(self, text: str) -> str:
        """The text with each liking of the user's told as a guess."""
        bare, guessed = self.words.guessed
        return re.sub(bare, guessed, text, flags=re.IGNORECASE)

    def _parts(self, piece: Piece) -> bool:
        return piece.kind == "stop" or piece.key in self.words.contrast

    def fits(self, piece: Piece, found: Piece) -> bool:
        """Whether a word of a passage is the one told; names and numbers letter by letter."""
        if piece.kind in ("name", "number"):
            return piece.text == found.text
        if found.kind == "name" and piece.text.islower():
            return False
        if piece.text.lower() in self.words.past:
            return piece.text.lower() == found.text.lower()
        liking = self.words.liking
        return piece.key == found.key or (piece.key in liking and found.key in liking)

    def near(self, piece: Piece, before: Piece, between: Sequence[Piece]) -> bool:
        """Whether two words may be told as neighbours, given what stands between them."""
        keys = [found.key for found in between]
        if any(key in self.words.liking for key in keys):
            return False
        listed = not keys or any(key in self.words.lists for key in keys)
        if before.key in self.words.liking:
            return len(keys) <= self.words.reach
        if not piece.links:
            return not keys or (len(keys) <= 3 and keys[0] in self.words.lists)
        if any(link in self.words.lists for link in piece.links):
            return listed and len(keys) <= self.words.reach
        binding = [link for link in piece.links if link in self.words.binding]
        return len(keys) <= 5 and all(link in keys for link in binding)

    def _pieces(self, text: str, begins: bool) -> list[Piece]:
        found = []
        for word in self.cut(text):
            found.append(self._piece(word, begins))
            begins = False
        return found

    def _piece(self, word: str, begins: bool) -> Piece:
        low = word.lower()
        if word == TITLE:
            return Piece(word, word, "title")
        if low in self.words.denial:
            return Piece(word, low, "denial")
        if not any(char.isalnum() for char in word):
            return Piece(word, word, "stop")
        if low in self.words.function or low in self.words.causal:
            return Piece(word, low, "function")
        if word[0].isdigit():
            return Piece(word, word, "number")
        name = word[0].isupper() and not begins
        return Piece(word, self.stem(low), "name" if name else "word")


def _content(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    links: list[str] = []
    for piece in pieces:
        if piece.kind in ("word", "name", "number"):
            found.append(Piece(piece.text, piece.key, piece.kind, tuple(links)))
            links = []
        else:
            links.append(piece.key)
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def _passage(tongue: Tongue, text: str) -> tuple[tuple[Piece, ...], ...]:
    told = [one for one in tongue.sentences(text) if not tongue.is_order(one)]
    return tuple(tuple(tongue._pieces(one, True)) for one in told)


_ENGLISH = re.compile(r"\ue000|\d+(?:[.,]\d+)*\w*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")


def _cut_english(text: str) -> list[str]:
    found = []
    for word in _ENGLISH.findall(text.replace("’", "'")):
        if word.lower().endswith("n't"):
            found += [word[:-3] or "ca", "not"]
        else:
            found.append(word.removesuffix("'s") or word)
    return found


def _cut_chinese(text: str) -> list[str]:
    known = words.CHINESE.all
    found, place = [], 0
    pattern = re.compile(r"\ue000|\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z'’-]*|\S")
    while match := pattern.search(text, place):
        start = match.start()
        longest = next(
            (n for n in range(words.LONGEST, 0, -1) if text[start : start + n] in known), 0
        )
        word = text[start : start + longest] if longest else match[0]
        found.append(word)
        place = start + len(word)
    return found


@functools.cache
def tongue_of(language: str) -> Tongue:
    """Load a language.

    Raises
    ------
    KeyError
        It is neither ``en`` nor ``zh``.
    """
    if language == "zh":
        return Tongue(words.CHINESE, _cut_chinese, str, "")
    if language == "en":
        stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
        return Tongue(words.ENGLISH, _cut_english, stem)
    raise KeyError(language)
