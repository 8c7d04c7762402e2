"""All readings of a sentence under the rules: a top-down chart parser with a budget.

What a rule makes of the tokens from a position on is worked out once and kept (Norvig,
"Techniques for Automatic Memoization with Applications to Context-Free Parsing",
Computational Linguistics 17(1), 1991); a rule is only tried where it can begin. Rules must not
be left-recursive. The budget bounds the time of any sentence, hostile ones included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recx_agent.grounding.rules import Rules, Symbol
from recx_agent.grounding.tokens import Token

BUDGET = 4_000
"""Steps for one sentence; true ones of the tests take up to 1,600."""


class Leaf(NamedTuple):
    """A token of a class; ``at`` is its place in the sentence."""

    kind: str
    value: str
    at: int


class Node:
    """What a rule with a capital has read; its hash is worked out once."""

    __slots__ = ("_hash", "children", "label")

    def __init__(self, label: str, children: tuple[Tree, ...]) -> None:
        self.label = label
        self.children = children
        self._hash = hash((label, children))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Node)
            and self._hash == other._hash
            and self.label == other.label
            and self.children == other.children
        )

    def __repr__(self) -> str:
        return f"{self.label}({', '.join(map(repr, self.children))})"

    def all(self, *labels: str) -> list[Node]:
        """The nearest nodes below of these labels, in order."""
        return [
            child for child in self.children if isinstance(child, Node) and child.label in labels
        ]

    def leaves(self, *kinds: str) -> list[Leaf]:
        """The leaves right below of these kinds, in order."""
        return [child for child in self.children if isinstance(child, Leaf) and child.kind in kinds]


Tree = Leaf | Node
_Found = dict[tuple[int, tuple[Tree, ...]], None]


class _TooTangled(Exception):
    """The budget is used up."""


def mask_of(token: Token, rules: Rules) -> int:
    """The terminals of the rules that a token can be."""
    mask = rules.literals.get(token.text, 0)
    for meaning in token.meanings:
        mask |= rules.classes.get((meaning.kind, ""), 0)
        if meaning.value:
            mask |= rules.classes.get((meaning.kind, meaning.value), 0)
    return mask


def readings(
    tokens: Sequence[Token], rules: Rules, start: str, budget: int = BUDGET
) -> tuple[list[Node], int]:
    """Every tree of ``start`` over all of the tokens, in the order of the rules' options.

    Returns
    -------
    list of Node
        None if it takes more steps than there are.
    int
        Steps taken.
    """
    chart = _Chart(tokens, rules, budget)
    try:
        found = chart.parse(rules[start], 0)
    except (_TooTangled, RecursionError):
        return [], budget
    trees = [Node(start, children) for end, children in found if end == len(tokens)]
    return trees, budget - chart.left


class _Chart:
    def __init__(self, tokens: Sequence[Token], rules: Rules, budget: int) -> None:
        self._tokens = tokens
        self._masks = [mask_of(token, rules) for token in tokens] + [0]
        self._known: dict[tuple[int, int], _Found] = {}
        self.left = budget

    def parse(self, symbol: Symbol, at: int) -> _Found:
        if symbol.bit:
            return self._terminal(symbol, at)
        key = (symbol.number, at)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._rule(symbol, at)
        return known

    def _terminal(self, symbol: Symbol, at: int) -> _Found:
        if not symbol.bit & self._masks[at]:
            return {}
        if not symbol.kept:
            return {(at + 1, ()): None}
        value = symbol.value or next(
            (m.value for m in self._tokens[at].meanings if m.kind == symbol.kind), ""
        )
        return {(at + 1, (Leaf(symbol.kind, value, at),)): None}

    def _rule(self, symbol: Symbol, at: int) -> _Found:
        found: _Found = {}
        for option in symbol.options:
            ways: _Found = {(at, ()): None}
            for part in option:
                following: _Found = {}
                for end, children in ways:
                    if not (part.empty or part.first & self._masks[end]):
                        continue
                    for further, more in self.parse(part, end):
                        following[further, children + more] = None
                ways = following
                if not ways:
                    break
            self.left -= 1 + len(ways)
            if self.left < 0:
                raise _TooTangled
            for end, children in ways:
                whole = (Node(symbol.label, children),) if symbol.label else children
                found[end, whole] = None
        return found
