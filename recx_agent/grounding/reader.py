"""From a tree to assertions: what the nodes of the rules mean.

The rules of every language make the same nodes, so this is the same for all of them. A node
that has no meaning here is an error of the rules (`check_labels`); a word that says something
and that no assertion has taken up makes the sentence unclear, so nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from recx_agent.grounding.assertions import ITEM, Assertion, Mentions
from recx_agent.grounding.parser import Leaf, Node
from recx_agent.grounding.rules import Rules
from recx_agent.grounding.walking import (
    THINGS,
    Said,
    Walker,
    leaves_of,
    nodes_of,
    start_of,
    unclear,
)

_CAUSES = frozenset({"Cause", "CauseSo", "CauseIf", "CauseThing"})
_DEEDS = frozenset({"GapDeed", "GapRated", "GapFelt", "GapAlone"})
_STRUCTURE = frozenset({"Sentence", "Suggested", "Values", "VNoun", "Item", "ItemName", *_CAUSES})
_INSIDE = frozenset(
    {"Both", "Bracket", "Not", "Only", "Most", "Out", "It", "They", "Gap", "PreGap", *_DEEDS}
)
SPEAKING = frozenset(
    "TITLE DEED_TOLD RATING VALUE NAME COUNT LIKED_IT CONTEXT QUOTE WROTE RANK DATE DEED LIKED "
    "LIKE FOND FEELING FAVOURITE LEVEL HOW_WELL HOW_HIGH MOST STRONGEST ONLY NOT NUMBER BOTH "
    "ALL ALL3".split()
)
"""Classes whose words say something wherever they stand."""


def check_labels(rules: Rules) -> None:
    """See to it that every node of the rules has a meaning.

    Raises
    ------
    ValueError
        One has none.
    """
    known = {name.removeprefix("_on_") for name in dir(Reader) if name.startswith("_on_")}
    strange = set(rules.labels) - known - _STRUCTURE - _INSIDE
    if strange:
        raise ValueError(f"nodes without a meaning: {', '.join(sorted(strange))}")


def widest(trees: Sequence[Node]) -> list[Node]:
    """Leave out readings in which "so" goes back to less than it can.

    In "you did A, and you did B, so …" both are the reason, not B alone.
    """
    starts = [min(map(start_of, nodes_of(tree, "CauseSo")), default=None) for tree in trees]
    first = min((start for start in starts if start is not None), default=None)
    return [tree for tree, start in zip(trees, starts, strict=True) if start in (None, first)]


class Reader(Walker):
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

    # --- what was done

    def _on_Told(self, node: Node) -> Iterator[Assertion]:
        for leaf in self._take(node, "DEED_TOLD"):
            yield Assertion("told", (self._evidence(leaf),), (self._names(leaf),))

    def _on_Deed(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        yield from self._deed(node, self._history(node))

    def _deed(self, node: Node, ids: tuple[str, ...]) -> Iterator[Assertion]:
        for leaf in self._take(node, "DEED"):
            yield Assertion("deed", ids, value=leaf.value)

    def _on_Rated(self, node: Node) -> Iterator[Assertion]:
        self._take(node, "BOTH")
        yield from self._things(node)
        yield from self._rating(node, self._history(node))

    _on_HRated = _on_RatingOf = _on_Given = _on_RatedAs = _on_Rated

    def _rating(self, node: Node, ids: tuple[str, ...]) -> Iterator[Assertion]:
        """That things were rated, what the rating was, how high it was."""
        yield Assertion("deed", ids, value="rate")
        for leaf in self._take(node, "RATING"):
            yield Assertion("rated", ids, (self._names(leaf),))
        negated = self._negated(node)
        for leaf in self._take(node, "LEVEL", "HOW_WELL", "HOW_HIGH"):
            yield Assertion("level", ids, value=leaf.value, negated=negated)

    def _on_Felt(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        yield from self._feeling(node, self._history(node))

    _on_FondOf = _on_Felt

    def _feeling(self, node: Node, ids: tuple[str, ...]) -> Iterator[Assertion]:
        negated = self._negated(node)
        for leaf in self._take(node, "LIKED", "LIKE", "FOND", "FEELING"):
            yield Assertion("felt", ids, value=leaf.value, negated=negated)

    def _on_HFavourite(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        self._take(node, "FAVOURITE", "NUMBER")
        yield Assertion("favourite", self._history(node))

    _on_FavouriteOf = _on_HFavourite

    def _on_HistoryOf(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        yield Assertion("in_history", self._history(node))

    def _on_HGap(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        for gap in node.all("Gap"):
            yield from self._gap(gap, self._history(node))

    def _on_Titles(self, node: Node) -> Iterator[Assertion]:
        """Titles, with what is said of each in a relative clause or in brackets."""
        last: tuple[str, ...] = ()
        every: list[str] = []
        ahead: Node | None = None
        self._take(node, "BOTH")
        for child in node.children:
            if isinstance(child, Leaf):
                if child.kind == "TITLE":
                    last = (self._evidence(child),)
                    every.extend(last)
                    if ahead is not None:  # of "the A and B you liked" it is both
                        yield from self._gap(ahead, last)
            elif child.label == "PreGap":
                ahead = child
            elif child.label == "GapAlone":
                yield from self._rating(child, last)
            elif child.label == "Gap":
                of_all = self._take(child, "BOTH", "ALL")
                yield from self._gap(child, tuple(every) if of_all else last)
            elif child.label == "Bracket":  # of "A (you liked it)" it is the first
                self._it = last
                yield from self._below(child)
                self._it = ()

    def _gap(self, node: Node, ids: tuple[str, ...]) -> Iterator[Assertion]:
        for child in node.children:
            if not isinstance(child, Node):
                continue
            match child.label:
                case "GapDeed":
                    yield from self._deed(child, ids)
                case "GapFelt":
                    yield from self._feeling(child, ids)
                case "GapRated" | "GapAlone":
                    yield from self._rating(child, ids)
                case _:
                    yield from self._node(child)

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

    def _on_Suggest(self, node: Node) -> Iterator[Assertion]:
        self._take(node, "LIKE")
        yield from self._below(node)
        yield Assertion("suggested", (ITEM,))

    # --- attributes

    def _attribute(self, node: Node) -> tuple[tuple[str, ...], ...]:
        return tuple(self._names(leaf) for leaf in self._take(node, "NAME", "VALUE"))

    def _on_AttrNp(self, node: Node) -> Iterator[Assertion]:
        yield Assertion("has", (ITEM,), self._attribute(node))

    def _on_Has(self, node: Node) -> Iterator[Assertion]:
        yield from self._members(node, "has")

    def _on_Share(self, node: Node) -> Iterator[Assertion]:
        yield from self._members(node, "shares")

    def _on_Elided(self, node: Node) -> Iterator[Assertion]:
        """What is said of the item without naming it: "… and shares …"."""
        yield from self._members(node, "has" if not node.all(*THINGS) else "shares", (ITEM,))

    def _on_Apposition(self, node: Node) -> Iterator[Assertion]:
        if node.all("Elided"):
            yield from self._below(node)
        else:
            yield from self._on_Elided(node)

    def _on_AttributeIs(self, node: Node) -> Iterator[Assertion]:
        if node.all("Both", "ItemName", *THINGS):
            yield from self._members(node, "has")
            return
        ids = self._unnamed(node)
        if not ids:
            yield unclear(self._words(node))
        yield Assertion("has", ids, self._attribute(node))

    def _members(self, node: Node, kind: str, given: tuple[str, ...] = ()) -> Iterator[Assertion]:
        """That members have values; pronouns stand for what is not named beside them."""
        things = [node, *node.all("Both")]
        for each in things:
            self._take(each, "BOTH", "ALL")
        named = [*given]
        for child in (child for each in things for child in each.all("Titles", "ItemName")):
            named.extend(self._ids(child))
            yield from self._node(child)
        ids = [*named]
        # "They" first: what they are, "it" beside them is not.
        for label in ("They", "It"):
            for child in (child for each in things for child in each.all(label)):
                meant = self._ids(child, of_history=False, others=ids)
                if not meant:
                    yield unclear(self._words(child))
                ids.extend(meant)
        if kind == "shares" and ids == [ITEM]:  # with what was spoken of
            ids.extend(self._spoken_of(node))
        groups = [self._attribute(node)]
        for child in node.all("Values", "VNoun"):
            groups.append(self._attribute(child))
            self._take(child, "ALL")
            if self._take(child, "BOTH") and len(set(ids)) != 2:
                yield unclear(self._words(node))
        if len(set(ids)) < 2 and self._of_several(node):
            yield unclear(self._words(node))
        about = tuple(dict.fromkeys(ids))
        for group in [group for group in groups if group] or [()]:
            yield Assertion(kind, about, group)

    # --- weight, ranks, everyone, now, the reader's own words

    def _weighed(self, node: Node, kind: str) -> Iterator[Assertion]:
        inside = list(self._below(node))
        yield from inside
        for each in (node, *node.all("Most")):
            self._take(each, "MOST", "STRONGEST")
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

    def _on_Users(self, node: Node) -> Iterator[Assertion]:
        """How many did what with the item, which has to be clear where it is not named."""
        leaves = self._take(node, "COUNT", "LIKED_IT")
        before = [id for place, id in self._mentions if place < start_of(node)]
        named = any(self._names_item(leaf) for leaf in leaves)
        clear = named or (before[-1] == ITEM if before else not self._last.history)
        if not clear:
            yield unclear(self._words(node))
        yield Assertion("users", (self._evidence(leaves[0]),), tuple(map(self._names, leaves)))

    def _names_item(self, leaf: Leaf) -> bool:
        item = self._slots.get("ITEM")
        return item is not None and item.text in self._slots[self._names(leaf)[0]].text

    def _on_Wrote(self, node: Node) -> Iterator[Assertion]:
        yield from self._things(node)
        about = tuple((id,) for id in self._history(node))
        for leaf in self._take(node, "QUOTE", "WROTE"):
            kind = "searched" if node.leaves("SEARCH") else "wrote"
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
