"""Phrases that can be read in one way only: claims with subject, relation and value all bound.

A sentence is written down with one sign for each thing in it ("you gave ⟨T0⟩ ⟨R0⟩ for …"), and a
table of patterns finds the phrases. Whatever is no such phrase is not read, and neither is a
clause that denies, supposes, asks or speaks of what others did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recx_agent.evals.scorers.grounded.free.marks import Lexer, Mark

SIGNS = {
    "title": "T",
    "item": "I",
    "rating": "R",
    "ratings": "Q",
    "scale": "S",
    "date": "D",
    "attribute": "A",
    "number": "N",
    "users": "U",
    "bar": "B",
    "rank": "K",
    "common": "C",
    "gap": "G",
    "years": "Y",
}
"""Kind of mark to its letter; ``common`` is an attribute whose name is a word like any other,
``years`` a gap that is told in years."""

_QUOTED = re.compile(r"'(?=⟨)|(?<=⟩)'(?!s)")
_SIGN = re.compile(r"⟨([A-Z])(\d+)⟩")


@dataclass(frozen=True)
class Claim:
    """One phrase: of which films it says what.

    Attributes
    ----------
    kind : str
        What is said, such as ``rating``, ``cause`` or ``gap``; :class:`.sure.Sure` has a
        method for each.
    titles : sequence of str
        Films that it is said of, each of them.
    values : sequence of Mark
        What is said of them; empty where ``kind`` says it.
    sure : bool
        Whether the clause asserts it; else it only tells that these are names of films.
    """

    kind: str
    titles: Sequence[str]
    values: Sequence[Mark]
    sure: bool


@dataclass(frozen=True)
class Grammar:
    """The phrases of one language.

    Attributes
    ----------
    phrases : sequence of (kind, pattern)
        Groups ``who`` and ``what`` hold the signs of the films and of the values.
    veiled : pattern
        A clause with this in it asserts nothing that is sure: it is not read.
    plain : pattern
        What only looks like that, taken out before.
    others : pattern
        Somebody else: whose ratings and likings they are is not sure.
    torn : pattern
        A clause that also tells what speaks against it: its causes are not read.
    ends : pattern
        Cuts a sentence into clauses; a question keeps its mark.
    """

    phrases: Sequence[tuple[str, re.Pattern[str]]]
    veiled: re.Pattern[str]
    plain: re.Pattern[str]
    others: re.Pattern[str]
    torn: re.Pattern[str]
    ends: re.Pattern[str]


@dataclass(frozen=True)
class Signed:
    """A sentence with signs, and what they stand for."""

    text: str
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def within(self, part: str | None) -> list[Mark]:
        """What the signs in a part of it stand for."""
        return [self.marks[found[0]] for found in _SIGN.finditer(part or "")]


def signed(lexer: Lexer, text: str, item: str) -> Signed:
    """Write a sentence down with signs; what has none stays as it is, in lower case."""
    found: dict[str, Mark] = {}
    said = []
    for mark, piece in lexer.pieces(text):
        kind = "item" if mark.kind == "title" and mark.text == item else mark.kind
        if kind == "attribute" and _is_common(piece.strip()):
            kind = "common"
        if kind == "gap" and mark.numbers:
            kind = "years"
        if kind in SIGNS:
            sign = f"⟨{SIGNS[kind]}{len(found)}⟩"
            found[sign] = mark
            space = " " if piece[:1].isspace() else ""
            said.append(space + sign)
        else:
            said.append(piece.lower().replace("’", "'"))
    return Signed(_QUOTED.sub("", "".join(said)), found)


def _is_common(name: str) -> bool:
    """Whether the name of an attribute may be a word like any other: a mystery, 动作."""
    return name.islower() if name.isascii() else not name.endswith(("片", "黑色电影"))


def compiled(
    phrases: Iterable[tuple[str, str]], macros: Mapping[str, str]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns with ``{T}`` and the like filled in."""

    def filled(pattern: str) -> str:
        for name, meaning in macros.items():
            pattern = pattern.replace(f"{{{name}}}", meaning)
        return pattern

    return tuple((kind, re.compile(filled(pattern))) for kind, pattern in phrases)


_LISTED_BEFORE = re.compile(r"⟨[RN]\d+⟩(?:,| and|、|和)+ ?(?:an? |your )?$")
_LISTED_AFTER = re.compile(r"(?:,| and|、|和)+ ?(?:an? |your )?⟨[RN]\d+⟩")
_OF_OTHERS = frozenset(("rating", "rating_of_one", "liked", "disliked", "top", "date", "count"))
_REASONS = frozenset(("cause", "cause_attribute", "main", "more", "most"))


def claims(grammar: Grammar, said: Signed) -> Iterator[Claim]:
    """Every phrase of a sentence."""
    for clause, asserted in clauses(grammar, said):
        others, torn = grammar.others.search(clause), grammar.torn.search(clause)
        for kind, pattern in grammar.phrases:
            own = not (kind in _OF_OTHERS and others) and not (kind in _REASONS and torn)
            for found in pattern.finditer(clause):
                groups = found.groupdict()
                if kind == "rating" and _of_several(clause, *found.span("what")):
                    continue
                who = groups.get("who") or groups.get("whom")
                titles = [mark.text for mark in said.within(who) if mark.kind == "title"]
                yield Claim(kind, titles, said.within(groups.get("what")), asserted and own)


def _of_several(clause: str, start: int, end: int) -> bool:
    """Whether a rating stands in a list of them, whose order tells which film is meant."""
    return bool(_LISTED_BEFORE.search(clause[:start]) or _LISTED_AFTER.match(clause[end:]))


def clauses(grammar: Grammar, said: Signed) -> Iterator[tuple[str, bool]]:
    """The clauses of a sentence, and whether each asserts something."""
    for part in grammar.ends.split(said.text):
        if clause := part.strip():
            yield clause, not grammar.veiled.search(grammar.plain.sub(" ", clause))
