"""What the nodes about attributes mean: who has which values, and what is shared."""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.grounding.assertions import ITEM, Assertion
from recx_agent.grounding.parser import Node
from recx_agent.grounding.walking import THINGS, Walker, unclear


class AttributeReader(Walker):
    """Reads attributes, their names, and who has them."""

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

    def _on_Entry(self, node: Node) -> Iterator[Assertion]:
        """What the catalogue says of the item, or of what is clear without a name."""
        named = node.all("ItemName", *THINGS)
        yield from self._members(node, "has", () if named else self._unnamed(node))

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
