"""Whether a text repeats what the model was told to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recx_agent.grounding.placeholders import skeleton

_WORDS = 7
_CHARACTERS = 12


class Echoes:
    """Runs of words of the instructions.

    Parameters
    ----------
    instructions : sequence of str
        Seven words in a row of one of them, or twelve characters of a script without
        spaces, are an echo. Placeholders are no words here: a list of them is no instruction.
    """

    def __init__(self, instructions: Sequence[str]) -> None:
        self._runs = {run for text in instructions for run in _runs(text)}

    def in_text(self, text: str) -> bool:
        """Whether a run of the instructions is in the text."""
        return any(run in self._runs for run in _runs(text))


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words: list[str] = []
    for word in (*skeleton(text), "{"):
        if not word.startswith("{"):
            words.append(word)
            continue
        yield from _of_length(words)
        words = []


def _of_length(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    for start in range(len(words)):
        length = _CHARACTERS if len(words[start]) == 1 and not words[start].isascii() else _WORDS
        if start + length <= len(words):
            yield tuple(words[start : start + length])
