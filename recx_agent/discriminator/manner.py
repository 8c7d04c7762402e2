"""Words of a text with everything masked that says what it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

PAD, UNKNOWN = "<pad>", "<unknown>"
MASKS = ("<quote>", "<name>", "<number>")

_QUOTED = re.compile(r"“[^“”]*”|《[^《》]*》|\"[^\"]*\"|(?<!\w)'[^']+'(?!\w)")
_PIECES = re.compile(
    r"<quote>"
    r"|[\u3400-\u9fff]"  # Chinese: one character a word
    r"|\d+(?:[.,:]\d+)*(?:st|nd|rd|th|%)?"
    r"|\w+(?:['’]\w+)?"
    r"|[^\w\s]"
)
_ENDS = frozenset(".!?。！？:：")


def manner_of(text: str) -> list[str]:
    """The words of a text in lower case, with quotes, names and numbers masked.

    A word with a capital that begins no sentence counts as a name; names in a row count once.
    """
    found: list[str] = []
    begins = True
    for piece in _PIECES.findall(_QUOTED.sub(" <quote> ", text)):
        word = _masked(piece, begins)
        if word != "<name>" or found[-1:] != ["<name>"]:
            found.append(word)
        begins = piece in _ENDS
    return found


def _masked(piece: str, begins: bool) -> str:
    if piece == "<quote>":
        return piece
    if piece[0].isdigit():
        return "<number>"
    if piece[0].isupper() and not begins and piece not in ("I", "I'm", "I've"):
        return "<name>"
    return piece.lower()


class Vocabulary:
    """Words to numbers: 0 is padding, 1 any word that is not in it.

    Parameters
    ----------
    words : sequence of str
        In the order of their numbers, the first two being padding and unknown.

    Raises
    ------
    ValueError
        The words repeat, or do not begin with these two.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        if self.words[:2] != (PAD, UNKNOWN) or len(self._numbers) != len(self.words):
            raise ValueError("a vocabulary begins with padding and unknown, and repeats nothing")

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], *, size: int, at_least: int) -> Vocabulary:
        """The commonest words, each in at least so many texts; rare words tell of content."""
        counts = Counter(word for words in texts for word in set(words))
        common = sorted(
            (word for word, count in counts.items() if count >= at_least and word not in MASKS),
            key=lambda word: (-counts[word], word),
        )
        return cls((PAD, UNKNOWN, *MASKS, *common[: max(0, size - 2 - len(MASKS))]))

    def encode(self, words: Sequence[str], length: int) -> list[int]:
        """Numbers of the first words, padded to ``length``."""
        numbers = [self._numbers.get(word, 1) for word in words[:length]]
        return numbers + [0] * (length - len(numbers))
