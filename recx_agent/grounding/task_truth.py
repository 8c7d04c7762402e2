"""Assertions of comparisons, what-ifs and profiles, held against a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from recx_agent.grounding.assertions import Assertion
from recx_agent.grounding.attributes import Problem
from recx_agent.grounding.walking import Said
from recx_agent.protocols import Plan, Slot

_ABOUT = {
    "above": "ahead", "higher": "ahead", "at": "ahead", "first": "ahead",
    "replaced": "list_replaced", "leans": "leans_to", "away": "leans_away",
    "weighs_most": "weighs_now", "counts": "weighs_now", "so_many": "history_counts",
}  # fmt: skip
_OF_ITEMS = ("leaves", "enters", "gone", "moves")


class TaskTruth:
    """What a plan of these tasks allows to be said.

    Parameters
    ----------
    plan : Plan
    slots : mapping of str to Slot
    """

    def __init__(self, plan: Plan, slots: Mapping[str, Slot]) -> None:
        self._plan = plan
        self._slots = slots
        self.evidence = plan.evidence

    def problem(self, said: Assertion) -> Problem | None:
        """What is wrong with an assertion, if anything is."""
        check: Callable[[Assertion], Problem | None] = getattr(self, f"_is_{said.kind}")
        return check(said)

    def claims(self, said: Said) -> tuple[str, ...]:
        """The kinds of claims that a sentence tells."""
        return tuple(dict.fromkeys(self._claims(said)))

    def _claims(self, said: Said) -> Iterator[str]:
        for one in said.assertions:
            if one.kind == "because":
                yield "because_more"
            elif one.kind in ("more", "favours"):
                yield self._told_by(one)
            elif one.kind in (*_OF_ITEMS, "from", "to", "way"):
                yield from self._of_item(one.about)
            elif one.kind in _ABOUT:
                yield _ABOUT[one.kind]

    def _told_by(self, said: Assertion) -> str:
        """The claim that a comparison of terms tells: the reason only where it is enough of one."""
        ids = frozenset(said.about)
        if any(id[0] == "E" for id in ids):
            return "everyone_more"
        for claim in self._plan.claims:
            group = frozenset(claim.evidence[2:])
            if ids <= group and claim.evidence[:1] == (said.value.partition(">")[0],):
                if claim.kind == "because_more" and (ids == group or self._enough(ids)):
                    return claim.kind
                if claim.kind == "more_for_other":
                    return claim.kind
        return "more"

    def _of_item(self, ids: Sequence[str]) -> list[str]:
        return [
            claim.kind
            for claim in self._plan.claims
            if claim.kind in _OF_ITEMS and set(ids) & set(claim.evidence)
        ]

    # --- any of them

    def _is_told(self, said: Assertion) -> Problem | None:
        return None

    def _is_unclear(self, said: Assertion) -> Problem | None:
        return "unsupported_content", f"it is not clear what '{said.value}' stands for"

    def _is_called(self, said: Assertion) -> Problem | None:
        """That a value stands beside the name of its own attribute."""
        names, values = said.slots
        if {name.removesuffix(".name") for name in names} & set(values):
            return None
        called = {self._slots[name].text for name in names}
        own = {self._slots[f"{v}.name"].text for v in values if f"{v}.name" in self._slots}
        if called & own:
            return None
        return "unsupported_content", f"'{self._slots[names[0]].text}' is not its name"

    # --- comparisons

    def _is_above(self, said: Assertion) -> Problem | None:
        ranks = [self._field(id, "rank") for id in said.about]
        if None in ranks:
            return "unsupported_content", "one of the two has no rank"
        return self._is_higher(said)

    def _is_higher(self, said: Assertion) -> Problem | None:
        if len(said.about) == 2:
            first, second = (self._field(id, "score") for id in said.about)
            if first is not None and second is not None and first > second:
                return None
        return "polarity_mismatch", f"{' is not ahead of '.join(said.about)}"

    def _is_first(self, said: Assertion) -> Problem | None:
        for claim in self._plan.claims:
            if claim.kind == "ahead" and claim.evidence[:1] == said.about:
                return None
        return "polarity_mismatch", f"{', '.join(said.about)} is not the one that is ahead"

    def _is_at(self, said: Assertion) -> Problem | None:
        return self._shows(said, "rank")

    def _shows(self, said: Assertion, part: str) -> Problem | None:
        """That a rank is this one of this item; another placeholder may have the same words."""
        (names,), (id,) = said.slots, said.about
        wanted = self._slots.get(f"{id}.{part}")
        if wanted is not None and any(self._slots[name].text == wanted.text for name in names):
            return None
        return "foreign_number", f"'{self._slots[names[0]].text}' is not that rank of {id}"

    def _is_more(self, said: Assertion) -> Problem | None:
        return self._differs(said, adds=True)

    def _is_favours(self, said: Assertion) -> Problem | None:
        return self._differs(said, adds=False)

    def _differs(self, said: Assertion, *, adds: bool) -> Problem | None:
        """That each term does more for one item than for the other, and that a claim tells it."""
        first, _, second = said.value.partition(">")
        second = second or next(iter({"I1", "I2"} - {first}), "")
        if not said.about or first == second:
            return "causal_overclaim", "it is not said what adds more, or to which of the two"
        for id in said.about:
            up, down = self._adds_to(id, first), self._adds_to(id, second)
            right = up is not None and down is not None and up > down and (up > 0 or not adds)
            if not right or not self._allowed(id, first, second):
                return "causal_overclaim", f"{id} does not add more to {first} than to {second}"
        return None

    def _adds_to(self, id: str, item: str) -> float | None:
        value = self._field(id, "to_ahead" if item == "I1" else "to_behind")
        return None if value is None else float(value)

    def _allowed(self, id: str, first: str, second: str) -> bool:
        return any(
            claim.evidence[:2] == (first, second) and id in claim.evidence[2:]
            for claim in self._plan.claims
            if claim.kind in ("because_more", "more_for_other", "everyone_more")
        )

    def _is_because(self, said: Assertion) -> Problem | None:
        group = frozenset(said.about)
        if not group:
            return "causal_overclaim", "no cause is named"
        for claim in self._plan.claims:
            own = frozenset(claim.evidence[2:])
            if claim.kind == "because_more" and group <= own:
                if group == own or self._enough(group):
                    return None
                return "causal_overclaim", f"{_listed(group)} alone is too little of the difference"
        return "causal_overclaim", f"{_listed(group)} may not be told as the reason"

    def _enough(self, group: frozenset[str]) -> bool:
        pieces = [self.evidence[id] for id in sorted(group)]
        view = "attribute" if pieces[0].id[0] == "A" else "history"
        total = self._plan.totals.get(view, 0.0)
        own = [piece.contribution or 0.0 for piece in pieces]
        return total > 0 and min(own) > 0 and sum(own) >= self._plan.min_share * total

    # --- what-ifs

    def _is_premise(self, said: Assertion) -> Problem | None:
        return None

    def _is_no_premise(self, said: Assertion) -> Problem | None:
        return "unsupported_content", "it is not said after which change that would be so"

    def _is_leaves(self, said: Assertion) -> Problem | None:
        return self._outcome(said, "leave the list")

    def _is_enters(self, said: Assertion) -> Problem | None:
        return self._outcome(said, "come into the list")

    def _is_gone(self, said: Assertion) -> Problem | None:
        return self._outcome(said, "be gone")

    def _outcome(self, said: Assertion, what: str) -> Problem | None:
        for id in said.about:
            if said.kind not in self._of_item([id]):
                return "polarity_mismatch", f"{id} would not {what}"
        return None

    def _is_moves(self, said: Assertion) -> Problem | None:
        for id in said.about:
            after = self._field(id, "rank_after")
            if after is None or after == self._field(id, "rank_before"):
                return "polarity_mismatch", f"{id} would not move"
        return None

    def _is_from(self, said: Assertion) -> Problem | None:
        return self._shows(said, "from")

    def _is_to(self, said: Assertion) -> Problem | None:
        return self._shows(said, "to")

    def _is_way(self, said: Assertion) -> Problem | None:
        for id in said.about:
            before, after = (self._field(id, f"rank_{when}") for when in ("before", "after"))
            if before is None or after is None or (after < before) != (said.value == "up"):
                return "polarity_mismatch", f"{id} would not go {said.value}"
        return None

    def _is_replaced(self, said: Assertion) -> Problem | None:
        return self._told_as(said, "list_replaced")

    # --- profiles

    def _is_leans(self, said: Assertion) -> Problem | None:
        return self._leaning(said, "leans_to", 1)

    def _is_away(self, said: Assertion) -> Problem | None:
        return self._leaning(said, "leans_away", -1)

    def _leaning(self, said: Assertion, kind: str, sign: int) -> Problem | None:
        for id in said.about:
            if (self._field(id, "leaning") or 0.0) * sign <= 0:
                return "polarity_mismatch", f"{id}: the history leans the other way"
        return self._told_as(said, kind)

    def _is_weighs_most(self, said: Assertion) -> Problem | None:
        for claim in self._plan.claims:
            if claim.kind != "weighs_now" or not claim.values.get("most"):
                continue
            own = [self._field(id, "weight") or 0.0 for id in said.about]
            rest = [self._field(id, "weight") or 0.0 for id in {*claim.evidence} - {*said.about}]
            if {*said.about} <= {*claim.evidence} and own and min(own) > max(rest, default=-1.0):
                return None
        return "causal_overclaim", f"it is not told that {_listed(said.about)} weigh most"

    def _is_counts(self, said: Assertion) -> Problem | None:
        return self._told_as(said, "weighs_now")

    def _is_so_many(self, said: Assertion) -> Problem | None:
        return self._told_as(said, "history_counts")

    def _told_as(self, said: Assertion, kind: str) -> Problem | None:
        told = {id for c in self._plan.claims if c.kind == kind for id in c.evidence}
        if said.about and {*said.about} <= told:
            return None
        return "unsupported_content", f"{_listed(said.about) or 'nothing'} is not told so"

    def _field(self, id: str, name: str) -> Any:
        piece = self.evidence.get(id)
        return None if piece is None else piece.fields.get(name)


def _listed(ids: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(ids))
