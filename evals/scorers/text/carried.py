"""How much of a text stands in the texts that a system was given, by words alone.

The same measure for every system, and not the verifier's: a word counts as carried if its stem
stands anywhere in what was given. It is generous (it does not see what is said of what), so
what it calls unsupported is.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import snowballstemmer

from recx_agent.evals.scorers.text.tokens import sentences_of

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")

FUNCTION = frozenset(
    """a about above after all also although am an and any are as at be because been before being
    between both but by can could did do does doing down during each for from further had has have
    having he her hers him his how i if in into is it its itself just may me might more most my no
    nor not of off on once only or other our out over own same she should so some such than that
    the their theirs them then there these they this those through to too under until up very was
    we were what when where which while who whom whose why will with would you your yours
    's""".split()
)
"""Words that carry no content (the closed classes of English)."""

FRAME = frozenset("user would buy book know known mention speak say suit may".split())
"""Stems of the phrases that systems wrap their statements in, left out of every count."""

_OWN = threading.local()


def _stemmer() -> Callable[[str], str]:
    """One for each thread: a stemmer keeps the word that it is at."""
    found: Callable[[str], str] | None = getattr(_OWN, "stem", None)
    if found is None:
        found = _OWN.stem = snowballstemmer.stemmer("english").stemWord
    return found


def content_stems(text: str) -> list[str]:
    """Stems of the content words, in order, frames left out."""
    stem = _stemmer()
    found = []
    for word in _WORD.findall(text.replace("’", "'").lower()):
        plain = word.removesuffix("'s")
        if plain not in FUNCTION and (key := stem(plain)) not in FRAME:
            found.append(key)
    return found


@dataclass(frozen=True)
class Support:
    """Shares of one text that the given texts carry.

    Attributes
    ----------
    words : float
        Of the content words; 1 for a text that has none.
    sentences : float
        Of the sentences, those with every content word carried.
    """

    words: float
    sentences: float


def support(text: str, given: Sequence[str]) -> Support:
    """Measure one text against what its system was given."""
    carried = {stem for one in given for stem in content_stems(one)}
    stems = content_stems(text)
    sentences = [content_stems(sentence) for sentence in sentences_of(text)]
    whole = [all(stem in carried for stem in own) for own in sentences]
    return Support(
        words=sum(stem in carried for stem in stems) / len(stems) if stems else 1.0,
        sentences=sum(whole) / len(whole) if whole else 1.0,
    )
