"""What a text does to whoever reads it, and whether he will find what he expects.

::

    reading     what a reader expects, and what he is shown: the words, less the item's title
    words       what a text says, as five numbers
    by_words    a reader who goes by them, taught by other users' outcomes
    by_model    a language model as reader: the family ``effect_llm``
    judges      persuasiveness, effectiveness, overselling, discrimination

Readers are simulated. No figure here says what people would do; that takes people.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.effect.by_words import WordReader
from recx_agent.evals.scorers.effect.judges import effect_scorers
from recx_agent.evals.scorers.sources import Sources

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every measure, read by words; without held-out items nothing is scored."""
    return effect_scorers(WordReader(sources.outcomes), sources)
