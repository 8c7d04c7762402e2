"""Statement ranking: the evidence that weighs most, word by word, and nothing else.

What a writer has to beat that generates nothing (the argument of StaR, arXiv 2604.03724). It
can say nothing untrue, and it cannot say why.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from recx_agent.evals.cases import Case
from recx_agent.evals.samples import Piece, Sentence
from recx_agent.evals.sentences import split_sentences
from recx_agent.evals.writers.base import LeftOut, Written
from recx_agent.evals.writers.metered import NO_MODEL

_STOPS = ".!?…。！？"
_SUMS = "TO"
"""Evidence that sums up history items: see :class:`recx_agent.schemas.Evidence`."""


class RankedStatements:
    """Shows the first statements of the evidence, best first.

    Causes come by what they contribute, those that count against the item not at all, nor
    sums of others, such as the whole history; then what the user did, then facts, each in the
    order given. Of a longer text, such as a summary, it is the first sentence.

    Parameters
    ----------
    statements : int
        How many.
    """

    def __init__(self, statements: int = 2) -> None:
        self._statements = statements

    @property
    def description(self) -> Mapping[str, Any]:
        """How many statements."""
        return {"kind": "ranking", "statements": self._statements}

    async def write(self, case: Case) -> Written:
        """Choose; nothing is written."""
        began = time.perf_counter()
        ranked = sorted(filter(_speaks_for, case.evidence), key=_place)
        if not ranked:
            raise LeftOut("there is no evidence that speaks for the item")
        sentences = tuple(_statement(piece, case.language) for piece in ranked[: self._statements])
        joint = "" if case.language == "zh" else " "
        return Written(
            joint.join(sentence.text for sentence in sentences),
            sentences,
            took={"seconds": time.perf_counter() - began, **NO_MODEL},
        )

    def close(self) -> None:
        """Nothing is held open."""


def _speaks_for(piece: Piece) -> bool:
    is_sum = piece.kind == "cause" and piece.id[0] in _SUMS
    return bool(piece.text.strip()) and not is_sum and piece.fields.get("contribution", 1.0) > 0


def _place(piece: Piece) -> tuple[int, float]:
    contribution = piece.fields.get("contribution")
    if contribution is not None:
        return 0, -float(contribution)
    return (1 if piece.kind != "fact" else 2), 0.0


def _statement(piece: Piece, language: str) -> Sentence:
    text = split_sentences(piece.text)[0]
    if text[-1] not in _STOPS:
        text += "。" if language == "zh" else "."
    return Sentence(text[0].upper() + text[1:], (piece.id,))
