"""Checks what free sentences give as reasons, and how much they say that each weighed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from recx_agent.evals.scorers.grounded.free.clause import REASONS, Clause
from recx_agent.evals.scorers.grounded.free.marks import Mark
from recx_agent.evals.scorers.grounded.free.records import EPSILON, Records
from recx_agent.evals.scorers.grounded.known.terms import MOST

_REST = frozenset("any anything all other others else rest everything 任何 其他 别的 其它".split())
_NEXT = frozenset("next second third 第二 第三 其次".split())
_BESIDE = frozenset("next compared than besides beside 相比 比 比起".split())


class Weighing(Records):
    """One method for each way of weighing."""

    def _reasons(self, clause: Clause, told: Sequence[str], behind: Sequence[str]) -> Iterator[str]:
        yield from (
            f"{title!r} is not what is suggested"
            for title in clause.suggests()
            if title != self.shown.title
        )
        causes = clause.causes()
        if causes:
            # That one cause of several weighed most does not make it the reason alone.
            share = clause.has("suggested", "suggestion") or not clause.has("strength")
            whole = share or not set(causes) <= set(told)
            adds = clause.has("adds") and not clause.has("causal")
            helped = adds or clause.has("weak", "partly", "majority")
            least = self.min_share if whole and not helped else 0.0
            terms = {title: self.value(title) for title in causes}
            yield from self._weighty("history", terms, least)
            for title in causes:
                if max(self.rated(title).values(), default=0) < self.raw.scale.liked:
                    yield f"the rating of {title!r} is no reason"
        if clause.has(*REASONS, "suggested", "suggestion") and (given := clause.governed()):
            values = {
                name: value
                for name, value in self.shown.terms.items()
                if name.partition("=")[2] in {mark.text for mark in given}
            }
            named = values or {given[0].text: -1.0}
            helped = clause.has("weak", "partly", "strength") or not clause.has("causal")
            yield from self._weighty("attribute", named, 0.0 if helped else self.min_share)
        yield from (
            f"{title!r} does not count against it"
            for titles in clause.opposed()
            for title in titles
            if self.value(title) >= 0
        )
        yield from self._against(clause)
        yield from self._compared(clause)
        for segment in clause.segments:
            titles = segment.titles or clause.titles or behind
            for mark in segment.of("strength"):
                if segment.follows(mark, _NEXT):
                    continue
                own = segment.titles or clause.titles
                if not own and clause.has("attribute"):
                    yield from self._most_of_attributes(mark, segment, clause)
                elif not own and clause.has("users", "everyone"):
                    yield from self._most_of_all(mark)
                else:
                    yield from self._most(mark, titles, told)
            for mark in () if segment.says(_BESIDE) else segment.of("weak"):
                yield from self._least(mark, segment.titles)

    def _weighty(self, view: str, terms: Mapping[str, float], least: float) -> Iterator[str]:
        yield from (f"{name!r} did not add to the score" for name, v in terms.items() if v <= 0)
        total = self.shown.total(view)
        if sum(terms.values()) < least * total - EPSILON:
            yield f"{list(terms)} are {sum(terms.values()) / total:.1%} of all that was weighed"

    def _most(self, mark: Mark, titles: Sequence[str], told: Sequence[str]) -> Iterator[str]:
        if len(set(titles)) != 1:
            yield f"{mark.text!r} of what?"
            return
        others = [self.value(title) for title in told if title != titles[0]]
        if not others:
            own = set(self.raw.ids.get(titles[0], ()))
            others = [term for id, term in self.shown.history.items() if id not in own]
        if self.value(titles[0]) < MOST * max(others, default=0.0):
            yield f"{titles[0]!r} did not weigh most by far"

    def _most_of_attributes(self, mark: Mark, segment: Clause, clause: Clause) -> Iterator[str]:
        told = {m.text for m in segment.of("attribute") or clause.of("attribute")}
        terms = {
            name.partition("=")[2]: value for name, value in self.shown.terms.items() if "=" in name
        }
        others = [value for name, value in terms.items() if name not in told]
        if not told or any(
            terms.get(name, -1.0) < MOST * max(others, default=0.0) - EPSILON for name in told
        ):
            yield f"{mark.text!r} of {sorted(told)}"

    def _most_of_all(self, mark: Mark) -> Iterator[str]:
        if self.shown.terms.get("*", 0.0) < MOST * max(self.shown.history.values(), default=0.0):
            yield f"{mark.text!r} of how it does with everyone"

    def _least(self, mark: Mark, titles: Sequence[str]) -> Iterator[str]:
        """What is wrong with calling one cause weak."""
        if len(set(titles)) == 1 and self.value(titles[0]) > 0:
            rest = [v for t, v in self.values().items() if t != titles[0]]
            if self.value(titles[0]) >= MOST * max(rest, default=0.0):
                yield f"{mark.text!r}, but {titles[0]!r} weighed most"

    def _against(self, clause: Clause) -> Iterator[str]:
        """What is wrong with attributes that are said to count against it."""
        last: list[Mark] = []
        for segment in clause.segments:
            for mark in segment.marks:
                if mark.kind in ("attribute", "title"):
                    last = [mark] if mark.kind == "attribute" or mark.text != clause.item else last
                if mark.kind == "against" and not segment.titles:
                    yield from self._lowers([m.text for m in last if m.kind == "attribute"])

    def _lowers(self, values: Sequence[str]) -> Iterator[str]:
        for value in values:
            terms = (term for id, term in self.shown.terms.items() if id.endswith(f"={value}"))
            if next(terms, 0.0) >= 0:
                yield f"{value!r} does not count against it"

    def _compared(self, clause: Clause) -> Iterator[str]:
        """What is wrong with "A did more than B" and "A did less than B"."""
        for words, sign in (("more", 1), ("less", -1)):
            for left, right in _sides(clause, words, self.chinese):
                rest = right or [t for t in self.values() if t not in left]
                if any(sign * (self.value(a) - self.value(b)) <= 0 for a in left for b in rest):
                    yield f"{left} did not weigh {words} than {rest}"

    def _shares(self, clause: Clause, behind: Sequence[str]) -> Iterator[str]:
        """What is wrong with "most of it comes from", and with "no single film explains"."""
        values = self.values()
        whole = sum(value for value in values.values() if value > 0)
        for mark in clause.of("majority"):
            titles = {*clause.titles, *behind}
            own = sum(self.value(title) for title in titles)
            if not titles or own <= whole / 2:
                yield f"{mark.text!r} is not {sorted(titles)}"
        for mark in clause.of("evenly"):
            if max(values.values(), default=0.0) > whole / 2:
                yield f"{mark.text!r}, but one film is more than half"

    def _helped(self, titles: Sequence[str]) -> Iterator[str]:
        yield from (f"{t!r} did not add to the score" for t in titles if self.value(t) <= 0)


def _sides(clause: Clause, kind: str, chinese: bool) -> Iterator[tuple[list[str], list[str]]]:
    """What is said to weigh more, or less, than what; than all others where that is empty."""
    for at, mark in enumerate(clause.marks):
        if mark.kind != kind:
            continue
        words = [m.text.lower() for m in clause.marks]
        if chinese and not ("比" in words[:at] or len(mark.text) > 1):
            continue
        if chinese:
            starts = [n for n in range(at) if words[n] in ("比", "与", "和")]
            split = starts[-1] if starts and words[starts[-1]] == "比" else at
            left, right = clause.marks[:split], clause.marks[split:]
        elif "than" in words[at:]:
            split = words.index("than", at)
            left, right = clause.marks[:split], clause.marks[split:]
        else:
            continue
        one = [m.text for m in left if m.kind == "title" and m.text != clause.item]
        other = [m.text for m in right if m.kind == "title" and m.text != clause.item]
        if one and (other or any(m.text.lower() in _REST for m in right)):
            yield one[-1:], other[:1]
