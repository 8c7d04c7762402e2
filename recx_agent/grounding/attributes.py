"""Attributes: who has which values, held against facts and the catalogue's own lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recx_agent.grounding.assertions import ITEM, Assertion
from recx_agent.protocols import Plan, Slot

Problem = tuple[str, str]
"""Kind of a violation, and what was wrong."""


class Attributes:
    """What a plan carries about attributes.

    Parameters
    ----------
    plan : Plan
    slots : mapping of str to Slot
    """

    def __init__(self, plan: Plan, slots: Mapping[str, Slot]) -> None:
        self._plan = plan
        self._slots = slots
        self.evidence = plan.evidence

    def has(self, said: Assertion) -> Problem | None:
        """Whether all it is about have the values."""
        return self._has(said, said.about)

    def shares(self, said: Assertion) -> Problem | None:
        """The same, of at least two."""
        if len(said.about) < 2:
            return "unsupported_content", "it is not clear what it is shared with"
        return self._has(said, said.about)

    def _has(self, said: Assertion, members: Sequence[str]) -> Problem | None:
        """Values have to be those of all members, and what stands beside them their name.

        A name goes with the value after it, or with the one before it where none follows.
        """
        if not any(self._role(names) == "value" for names in said.slots):
            return self._same(said.slots, members)
        if not members:
            return "unsupported_content", "it is not clear what has this"
        for at, names in enumerate(said.slots):
            if self._role(names) == "value":
                if not self._of_all(names, members):
                    text, whom = self._slots[names[0]].text, ", ".join(members)
                    return "unsupported_content", f"'{text}' is not so of all of {whom}"
                continue
            beside = [*said.slots[at + 1 : at + 2], *said.slots[max(at - 1, 0) : at]]
            of = next((value for value in beside if self._role(value) == "value"), ())
            if not self._called(names) & self._of_all(of, members):
                return "unsupported_content", f"'{self._slots[names[0]].text}' is not its name"
        return None

    def _of_all(self, names: Sequence[str], members: Sequence[str]) -> set[str]:
        """The attributes that a value is of, all members having it."""
        found = [self._value(name) for name in names]
        return {
            name for name, values in found if all(self._carried(id, name, values) for id in members)
        }

    def _same(self, labels: Sequence[tuple[str, ...]], members: Sequence[str]) -> Problem | None:
        """That members have an attribute in common, of which only the name is told."""
        for claim in self._plan.claims:
            if claim.kind != "in_common" or len(members) < 2:
                continue
            wanted = {claim.values["name"]}
            covered = all(
                self._carried(id, claim.values["name"], [claim.values["value"]]) for id in members
            )
            if covered and len(labels) == 1 and self._called(labels[0]) & wanted:
                return None
        return "unsupported_content", "it is not said what they have in common"

    def _role(self, names: Sequence[str]) -> str:
        return self._slots[names[0]].role

    def _called(self, names: Sequence[str]) -> set[str]:
        """The attributes that a name placeholder may be that of."""
        return {
            self._value(name.removesuffix(".name"))[0] for name in names if name.endswith(".name")
        }

    def _value(self, name: str) -> tuple[str, list[str]]:
        """Attribute and values that a value placeholder shows."""
        if name == "SHARED":
            for claim in self._plan.claims:
                if claim.kind == "in_common":
                    return claim.values["name"], [claim.values["value"]]
        slot = self._slots.get(name)
        piece = self.evidence.get((slot.evidence if slot else None) or "")
        if piece is None:
            return "", []
        fields = piece.fields
        return fields["name"], list(fields.get("values") or [fields.get("value")])

    def _carried(self, id: str, name: str, values: Sequence[object]) -> bool:
        """Whether the item or a history item has all these values."""
        if id == ITEM:
            own = [
                value
                for piece in self.evidence.values()
                if piece.id[:1] in "AF" and piece.fields.get("name") == name
                for value in piece.fields.get("values") or [piece.fields.get("value")]
            ]
        else:
            piece = self.evidence.get(id)
            own = list(piece.fields.get("attributes", {}).get(name, ())) if piece else []
        return bool(values) and {str(value) for value in values} <= {str(value) for value in own}
