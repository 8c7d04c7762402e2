"""The final message: verified texts in the place of their names, own words where they may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recx_agent.assistant.own_words import OwnSentence, OwnWords
from recx_agent.assistant.results import Result

REFERENCE = re.compile(
    r"\{+\s*(R\d{1,2})\s*\}+|\[+\s*(R\d{1,2})\s*\]+|(?m:^\s*(R\d{1,2})[.:]?\s*$)"
)


@dataclass(frozen=True)
class Part:
    """A piece of what is shown.

    Attributes
    ----------
    text : str
    result : Result or None
        Whose text it is; ``None`` for words around it.
    evidence : tuple of str
        What carries own words that say something.
    """

    text: str
    result: Result | None = None
    evidence: tuple[str, ...] = ()


def compose(text: str, results: Sequence[Result], own: OwnWords, joint: str) -> tuple[Part, ...]:
    """Make the message of what a model wrote last and the results of the turn.

    Parameters
    ----------
    text : str
        Names results as ``{R1}``.
    results : sequence of Result
        Of this turn; each is shown once, also where it is not named.
    own : OwnWords
        Reads the rest.
    joint : str
        Between two sentences of the language.
    """
    shown = worth_showing(results)
    pieces = list(_pieces(text, {result.name: result for result in shown}, own))
    named = {piece.name for piece in pieces if isinstance(piece, Result)}
    missing = [result for result in shown if result.name not in named]
    pieces = _with_missing(pieces, missing)
    return tuple(_parts(_without_idle(pieces, own), joint))


def worth_showing(results: Sequence[Result]) -> list[Result]:
    """Results without those that were asked for twice, and without problems that were mended."""
    by_text = {result.text: result for result in reversed(results)}
    found = [result for result in results if by_text.get(result.text) is result]
    answers = [result for result in found if result.ok]
    return answers or found[-1:]


_Piece = Result | OwnSentence


def _pieces(text: str, results: dict[str, Result], own: OwnWords) -> Iterator[_Piece]:
    placed: set[str] = set()
    at = 0
    for match in REFERENCE.finditer(text):
        yield from own.read(text[at : match.start()])
        at = match.end()
        name = next(group for group in match.groups() if group)
        if name in results and name not in placed:
            placed.add(name)
            yield results[name]
    yield from own.read(text[at:])


def _with_missing(pieces: list[_Piece], missing: list[Result]) -> list[_Piece]:
    """Results that were not named: behind those that were, else before what is asked next."""
    if not missing:
        return pieces
    places = [n for n, piece in enumerate(pieces) if isinstance(piece, Result)]
    announced = [n for n, p in enumerate(pieces) if isinstance(p, OwnSentence) and p.announces]
    asked = [n for n, p in enumerate(pieces) if isinstance(p, OwnSentence) and p.asks]
    if places:
        at = places[-1] + 1
    elif announced:
        at = announced[-1] + 1
    else:
        at = asked[0] if asked else len(pieces)
    return [*pieces[:at], *missing, *pieces[at:]]


def _without_idle(pieces: Sequence[_Piece], own: OwnWords) -> list[_Piece]:
    """Without announcements of something else than what follows, and what a text says already."""
    texts = " ".join(piece.text for piece in pieces if isinstance(piece, Result))
    kept: list[_Piece] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, OwnSentence):
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            wrong = piece.announces and not _is_announced(piece, after)
            if wrong or (piece.evidence and piece.text in texts):
                own.dropped.append(piece.text)
                continue
        kept.append(piece)
    return kept


def _is_announced(sentence: OwnSentence, after: _Piece | None) -> bool:
    return isinstance(after, Result) and all(
        kind == "any" or kind == after.kind for kind in sentence.announces
    )


def _parts(pieces: Sequence[_Piece], joint: str) -> Iterator[Part]:
    """Own sentences that stand together as one part."""
    words: list[OwnSentence] = []
    for piece in (*pieces, None):
        if isinstance(piece, OwnSentence):
            words.append(piece)
            continue
        if words:
            evidence = tuple(dict.fromkeys(id for sentence in words for id in sentence.evidence))
            yield Part(joint.join(sentence.text for sentence in words), evidence=evidence)
            words = []
        if piece is not None:
            yield Part(piece.text, piece)
