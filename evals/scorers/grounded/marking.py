"""Puts the titles of a text in the marks that the readers know.

Our own writers put every title in marks. Others write ``"Heat"``, ``*Heat*`` or plain Heat, and
must not be called untrue for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from recx_agent.evals.scorers.grounded.data import Raw

_MARKED = {"en": re.compile("“[^“”]*”"), "zh": re.compile("《[^《》]*》|“[^“”]*”")}
_OTHER_MARKS = re.compile(r"\"([^\"\n]+)\"|\*\*?([^*\n]+)\*\*?|_([^_\n]+)_(?!\w)|「([^「」]+)」")


class Marker:
    """Marks titles in texts of one data set.

    Parameters
    ----------
    raw : Raw
    """

    def __init__(self, raw: Raw) -> None:
        several = {film.title for film in raw.films.values() if " " in film.title}
        self._several = _any_of(several)
        self._raw = raw

    def marked(self, text: str, language: str, own: Iterable[str] = ()) -> str:
        """The text with each known title in marks.

        Parameters
        ----------
        text : str
        language : str
            ``zh``, or anything else for the marks of English.
        own : iterable of str
            Titles that may be meant though they are one word: those of the user's history and
            of the item. Any other title of one word is taken for a word.
        """
        key = "zh" if language == "zh" else "en"
        opening, closing = "《》" if key == "zh" else "“”"

        def mark(match: re.Match[str]) -> str:
            return f"{opening}{next(filter(None, match.groups()), match[0]).strip()}{closing}"

        text = _outside(_MARKED[key], text, _OTHER_MARKS, mark)
        for pattern in (self._several, _any_of(own)):
            text = _outside(_MARKED[key], text, pattern, f"{opening}\\g<0>{closing}")
        return text


def _any_of(titles: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(filter(None, titles), key=len, reverse=True)
    names = "|".join(map(re.escape, longest)) or "(?!)"
    return re.compile(rf"(?<![A-Za-z0-9])(?:{names})(?![A-Za-z0-9])")


def _outside(
    marked: re.Pattern[str],
    text: str,
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str],
) -> str:
    """Replace a pattern wherever it does not stand in marks."""
    parts, place = [], 0
    for found in marked.finditer(text):
        parts += [pattern.sub(new, text[place : found.start()]), found[0]]
        place = found.end()
    return "".join([*parts, pattern.sub(new, text[place:])])
