"""What the nodes about everyone mean: how many did what, and how the item does with them."""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.grounding.assertions import ITEM, Assertion
from recx_agent.grounding.parser import Leaf, Node
from recx_agent.grounding.placeholders import one_mark
from recx_agent.grounding.walking import Walker, unclear

_RAISES = ("ADDS_TO", "ADDS_MORE", "ADDING", "ADDING_MORE", "RAISED_BY", "RAISED_TOO",
           "RAISED_MORE", "PART_OF", "MORE_OF")  # fmt: skip
_LOWERS = ("AGAINST", "COUNTING", "TAKES_OFF", "LOWERED_BY", "LOWERED_TOO", "LOWERS")
_COMPARED = ("DOES", "DOES_SO", "BETTER", "THAN_HISTORY")
_MORE = ("ADDS_MORE", "ADDING_MORE", "RAISED_MORE", "MORE_OF", "THAN_THESE")


class EveryoneReader(Walker):
    """Reads what is said of all users."""

    def _on_Users(self, node: Node) -> Iterator[Assertion]:
        """How many did what with the item, which has to be clear where it is not named."""
        leaves = self._take(node, "COUNT", "LIKED_IT")
        named = any(self._names_item(leaf) for leaf in leaves)
        if not named and self._unnamed(node) != (ITEM,):
            yield unclear(self._words(node))
        yield Assertion("users", (self._evidence(leaves[0]),), tuple(map(self._names, leaves)))

    def _names_item(self, leaf: Leaf) -> bool:
        """Whether the item is named there, and not only "it"."""
        item, token = self._slots.get("ITEM"), self._tokens[leaf.at]
        text = self._slots[token.slots[0]].text if token.text.startswith("{") else token.text
        return item is not None and one_mark(item.text) in one_mark(text)

    def _on_Everyone(self, node: Node) -> Iterator[Assertion]:
        """That the item does better or worse with everyone than the history alone suggests."""
        for child in node.all("It"):
            if self._ids(child, of_history=False) != (ITEM,):
                yield unclear(self._words(child))
        yield from self._below(node)
        ids = tuple(
            self._evidence(leaf) for users in node.all("Users") for leaf in users.leaves("COUNT")
        )
        ways = {leaf.value for leaf in self._take(node, *_COMPARED)}
        ways.discard("")
        # Without everyone it would be lower: so they raise it.
        turned = {"higher": "worse", "lower": "better"}
        ways |= {turned[leaf.value] for leaf in self._take(node, "HIGHER")}
        ways |= {"better"} if node.leaves(*_RAISES) else set()
        ways |= {"worse"} if node.leaves(*_LOWERS) else set()
        for way in sorted(ways):
            yield Assertion("everyone", ids, value=way)
        if node.leaves(*_MORE):
            yield Assertion("everyone_most", ids)
