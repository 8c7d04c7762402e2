"""How a tree is walked, and who its pronouns and titles stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recx_agent.grounding.assertions import ITEM, Assertion, Mentions
from recx_agent.grounding.parser import Leaf, Node, Tree
from recx_agent.grounding.pronouns import plural, singular
from recx_agent.grounding.tokens import Token
from recx_agent.protocols import Slot

_TITLED = frozenset({"TITLE", "DEED_TOLD"})
THINGS = frozenset({"Titles", "It", "They"})
"""Nodes that stand for history items; in a few places "it" is the item."""


@dataclass(frozen=True)
class Said:
    """What a sentence asserts, who it mentions, what it could be a reason by."""

    assertions: tuple[Assertion, ...]
    mentions: Mentions
    causes: tuple[str, ...] = ()


class Walker:
    """Walks the trees of one sentence; a node's meaning is its method ``_on_<label>``.

    Parameters
    ----------
    tokens : sequence of Token
        Of the sentence, as the parser had them.
    slots : mapping of str to Slot
    earlier : Said or None
        What the sentence before said.
    after_all : set of int
        Places before which a word stood that asks for more than one (都).
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        slots: Mapping[str, Slot],
        earlier: Said | None,
        after_all: frozenset[int] = frozenset(),
    ) -> None:
        self._tokens = tokens
        self._slots = slots
        self._last = earlier.mentions if earlier else Mentions()
        self._before = earlier.assertions if earlier else ()
        self._mentions = list(_mentions(tokens, slots))
        self._after_all = after_all
        self._taken: set[int] = set()
        self._it: tuple[str, ...] = ()

    # --- walking

    def _below(self, node: Node) -> Iterator[Assertion]:
        """What the nodes below say, and that those beside a word of contrast do contrast."""
        said: tuple[Assertion, ...] | None = None
        kind = ""
        for child in node.children:
            if isinstance(child, Leaf):
                kind = _contrast(child, said is None) or kind
                continue
            inside = tuple(self._node(child))
            yield from inside
            if kind:
                before = self._before if said is None else said
                yield Assertion(kind, sides=(before, inside))
            said, kind = inside, ""

    def _node(self, node: Node) -> Iterator[Assertion]:
        handler: Callable[[Node], Iterator[Assertion]] | None
        handler = getattr(self, f"_on_{node.label}", None)
        yield from handler(node) if handler else self._below(node)

    def _take(self, node: Node, *kinds: str) -> list[Leaf]:
        """The leaves right below a node that an assertion takes up."""
        found = node.leaves(*kinds)
        self._taken.update(leaf.at for leaf in found)
        return found

    def _negated(self, node: Node) -> bool:
        inside = node.all("Not")
        for each in inside:
            self._take(each, "NOT")
        return bool(inside)

    # --- who is meant

    def _names(self, leaf: Leaf) -> tuple[str, ...]:
        return self._tokens[leaf.at].slots

    def _evidence(self, leaf: Leaf) -> str:
        return self._slots[self._names(leaf)[0]].evidence or ITEM

    def _ids(
        self, node: Node, *, of_history: bool = True, others: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Who a thing stands for."""
        before = self._mentioned_before(node)
        match node.label:
            case "Titles":
                return tuple(self._evidence(leaf) for leaf in self._take(node, "TITLE"))
            case "ItemName":
                return (ITEM,)
            case "It" if self._it:
                return self._it
            case "It":
                return singular(before, self._last, of_history=of_history, others=others)
            case _:
                count = self._count(node)
                return plural(before, self._last, count, of_history=of_history, others=others)

    def _count(self, node: Node) -> int | None:
        """How many a plural says there are; ``None`` if it does not."""
        self._take(node, "ALL")
        for count, kind in ((2, "BOTH"), (3, "ALL3")):
            if self._take(node, kind):
                return count
        numbers = [leaf.value for leaf in self._take(node, "NUMBER")]
        if not numbers:
            return None
        return int(numbers[0]) if numbers[0].isdigit() else 0

    def _of_several(self, node: Node) -> bool:
        """Whether it says "all" of what it is about."""
        return any(leaf.at in self._after_all for leaf in leaves_of(node))

    def _unnamed(self, node: Node) -> tuple[str, ...]:
        """Whose attribute it is where that is not named, or named "it" alone."""
        before = self._mentioned_before(node)
        if self._of_several(node):
            return plural(before, self._last, None, of_history=False)
        return singular(before, self._last, of_history=False)

    def _spoken_of(self, node: Node) -> tuple[str, ...]:
        """The history items named before in the sentence, else in the one before."""
        return self._mentioned_before(node).history or self._last.history

    def _mentioned_before(self, node: Node) -> Mentions:
        return Mentions(tuple(id for place, id in self._mentions if place < start_of(node)))

    def _history(self, node: Node) -> tuple[str, ...]:
        """The history items that stand right below a node."""
        return tuple(dict.fromkeys(id for each in node.all(*THINGS) for id in self._ids(each)))

    def _things(self, node: Node) -> Iterator[Assertion]:
        """That the things below a node are clear, and what is said beside them."""
        for child in node.all(*THINGS):
            if not self._ids(child):
                yield unclear(self._words(child))
            yield from self._node(child)

    def _words(self, node: Node) -> str:
        return " ".join(self._tokens[leaf.at].text for leaf in leaves_of(node))


def _contrast(leaf: Leaf, first: bool) -> str:
    """What a leaf says of the statements on its sides; nothing if it is no word of contrast."""
    if leaf.kind in ("BUT", "CONCEDE"):
        return "opposed" if first else "contrast"
    return "opposed" if leaf.kind == "OPENING" and leaf.value == "contrast" else ""


def _mentions(tokens: Sequence[Token], slots: Mapping[str, Slot]) -> Iterator[tuple[int, str]]:
    """Places at which history items and the item are named."""
    for at, token in enumerate(tokens):
        if token.kinds & {"ITEM", "LIKED_IT"}:
            yield at, ITEM
        elif token.kinds & _TITLED:
            yield at, slots[token.slots[0]].evidence or ITEM


def unclear(words: str) -> Assertion:
    """That it cannot be told what words stand for."""
    return Assertion("unclear", value=words)


def leaves_of(tree: Tree) -> Iterator[Leaf]:
    """All leaves, in order."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for child in tree.children:
            yield from leaves_of(child)


def nodes_of(tree: Tree, label: str) -> Iterator[Node]:
    """All nodes of a label, in order."""
    if isinstance(tree, Node):
        if tree.label == label:
            yield tree
        for child in tree.children:
            yield from nodes_of(child, label)


def start_of(node: Node) -> int:
    """Place of the first token."""
    return next((leaf.at for leaf in leaves_of(node)), 0)


def end_of(node: Node) -> int:
    """Place of the last token."""
    return max((leaf.at for leaf in leaves_of(node)), default=0)
