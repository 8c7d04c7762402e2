"""From a tree to assertions, for comparisons, what-ifs and profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from recx_agent.grounding.assertions import Assertion, Mentions
from recx_agent.grounding.parser import Leaf, Node
from recx_agent.grounding.tokens import Token, kind_of
from recx_agent.grounding.walking import Said, Walker, leaves_of, unclear
from recx_agent.protocols import Slot

_SPEAKING = frozenset(
    "ENTRY TITLE DEED_TOLD RATING VALUE NAME COUNT RANK CHANGE TOP STANDING NOT NEVER ONLY MOST "
    "NUMBER".split()
)
"""Classes whose words say something wherever they stand."""

HELD = frozenset({"Sentence", "Cause", "Told", "Things", "Values", "Ways", "Into", "Elided"})
"""Nodes that only hold what another one says."""


_OUTCOMES = frozenset({"leaves", "enters", "gone", "moves", "replaced"})
"""What would be so after a change: the change has to be told first."""


class TaskReader(Walker):
    """Reads the trees of one sentence; for the parameters see :class:`Walker`."""

    def __init__(
        self,
        tokens: Sequence[Token],
        slots: Mapping[str, Slot],
        earlier: Said | None,
        after_all: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(tokens, slots, earlier, after_all)
        self._premises = [] if earlier is None else [id for id in earlier.causes if id[0] == "W"]

    def read(self, tree: Node) -> Said:
        """What one reading asserts."""
        self._taken.clear()
        assertions = list(self._below(tree))
        premises = [id for one in assertions if one.kind == "premise" for id in one.about]
        premises = premises or self._premises
        if not premises and any(one.kind in _OUTCOMES for one in assertions):
            assertions.append(Assertion("no_premise"))
        left = [leaf for leaf in leaves_of(tree) if leaf.kind in _SPEAKING]
        assertions += [
            unclear(self._tokens[leaf.at].text) for leaf in left if leaf.at not in self._taken
        ]
        return Said(tuple(dict.fromkeys(assertions)), Mentions(), tuple(premises))

    def _id(self, leaf: Leaf) -> str:
        """Evidence of a leaf; of slots with the same words the one that is of its kind."""
        return self._slots[self._own(leaf)[0]].evidence or ""

    def _own(self, leaf: Leaf) -> tuple[str, ...]:
        """The names of the slots that a leaf may stand for."""
        names = self._tokens[leaf.at].slots
        return tuple(name for name in names if kind_of(self._slots[name]) == leaf.kind)

    def _all(self, node: Node, *kinds: str) -> tuple[str, ...]:
        return tuple(self._id(leaf) for leaf in self._take(node, *kinds))

    # --- what is told in any of them

    def _on_Told(self, node: Node) -> Iterator[Assertion]:
        for leaf in self._take(node, "DEED_TOLD"):
            yield Assertion("told", (self._id(leaf),), (self._own(leaf),))

    def _things(self, node: Node) -> Iterator[Assertion]:
        """Attributes named beside their names: each has to be called so."""
        name: Leaf | None = None
        for leaf in self._take(node, "NAME", "VALUE", "TITLE", "STANDING"):
            if leaf.kind == "VALUE" and name is not None:
                yield Assertion("called", (self._id(leaf),), (self._own(name), self._own(leaf)))
            name = leaf if leaf.kind == "NAME" else None
        if name is not None:
            yield unclear(self._tokens[name.at].text)

    _on_Things = _on_Values = _things

    def _causes(self, node: Node) -> tuple[str, ...]:
        """Everything that could be a cause below a node, in order."""
        found = [
            self._id(leaf)
            for leaf in leaves_of(node)
            if leaf.kind in ("TITLE", "DEED_TOLD", "VALUE", "STANDING")
        ]
        return tuple(dict.fromkeys(found))

    # --- comparisons

    def _pair(self, node: Node, kind: str, *, swapped: bool = False) -> Iterator[Assertion]:
        ids = self._all(node, "ENTRY")
        yield Assertion(kind, ids[::-1] if swapped else ids)

    def _on_Above(self, node: Node) -> Iterator[Assertion]:
        yield from self._pair(node, "above")

    def _on_Below(self, node: Node) -> Iterator[Assertion]:
        yield from self._pair(node, "above", swapped=True)

    def _on_Higher(self, node: Node) -> Iterator[Assertion]:
        yield from self._pair(node, "higher")

    def _on_Lower(self, node: Node) -> Iterator[Assertion]:
        yield from self._pair(node, "higher", swapped=True)

    def _on_Places(self, node: Node) -> Iterator[Assertion]:
        entries = self._all(node, "ENTRY")
        for id, rank in zip(entries, self._take(node, "RANK"), strict=True):
            yield Assertion("at", (id,), (self._own(rank),))

    def _on_Puts(self, node: Node) -> Iterator[Assertion]:
        ids = self._all(node, "ENTRY")
        yield Assertion("above" if len(ids) == 2 else "first", ids)

    def _on_More(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        ids = self._all(node, "ENTRY")
        less = bool(node.leaves("ADDS_LESS", "LESS"))
        more, fewer = ids[::-1] if less else ids
        yield Assertion("more", self._causes(node), value=f"{more}>{fewer}")

    def _on_Favours(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        ids = self._all(node, "ENTRY")
        yield Assertion("favours", self._causes(node), value=">".join(ids))

    def _on_Because(self, node: Node) -> Iterator[Assertion]:
        causes: list[str] = []
        for child in node.children:
            if isinstance(child, Node):
                yield from self._node(child)
                if child.label == "Cause":
                    causes.extend(self._causes(child))
        yield Assertion("because", tuple(dict.fromkeys(causes)))

    # --- what-ifs

    def _on_Premise(self, node: Node) -> Iterator[Assertion]:
        yield Assertion("premise", self._all(node, "CHANGE"))

    def _outcome(self, node: Node, kind: str) -> Iterator[Assertion]:
        ids = self._all(node, "ENTRY")
        self._take(node, "TOP")
        yield Assertion(kind, ids)
        for each in (node, *node.all("Ways")):
            yield from self._ranks(each, ids)
        for into in node.all("Into"):
            self._take(into, "TOP")
            yield Assertion("enters" if into.leaves("ENTER") else "leaves", ids)

    def _on_Leaves(self, node: Node) -> Iterator[Assertion]:
        yield from self._outcome(node, "leaves")

    def _on_Enters(self, node: Node) -> Iterator[Assertion]:
        yield from self._outcome(node, "enters")

    def _on_Gone(self, node: Node) -> Iterator[Assertion]:
        yield from self._outcome(node, "gone")

    def _on_Moves(self, node: Node) -> Iterator[Assertion]:
        yield from self._outcome(node, "moves")

    def _ranks(self, node: Node, ids: Sequence[str]) -> Iterator[Assertion]:
        """Ranks of an item by what they are said to be: before (``from``) or after (``to``)."""
        way = ""
        for child in node.children:
            if not isinstance(child, Leaf):
                continue
            match child.kind:
                case "FROM" | "INSTEAD":
                    way = "from"
                case "TO" | "STAND" | "RISE" | "FALL" | "GO" | "RISING" | "FALLING" | "GOING":
                    way = "to"
                case "RANK":
                    self._take(node, "RANK")
                    yield Assertion(way, tuple(ids), (self._own(child),))
            if child.kind in ("RISE", "RISING", "FALL", "FALLING"):
                up = child.kind in ("RISE", "RISING")
                yield Assertion("way", tuple(ids), value="up" if up else "down")

    def _on_Replaced(self, node: Node) -> Iterator[Assertion]:
        yield Assertion("replaced", self._all(node, "COUNT"))

    # --- profiles

    def _on_Leans(self, node: Node) -> Iterator[Assertion]:
        yield from self._leaning(node, "leans")
        for each in node.all("Elided"):
            yield from self._leaning(each, "away")

    def _on_Away(self, node: Node) -> Iterator[Assertion]:
        yield from self._leaning(node, "away")

    def _leaning(self, node: Node, kind: str) -> Iterator[Assertion]:
        for values in node.all("Values"):
            yield from self._things(values)
            yield Assertion(kind, self._causes(values))

    def _on_WeighsMost(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        self._take(node, "MOST")
        yield Assertion("weighs_most", self._causes(node))

    def _on_Counts(self, node: Node) -> Iterator[Assertion]:
        yield from self._below(node)
        yield Assertion("counts", self._causes(node))

    def _on_SoMany(self, node: Node) -> Iterator[Assertion]:
        yield Assertion("so_many", self._all(node, "COUNT"))
