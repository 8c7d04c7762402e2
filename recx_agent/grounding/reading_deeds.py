"""What the nodes about a person's own history mean: deeds, ratings, feelings, titles."""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.grounding.assertions import Assertion
from recx_agent.grounding.parser import Leaf, Node
from recx_agent.grounding.walking import Walker


class DeedReader(Walker):
    """Reads what was done with history items, and how they were liked."""

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
