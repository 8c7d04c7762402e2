"""Whether sentences say only what passages say that somebody gave.

Closed-world as the rest: each clause of a sentence must be carried by one sentence of one
passage, its content words in their order, no further apart than they stand there, its names
and numbers letter by letter, denied where it is denied there. Around them only function words
may stand. One thing may be said that no passage says: that the item may suit the user, and only
where both speak of the same. A guess stays a guess: where "you enjoy" tells what somebody "is
likely to enjoy", what is shown is "you may enjoy".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.grounding.passage_tongue import Piece, Tongue, tongue_of
from recx_agent.schemas import JudgedSentence, Passage, Violation

_QUOTE = re.compile("“([^“”]*)”")


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that says one thing.

    ``pieces`` are its content words; ``suits`` whether it says that the item may suit the
    user; ``of_user`` whether it speaks of the user; ``guess`` whether it is told as a guess.
    """

    pieces: tuple[Piece, ...]
    denied: bool
    suits: bool
    of_user: bool
    guess: bool


@dataclass(frozen=True)
class Carrier:
    """The passage that carries a clause; ``guess`` if it only guesses so."""

    id: str
    guess: bool


class PassageVerifier:
    """Judges texts against passages.

    Parameters
    ----------
    language : str
        ``en`` or ``zh``.
    """

    def __init__(self, language: str) -> None:
        self._tongue: Tongue = tongue_of(language)

    def read(
        self,
        text: str,
        passages: Sequence[Passage],
        item_title: str,
        *,
        finish_reason: str = "stop",
    ) -> tuple[JudgedSentence, ...]:
        """Judge a text sentence by sentence.

        A sentence may name passages in brackets, as in ``[U1]``; they are taken out of what is
        shown, and those that carry it are cited whether named or not.

        Parameters
        ----------
        text : str
        passages : sequence of Passage
        item_title : str
            May stand in any sentence.
        finish_reason : str
            Anything but ``stop``: the last sentence is cut.
        """
        sentences = self._tongue.sentences(text)
        judged, before = [], frozenset[str]()
        for number, raw in enumerate(sentences):
            cut = finish_reason != "stop" and number == len(sentences) - 1
            one = self._judge(raw, passages, item_title, number, before, cut)
            judged.append(one)
            if not one.violations:
                before = before | frozenset(one.evidence)
        return tuple(judged)

    def _judge(
        self,
        raw: str,
        passages: Sequence[Passage],
        title: str,
        number: int,
        before: frozenset[str],
        cut: bool,
    ) -> JudgedSentence:
        text, named = self._tongue.without_citations(raw)
        by_id = {passage.id: passage for passage in passages}
        found: list[tuple[str, str]] = []
        if cut or not self._tongue.ends(text):
            found.append(("truncated", text[-40:]))
        found += [("unknown_evidence", id) for id in named if id not in by_id]
        cited: dict[str, None] = {}
        suits = False
        spoken = self._quotes(text, title, passages, cited, found)
        for clause in self._clauses(spoken, title, found):
            suits = suits or clause.suits
            if clause.pieces:
                carrier = self._carrier(clause, passages)
                if not isinstance(carrier, Carrier):
                    found.append(carrier)
                    continue
                cited[carrier.id] = None
                if carrier.guess and not clause.guess:
                    text, certain = self._tongue.as_guess(text), text
                    if text == certain or not clause.of_user:
                        found.append(("unsupported_content", f"a guess told as certain: {certain}"))
        if suits:
            both = {by_id[id].about for id in {*cited, *before} if id in by_id}
            if both != {"user", "item"}:
                found.append(("causal_overclaim", "what the item is and what the user likes"))
            cited |= dict.fromkeys(sorted(before)) if len(cited) < 2 else {}
        if not cited and not found:
            found.append(("uncited_sentence", text[:80]))
        return JudgedSentence(
            raw=raw,
            text=text,
            evidence=tuple(cited),
            claims=("given_suits",) if suits else ("given",),
            violations=tuple(
                Violation(kind=kind, sentence=number, detail=detail) for kind, detail in found
            ),
        )

    def _quotes(
        self,
        text: str,
        title: str,
        passages: Sequence[Passage],
        cited: dict[str, None],
        found: list[tuple[str, str]],
    ) -> str:
        """The text without quotes; each has to stand in a passage letter by letter."""
        for quote in _QUOTE.findall(text):
            if quote == title:
                continue
            whole = quote.rstrip("….")
            carrier = next((p.id for p in passages if whole and whole in p.text), None)
            if carrier is None or self._tongue.is_order(quote):
                found.append(("foreign_name", quote))
            else:
                cited[carrier] = None
            text = text.replace(f"“{quote}”", " ")
        return text

    def _clauses(self, text: str, title: str, found: list[tuple[str, str]]) -> Iterator[Clause]:
        for part in self._tongue.clauses(text, title):
            for word in part.causal:
                found.append(("causal_overclaim", word))
            if part.mixed:  # nobody said what the user thinks of this very item
                found.append(("unsupported_content", "what the user thinks of the item"))
            yield Clause(part.pieces, part.denied, part.suits, part.of_user, part.guess)

    def _carrier(self, clause: Clause, passages: Sequence[Passage]) -> Carrier | tuple[str, str]:
        """The passage that carries a clause, best one that is sure, or what is wrong with it."""
        wanted = "user" if clause.of_user else "item"
        told = " ".join(piece.text for piece in clause.pieces)
        denied_otherwise, guessed = False, None
        for passage in passages:
            if passage.about == wanted:
                for sentence in self._tongue.passage(passage.text):
                    where = self._found(clause.pieces, sentence)
                    if where is not None:
                        if self._tongue.denies(sentence, *where) != clause.denied:
                            denied_otherwise = True
                        elif not self._tongue.guesses(sentence, where[0]):
                            return Carrier(passage.id, guess=False)
                        else:
                            guessed = guessed or Carrier(passage.id, guess=True)
        if guessed is not None:
            return guessed
        if denied_otherwise:
            return ("polarity_mismatch", told)
        return self._why_not(clause, [p for p in passages if p.about == wanted], told)

    def _why_not(self, clause: Clause, passages: Sequence[Passage], told: str) -> tuple[str, str]:
        known = {
            piece.key
            for passage in passages
            for s in self._tongue.passage(passage.text)
            for piece in s
        }
        for piece in clause.pieces:
            if piece.key not in known:
                kinds: Mapping[str, str] = {"name": "foreign_name", "number": "foreign_number"}
                return kinds.get(piece.kind, "unsupported_content"), piece.text
        return "unsupported_content", f"not said together: {told}"

    def _found(self, wanted: Sequence[Piece], sentence: Sequence[Piece]) -> tuple[int, int] | None:
        """Where the content words stand in this order, as neighbours: first and last place."""
        fits, near = self._tongue.fits, self._tongue.near
        for start, first in enumerate(sentence):
            if not fits(wanted[0], first):
                continue
            place = start
            for before, one in zip(wanted, wanted[1:], strict=False):
                ahead = range(place + 1, len(sentence))
                place = next(
                    (
                        at
                        for at in ahead
                        if fits(one, sentence[at]) and near(one, before, sentence[place + 1 : at])
                    ),
                    -1,
                )
                if place < 0:
                    break
            else:
                return start, place
        return None
