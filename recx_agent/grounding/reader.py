"""From a tree to assertions: what the nodes of the rules mean.

The rules of every language make the same nodes, so this is the same for all of them. A node
that has no meaning here is an error of the rules (`check_labels`); a word that says something
and that no assertion has taken up makes the sentence unclear, so nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from recx_agent.grounding.assertions import ITEM, Assertion, Mentions
from recx_agent.grounding.parser import Node
from recx_agent.grounding.reading_attributes import AttributeReader
from recx_agent.grounding.reading_deeds import DeedReader
from recx_agent.grounding.reading_everyone import EveryoneReader
from recx_agent.grounding.rules import Rules
from recx_agent.grounding.walking import (
    THINGS,
    Said,
    Walker,
    end_of,
    leaves_of,
    nodes_of,
    start_of,
    unclear,
)

_CAUSES = frozenset({"Cause", "CauseSo", "CauseIf", "CauseThing"})
_DEEDS = frozenset({"GapDeed", "GapRated", "GapFelt", "GapAlone"})
_STRUCTURE = frozenset(
    {"Sentence", "Suggested", "Values", "VNoun", "Item", "ItemName", "Side", *_CAUSES}
)
_INSIDE = frozenset(
    {"Both", "Bracket", "Not", "Only", "Most", "Out", "It", "They", "Gap", "PreGap", *_DEEDS}
)
_SEARCHES = ("SEARCH", "SEARCHES", "REMEMBER_SEARCHING", "ONE_SEARCH", "SEARCHED_THING")
SPEAKING = frozenset(
    "TITLE DEED_TOLD RATING VALUE NAME COUNT LIKED_IT CONTEXT QUOTE WROTE RANK DATE DEED LIKED "
    "LIKE FOND FEELING FAVOURITE LEVEL HOW_WELL HOW_HIGH MOST STRONGEST ONLY NOT NUMBER BOTH "
    "ALL ALL3 DOES DOES_SO BETTER THAN_HISTORY HIGHER".split()
)
"""Classes whose words say something wherever they stand."""


def check_labels(
    rules: Rules, reader: type[Walker] | None = None, held: frozenset[str] = frozenset()
) -> None:
    """See to it that every node of the rules has a meaning.

    Parameters
    ----------
    rules : Rules
    reader : type, optional
        Whose methods say what nodes mean; :class:`Reader` if not given.
    held : set of str
        Nodes that only hold what another one says; those of :class:`Reader` if that reads.

    Raises
    ------
    ValueError
        One has none.
    """
    own = _STRUCTURE | _INSIDE if reader is None else held
    known = {n.removeprefix("_on_") for n in dir(reader or Reader) if n.startswith("_on_")}
    strange = set(rules.labels) - known - own
    if strange:
        raise ValueError(f"nodes without a meaning: {', '.join(sorted(strange))}")


def widest(trees: Sequence[Node]) -> list[Node]:
    """Leave out readings in which a reason is narrower than it can be.

    In "you did A, and you did B, so …" both are the reason, not B alone; in "because you did A,
    you did B and you did C" all three are, not A alone with the others told beside it.
    """
    return _with_last_end(_with_first_start(trees))


def _with_first_start(trees: Sequence[Node]) -> list[Node]:
    starts = [min(map(start_of, nodes_of(tree, "CauseSo")), default=None) for tree in trees]
    first = min((start for start in starts if start is not None), default=None)
    return [tree for tree, start in zip(trees, starts, strict=True) if start in (None, first)]


def _with_last_end(trees: Sequence[Node]) -> list[Node]:
    ends = [max(map(end_of, nodes_of(tree, "Cause")), default=None) for tree in trees]
    last = max((end for end in ends if end is not None), default=None)
    return [tree for tree, end in zip(trees, ends, strict=True) if end in (None, last)]


class Reader(DeedReader, AttributeReader, EveryoneReader):
    """Reads the trees of one sentence."""

    def read(self, tree: Node) -> Said:
        """What one reading asserts."""
        self._taken.clear()
        assertions = list(self._below(tree))
        left = [leaf for leaf in leaves_of(tree) if leaf.kind in SPEAKING]
        assertions += [
            unclear(self._tokens[leaf.at].text) for leaf in left if leaf.at not in self._taken
        ]
        mentions = Mentions(tuple(id for _, id in self._mentions))
        return Said(tuple(dict.fromkeys(assertions)), mentions, causes_in(assertions))

    # --- the reason

    def _on_Because(self, node: Node) -> Iterator[Assertion]:
        causes: list[str] = []
        for child in node.children:
            if isinstance(child, Node):
                inside = list(self._node(child))
                yield from inside
                if child.label in _CAUSES:
                    causes.extend(causes_in(inside))
                    causes.extend(self._named(child))
        ids = tuple(dict.fromkeys(causes))
        yield Assertion("because", ids)
        yield from self._strength(node, ids)

    def _strength(self, node: Node, ids: tuple[str, ...]) -> Iterator[Assertion]:
        for label, kind in (("Only", "only"), ("Most", "most")):
            for each in node.all(label):
                self._take(each, "ONLY", "MOST", "STRONGEST")
                yield Assertion(kind, ids)

    def _named(self, node: Node) -> list[str]:
        """What is named without anything being said of it; ``?`` for what is not clear."""
        found: list[str] = []
        for child in node.all(*THINGS):
            found.extend(self._ids(child) or ("?",))
        return found

    def _on_Earlier(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        yield Assertion("because", ("<",))
        yield from self._strength(node, ("<",))

    def _on_Concession(self, node: Node) -> Iterator[Assertion]:
        """Although the one, the other."""
        conceded, told = (tuple(self._node(child)) for child in node.all("Side"))
        yield from (*conceded, *told, Assertion("contrast", sides=(conceded, told)))

    def _on_Suggest(self, node: Node) -> Iterator[Assertion]:
        self._take(node, "LIKE")
        yield from self._below(node)
        yield Assertion("suggested", (ITEM,))

    # --- weight, ranks, everyone, now, the reader's own words

    def _weighed(self, node: Node, kind: str) -> Iterator[Assertion]:
        inside = list(self._below(node))
        yield from inside
        for each in (node, *node.all("Most")):
            self._take(each, "MOST", "STRONGEST", "HIGHER")
        ids = [*causes_in(inside), *self._named(node)]
        yield Assertion(kind, tuple(dict.fromkeys(ids)))

    def _on_WeighedMost(self, node: Node) -> Iterator[Assertion]:
        yield from self._weighed(node, "most")

    def _on_Among(self, node: Node) -> Iterator[Assertion]:
        """Of the three: there have to be so many."""
        for child in node.all("They"):
            if not self._ids(child):
                yield unclear(self._words(child))

    def _on_Adds(self, node: Node) -> Iterator[Assertion]:
        yield from self._weighed(node, "adds")

    def _on_Against(self, node: Node) -> Iterator[Assertion]:
        yield from self._weighed(node, "against")

    def _on_Without(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        yield from self._things(node)
        self._negated(node)
        ids = self._history(node)
        ranks = tuple(self._names(leaf) for leaf in self._take(node, "RANK"))
        if ranks:
            order = "from_to" if node.leaves("FROM") else "to_from"
            yield Assertion("ranks", ids, ranks, order)
        for out in node.all("Out"):
            self._take(out, "NOT")
            yield Assertion("out", ids)

    def _on_Now(self, node: Node) -> Iterator[Assertion]:
        for leaf in self._take(node, "CONTEXT"):
            yield Assertion("now", (self._evidence(leaf),), (self._names(leaf),))

    def _on_Wrote(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        about = tuple((id,) for id in self._history(node))
        for leaf in self._take(node, "QUOTE", "WROTE"):
            kind = "searched" if node.leaves(*_SEARCHES) else "wrote"
            kind = "told" if leaf.kind == "WROTE" else kind
            yield Assertion(kind, (self._evidence(leaf),), (self._names(leaf), *about))

    _on_Quote = _on_Wrote


def causes_in(assertions: Iterable[Assertion]) -> tuple[str, ...]:
    """What assertions would give as the reason, if they stood after "because".

    Ids of evidence; for an attribute's value ``=`` and the slots that show it.
    """
    found: list[str] = []
    for said in assertions:
        if said.kind in ("has", "shares"):
            values = [names for names in said.slots if not names[0].endswith(".name")]
            found.extend("=" + "|".join(names) for names in values or [("?",)])
        elif said.kind not in ("suggested", "because", "only", "most", "unclear"):
            found.extend(said.about)
    return tuple(dict.fromkeys(found))
