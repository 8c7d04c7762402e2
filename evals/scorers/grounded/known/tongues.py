"""The reader of a workspace's sentences, in each language."""

from __future__ import annotations

import functools

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.known.chinese import chinese
from recx_agent.evals.scorers.grounded.known.english import english
from recx_agent.evals.scorers.grounded.known.reading import Tongue
from recx_agent.evals.scorers.grounded.known.values import shown

_KEPT = 8


@functools.lru_cache(maxsize=_KEPT)
def tongue_of(raw: Raw, language: str) -> Tongue:
    """Reads sentences with the nouns, names, units and values of a workspace.

    Parameters
    ----------
    raw : Raw
    language : str
        ``zh``, or anything else for English.
    """
    known = {
        column: {
            shown(value): value for film in raw.films.values() for value in film.attribute(column)
        }
        for column in raw.columns
    }
    make = chinese if language == "zh" else english
    return make(raw.house(language), raw.columns, known)
