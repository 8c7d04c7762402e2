"""Holds sentences of comparisons, what-ifs and profiles against figures computed anew."""

from __future__ import annotations

from tests.e2e.told_figures import Figures
from tests.e2e.told_sentences import Sentence, read


class Check:
    """Holds the sentences of one answer against a user's figures.

    Parameters
    ----------
    figures : Figures
    language : str
    pair : (int, int), optional
        The items compared.
    removed : int, optional
        The history item that a what-if takes away.
    """

    def __init__(
        self,
        figures: Figures,
        language: str,
        *,
        pair: tuple[int, int] | None = None,
        removed: int | None = None,
        k: int = 10,
    ) -> None:
        self.figures, self.language, self.k, self.removed = figures, language, k, removed
        saved = figures.saved
        if pair is not None:
            first, second = pair
            ahead = figures.scores[first] > figures.scores[second]
            self.hi, self.lo = (first, second) if ahead else (second, first)
            self.names = {"H": saved.titles[self.hi], "L": saved.titles[self.lo]}
        if removed is not None:
            self.after = figures.less(removed)

    def problem(self, text: str) -> str | None:
        """What is wrong with a sentence; ``None`` if some way to read it is true."""
        ways = read(text, self.language)
        found = [getattr(self, f"_{way.kind}")(way) for way in ways]
        if None in found:
            return None
        return found[0] if found else "it is none of the known sentences"

    def _ratings(self, told: Sentence) -> str | None:
        for title, rating in told.deeds:
            if rating not in self.figures.ratings(title):
                return f"the rating of {title!r}"
        return None

    # --- comparisons

    def _both(self, told: Sentence) -> str | None:
        for letter, name in self.names.items():
            if set(told.titles.get(letter, [name])) != {name}:
                return f"{told.titles[letter]} is not {name!r}"
        return self._ratings(told)

    def _ahead(self, told: Sentence) -> str | None:
        ranks = [self.figures.ranks.get(item) for item in (self.hi, self.lo)]
        return self._both(told) or (None if told.ranks == ranks else f"the ranks are {ranks}")

    def _higher(self, told: Sentence) -> str | None:
        known = [self.figures.saved.titles[i] for i in (self.hi, self.lo) if i in self.figures.seen]
        return self._both(told) or (None if told.titles["K"] == known else f"known is {known}")

    def _differences(self) -> tuple[dict[int, tuple[float, float]], float]:
        up, down = self.figures.terms(self.hi), self.figures.terms(self.lo)
        total = sum(abs(up[h] - down[h]) for h in up)
        bias = self.figures.saved.b[self.hi] - self.figures.saved.b[self.lo]
        return {h: (up[h], down[h]) for h in up}, total + abs(bias)

    def _because(self, told: Sentence) -> str | None:
        if told.attributes:
            sides = [self.figures.feature_terms(item) for item in (self.hi, self.lo)]
            both = {f: tuple(side.get(f, 0.0) for side in sides) for f in {*sides[0], *sides[1]}}
            total = sum(abs(a - b) for a, b in both.values())
            wanted = [both.get(("attribute", *pair), (0.0, 0.0)) for pair in told.attributes]
            return self._both(told) or self._enough(wanted, total)
        terms, total = self._differences()
        wanted = []
        for title in [t for t, _ in told.deeds] + told.bare:
            own = self.figures.liked(title)
            if len(own) != 1:
                return f"{title!r} is no item of the history"
            wanted.append(terms[own[0]])
        return self._both(told) or self._enough(wanted, total)

    def _enough(self, wanted: list[tuple[float, ...]], total: float) -> str | None:
        if not wanted or any(up <= 0 or up <= down for up, down in wanted):
            return "it does not add more to the one ahead"
        share = sum(up - down for up, down in wanted) / total
        return None if share >= 0.2 - 1e-9 else f"it is {share:.0%} of the difference"

    def _other(self, told: Sentence) -> str | None:
        terms, total = self._differences()
        for title in [t for t, _ in told.deeds] + told.bare:
            up, down = max((terms[h] for h in self.figures.liked(title)), default=(0.0, 0.0))
            if down <= 0 or down - up < 0.05 * total - 1e-9:
                return f"{title!r} does not add more to the other"
        return self._both(told)

    def _everyone(self, told: Sentence) -> str | None:
        bias = self.figures.saved.b[self.hi] - self.figures.saved.b[self.lo]
        _, total = self._differences()
        favoured = self.names["H" if bias > 0 else "L"]
        said = told.titles["L"] + told.titles.get("H", [])
        other = {*self.names.values()} - {favoured}
        if said[0] != favoured or not {*said[1:]} <= other:
            return f"it favours {favoured!r}"
        return None if abs(bias) >= 0.15 * total - 1e-9 else "it is too little"

    def _none(self, told: Sentence) -> str | None:
        terms, total = self._differences()
        if told.count != len(terms):
            return f"there are {len(terms)}"
        most = max(abs(up - down) for up, down in terms.values())
        return None if most < 0.2 * total else "one of them does"

    # --- what-ifs

    def _premise(self, told: Sentence) -> str | None:
        assert self.removed is not None
        wanted = self.figures.saved.titles[self.removed]
        return None if told.titles["P"] == [wanted] else f"{wanted!r} is what is taken away"

    def _tops(self) -> tuple[list[int], list[int]]:
        return self.figures.order[: self.k], self.after.order[: self.k]

    def _replaced(self, told: Sentence) -> str | None:
        before, after = self._tops()
        count = len(set(before) - set(after))
        said = self.k if told.count is None else told.count
        return self._premise(told) or (None if said == count > 0 else f"{count} are replaced")

    def _same(self, told: Sentence) -> str | None:
        before, after = self._tops()
        return self._premise(told) or (None if before == after else "the list is another")

    def _reordered(self, told: Sentence) -> str | None:
        before, after = self._tops()
        right = before != after and set(before) == set(after)
        return self._premise(told) or (None if right else "it is not the same in another order")

    def _moving(self, told: Sentence, before_in: bool, after_in: bool) -> str | None:
        said = told.ranks[::-1] if told.turned else told.ranks
        [title] = told.titles["H"]
        for item in self.figures.order:
            if self.figures.saved.titles[item] != title:
                continue
            ranks = [self.figures.ranks[item], self.after.ranks[item]]
            inside = ranks[0] <= self.k, ranks[1] <= self.k
            way = (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])
            if said == ranks and inside == (before_in, after_in) and told.way in (0, way) and way:
                return None
        return f"{title!r} does not move so"

    def _leaves(self, told: Sentence) -> str | None:
        return self._moving(told, True, False)

    def _enters(self, told: Sentence) -> str | None:
        return self._moving(told, False, True)

    def _moves(self, told: Sentence) -> str | None:
        return self._moving(told, True, True)

    # --- profiles

    def _counts(self, told: Sentence) -> str | None:
        count = len(self.figures.weights)
        return None if told.count == count else f"there are {count}"

    def _leans(self, told: Sentence) -> str | None:
        for pair in told.attributes:
            having = [h for h in self.figures.weights if pair in self.figures.saved.attributes[h]]
            if not self._leaning(pair) > 0 or not having:
                return f"{pair}: it does not lean to it"
        return None if told.attributes else "nothing is named"

    def _away(self, told: Sentence) -> str | None:
        wrong = [pair for pair in told.attributes if not self._leaning(pair) < 0]
        return f"{wrong}: it does not lean away" if wrong or not told.attributes else None

    def _leaning(self, pair: tuple[str, str]) -> float:
        try:
            return self.figures.leaning(*pair)
        except ValueError:
            return float("nan")

    def _weighs(self, told: Sentence) -> str | None:
        named = [title for title, _ in told.deeds] + told.bare
        weights = self.figures.weights
        own = [max(self.figures.liked(t), key=lambda h: weights[h], default=-1) for t in named]
        if -1 in own:
            return "one of them is no item of the history"
        rest = [w for h, w in self.figures.weights.items() if h not in own]
        least = min(self.figures.weights[h] for h in own)
        others = None if least >= max(rest, default=0) else "others weigh more"
        return self._ratings(told) or others
