"""Assertions held against a plan: what its claims, evidence and totals carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from recx_agent.grounding.assertions import ITEM, Assertion
from recx_agent.grounding.attributes import Attributes, Problem
from recx_agent.grounding.contrasts import Contrasts
from recx_agent.grounding.events import SEARCHES, THUMBS, TYPES, event_key, events_of
from recx_agent.grounding.heights import carries
from recx_agent.protocols import Plan, Slot


class Truth:
    """What a plan allows to be said.

    Parameters
    ----------
    plan : Plan
    slots : mapping of str to Slot
    """

    def __init__(self, plan: Plan, slots: Mapping[str, Slot]) -> None:
        self._plan = plan
        self._slots = slots
        self.evidence = plan.evidence
        self._thumbs = str(plan.wording.get("scale_unit", "")).lower() in THUMBS
        attributes = Attributes(plan, slots)
        self._is_has, self._is_shares = attributes.has, attributes.shares
        contrasts = Contrasts(plan, self._cause)
        self._is_contrast, self._is_opposed = contrasts.between, contrasts.at_the_start
        self._groups = [
            frozenset(claim.evidence)
            for claim in plan.claims
            if claim.kind in ("because_history", "because_attr")
        ]

    def problem(self, said: Assertion) -> Problem | None:
        """What is wrong with an assertion, if anything is."""
        check: Callable[[Assertion], Problem | None] = getattr(self, f"_is_{said.kind}")
        return check(said)

    # --- what was done

    def _is_unclear(self, said: Assertion) -> Problem | None:
        return "unsupported_content", f"it is not clear what '{said.value}' stands for"

    def _is_told(self, said: Assertion) -> Problem | None:
        return None

    def _is_deed(self, said: Assertion) -> Problem | None:
        for id in said.about:
            if not self._done(id, said.value):
                return "polarity_mismatch", f"{id} is not something that was '{said.value}'"
        return self._named(said)

    def _named(self, said: Assertion) -> Problem | None:
        if not said.about or ITEM in said.about:
            return "unsupported_content", "it is not clear which item of the history is meant"
        return None

    def _done(self, id: str, deed: str) -> bool:
        types = {event_key(event.get("event_type")) for event in self._events(id)}
        if deed == "rate":
            return any(event.get("rating") is not None for event in self._events(id))
        return bool(types & TYPES[deed])

    def _is_in_history(self, said: Assertion) -> Problem | None:
        return self._named(said)

    def _is_rated(self, said: Assertion) -> Problem | None:
        (names,) = said.slots
        of = {self._slots[name].evidence for name in names}
        for id in said.about:
            texts = {
                slot.text
                for slot in self._slots.values()
                if slot.role == "rating" and slot.evidence == id
            }
            own = {self._slots[name].text for name in names}
            if id not in of and not texts & own:
                shown = self._slots[names[0]].text
                return "polarity_mismatch", f"'{shown}' is not the rating of {id}"
        return self._named(said)

    def _is_level(self, said: Assertion) -> Problem | None:
        return self._felt(said, "rated so")

    def _is_felt(self, said: Assertion) -> Problem | None:
        return self._felt(said, "so to one's liking")

    def _is_favourite(self, said: Assertion) -> Problem | None:
        return self._felt(Assertion("felt", said.about, value="top"), "a favourite")

    def _felt(self, said: Assertion, what: str) -> Problem | None:
        for id in said.about:
            if id == ITEM or not self._carries(id, said):
                word = f"{'not ' if said.negated else ''}{said.value}"
                return "polarity_mismatch", f"{id} was not {what} ({word})"
        return self._named(said)

    def _carries(self, id: str, said: Assertion) -> bool:
        return carries(self._events(id), said.value, said.negated, thumbs=self._thumbs)

    # --- the reason

    def _is_suggested(self, said: Assertion) -> Problem | None:
        return None

    def _is_because(self, said: Assertion) -> Problem | None:
        group = {self._cause(id) for id in said.about}
        if not group:
            return "causal_overclaim", "no cause is named"
        for id in sorted(group):
            piece = self.evidence.get(id)
            if piece is None or piece.kind != "cause":
                return "causal_overclaim", f"{_shown(id)} is no cause"
        if frozenset(group) in self._groups:
            return None
        if not any(group <= allowed for allowed in self._groups):
            return "causal_overclaim", f"{_listed(group)} may not be told as the reason"
        if not self._enough(group):
            return "causal_overclaim", f"{_listed(group)} alone is too little to be the reason"
        return None

    def _cause(self, id: str) -> str:
        """A cause by its id; of a value the attribute that is one, if it is one."""
        if not id.startswith("="):
            return id
        names = id[1:].split("|")
        if "?" in names:
            return "?"
        texts = {self._slots[name].text for name in names}
        for name, slot in self._slots.items():
            letter = (slot.evidence or "")[:1]
            if letter == "A" and slot.role == "value" and (name in names or slot.text in texts):
                return slot.evidence or ""
        return self._slots[names[0]].evidence or id

    def _enough(self, group: Iterable[str]) -> bool:
        pieces = [self.evidence[id] for id in group]
        view = "attribute" if pieces[0].id.startswith("A") else "history"
        total = self._plan.totals.get(view, 0.0)
        own = [piece.contribution or 0.0 for piece in pieces]
        return total > 0 and min(own) > 0 and sum(own) >= self._plan.min_share * total

    def _is_only(self, said: Assertion) -> Problem | None:
        return "causal_overclaim", "there are more reasons than this"

    def _is_most(self, said: Assertion) -> Problem | None:
        causes = {self._cause(id) for id in said.about}
        for claim in self._plan.claims:
            if claim.kind == "weighed_most" and causes == set(claim.evidence):
                return None
        return "causal_overclaim", f"it is not told that {_listed(causes)} weighed most"

    def _is_adds(self, said: Assertion) -> Problem | None:
        return self._signed(
            said,
            1,
            (
                "because_history",
                "because_attr",
                "context",
                "everyone",
                "speaks_for",
                "weighed_most",
            ),
        )

    def _is_against(self, said: Assertion) -> Problem | None:
        return self._signed(said, -1, ("against", "everyone_against"))

    def _signed(self, said: Assertion, sign: int, kinds: Sequence[str]) -> Problem | None:
        causes = {self._cause(id) for id in said.about}
        told = {id for claim in self._plan.claims if claim.kind in kinds for id in claim.evidence}
        for id in sorted(causes):
            piece = self.evidence.get(id)
            right = piece is not None and (piece.contribution or 0.0) * sign > 0
            if not right or id not in told:
                way = "for" if sign > 0 else "against"
                return "causal_overclaim", f"{_shown(id)} does not count {way} the item"
        if not causes:
            return "causal_overclaim", "no cause is named"
        return None

    def _is_ranks(self, said: Assertion) -> Problem | None:
        named = [next(iter(names)) for names in said.slots]
        wanted = ["RANK", "RANK_WITHOUT"] if said.value == "from_to" else ["RANK_WITHOUT", "RANK"]
        values = self._ranked(said.about)
        if values is None or named != wanted[: len(named)] or len(named) > 2:
            return "causal_overclaim", "the ranks are not those without this cause"
        return None

    def _is_out(self, said: Assertion) -> Problem | None:
        values = self._ranked(said.about)
        if values and values["rank_without"] > values.get("k", 0) >= values["rank"]:
            return None
        return "causal_overclaim", "the item would be suggested without it, too"

    def _ranked(self, ids: Iterable[str]) -> Mapping[str, Any] | None:
        for claim in self._plan.claims:
            own = claim.kind in ("without", "weighed_most") and set(claim.evidence) == set(ids)
            if own and claim.values.get("rank_without") is not None:
                return claim.values
        return None

    # --- everyone, now, the reader's own words

    def _is_users(self, said: Assertion) -> Problem | None:
        return None

    def _is_everyone(self, said: Assertion) -> Problem | None:
        sign, kind = (1, "everyone") if said.value == "better" else (-1, "everyone_against")
        return self._signed(said, sign, (kind,))

    def _is_everyone_most(self, said: Assertion) -> Problem | None:
        for claim in self._plan.claims:
            if claim.kind == "everyone" and claim.values.get("most"):
                return None
        return "causal_overclaim", "everyone does not add more than the causes do"

    def _is_now(self, said: Assertion) -> Problem | None:
        return None

    def _is_wrote(self, said: Assertion) -> Problem | None:
        return self._quoted(said, searched=False)

    def _is_searched(self, said: Assertion) -> Problem | None:
        return self._quoted(said, searched=True)

    def _quoted(self, said: Assertion, *, searched: bool) -> Problem | None:
        (id,) = said.about
        fields = self.evidence[id].fields
        if (event_key(fields.get("event_type")) in SEARCHES) != searched:
            return "polarity_mismatch", f"{id} was not {'searched for' if searched else 'written'}"
        for (history,) in said.slots[1:]:
            if self.evidence[history].fields.get("title") != fields.get("title"):
                return "unsupported_content", f"{id} was not written about {history}"
        return None

    def _events(self, id: str) -> list[Mapping[str, Any]]:
        """What was done with a history item, each with the ends of its scale."""
        piece = self.evidence.get(id)
        if piece is None:
            return []
        return events_of(piece)


def _shown(id: str) -> str:
    return {"?": "what was not made clear", "<": "what was said before"}.get(id, id)


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(_shown(id) for id in ids))
