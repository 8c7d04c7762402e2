"""Whether a text is the model's own, or an example or a template said again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from recx_agent.grounding import is_copy, skeleton
from recx_agent.schemas import JudgedSentence
from recx_agent.writing.case import Case

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")


def is_own(case: Case, sentences: Sequence[JudgedSentence]) -> bool:
    """Whether sentences are neither an example's nor a template's.

    They are not if together they repeat an example or what a style of the templates makes of
    the same claims, or if each by itself repeats a sentence of one.
    """
    kinds = frozenset(kind for sentence in sentences for kind in sentence.claims)
    asked = kinds, tuple(sentence.raw for sentence in sentences)
    found = case.own_before.get(asked)
    if found is None:
        found = case.own_before[asked] = _compared(case, kinds, sentences)
    return found


def _compared(case: Case, kinds: frozenset[str], sentences: Sequence[JudgedSentence]) -> bool:
    models = [*_examples(case), *case.template_skeletons(kinds)]
    if is_copy(skeleton(" ".join(sentence.raw for sentence in sentences)), models):
        return False
    return not all(is_copy(skeleton(sentence.raw), models) for sentence in sentences)


def _examples(case: Case) -> Iterator[tuple[str, ...]]:
    for example in case.examples:
        yield skeleton(example)
        yield from (skeleton(part) for part in _SENTENCE_END.split(example))
