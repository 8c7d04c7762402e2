"""Checks what is given as a reason, and how it was weighed."""

from __future__ import annotations

from collections.abc import Iterator

from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.known.terms import MOST, Terms
from recx_agent.evals.scorers.grounded.shown import Shown, causes_of


class Reasons(Terms):
    """One method for each kind of claim, named after it."""

    def because_history(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with films of the history as the reason."""
        shown, causes = self.shown[n], causes_of(told)
        yield from self.deeds(shown, told)
        yield from self.weighty(shown, causes, "history")
        before = {c for other in self.shown[:n] for c in other.causes}
        new = {title for group in told.deeds for title in group.titles}
        if new & before:
            yield "told anew, but it was told before"
        if not set(told.again) <= before:
            yield "told as 'again', but it was not told before"
        resting = [o.title for o in self.shown[n + 1 :] if set(causes) <= set(o.causes)]
        if not set(told.below) <= set(resting):
            yield "the same does not go for all those below"
        elif told.below and self.below(told) != len(resting):
            yield f"the same goes for {len(resting)} below"

    @staticmethod
    def below(told: Told) -> int:
        """How many later films are said to rest on the same."""
        if "all_below" in told.words:
            return int(told.words["all_below"])
        return len(told.below) + told.numbers.get("others", 0)

    def because_attr(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with attributes as the reason."""
        film = self.raw.films[self.shown[n].id]
        for column, values in told.attributes.items():
            if not set(values) <= set(film.attribute(column)):
                yield f"its {column} is {film.attribute(column)}"
        yield from self.weighty(self.shown[n], causes_of(told), "attribute")

    def because_others(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with naming hidden films."""
        if not any(id[0] == "O" for id in self.shown[n].evidence):
            yield "nothing is hidden"

    def speaks_for(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with what is said to speak for it."""
        if told.attributes:
            yield from self.because_attr(n, position, told)
        elif "hidden" in told.words:
            yield from self.because_others(n, position, told)
        else:
            yield from self.deeds(self.shown[n], told)
            yield from self.weighty(self.shown[n], causes_of(told), "history")

    def outside(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with its place below the list."""
        yield from self.placed(self.shown[n], told)
        if told.numbers["k"] != self.k:
            yield f"{self.k} are listed"
        if told.numbers["rank"] <= told.numbers["k"]:
            yield "it is not outside"

    def chosen_elsewhere(self, n: int, position: int, told: Told) -> Iterator[str]:
        """What is wrong with who is said to have chosen it."""
        shown = self.shown[n]
        said = told.words["by"]
        name = self.name(shown, position) if len(said) == 1 else said
        if name != shown.public.get("chosen_by"):
            yield f"it was chosen by {shown.public.get('chosen_by')}"
        if position:
            yield "it is told too late who chose it"
        if "rank" in told.numbers or shown.public["attribution"]["rank"] is not None:
            yield from self.placed(shown, told)

    def name(self, shown: Shown, position: int) -> str:
        """A name that stands in quotes: what is between marks and no film explained."""
        marked = self.tongue.titles(shown.public["sentences"][position]["text"])
        return next((text for text in marked if text != shown.title), "")

    def one_cause(self, shown: Shown, told: Told) -> tuple[str, tuple[str, ...], float] | None:
        """The one cause a sentence speaks of: as told, its ids, its term."""
        named = causes_of(told) if told.attributes else ()
        cause = told.cause or (named[0] if len(named) == 1 else "")
        term = self.term(shown, cause)
        return (cause, *term) if cause in shown.causes and term else None

    def weighed_most(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with what is said to have weighed most."""
        shown = self.shown[n]
        first = self.one_cause(shown, told)
        if first is None:
            yield "no reason that was told"
            return
        others = [self.term(shown, cause) for cause in shown.causes if cause != first[0]]
        if not others or any(other and first[2] < MOST * other[1] for other in others):
            yield "it did not count most by far"
        counts = {"the other": (2,), "of the two": (2,), "of the three": (3,)}
        counts |= {"另一": (2,), "两": (2,), "三": (3,)}
        if len(shown.causes) not in counts.get(told.words["told"], (2, 3)) or (
            told.words["told"] in ("each of the others", "其他任何一") and len(shown.causes) == 2
        ):
            yield f"{len(shown.causes)} reasons were told"
        if "rank" in told.numbers:
            yield from self.ranks(n, told, first[1])

    def without(self, n: int, _: int, told: Told) -> Iterator[str]:
        """What is wrong with where it would rank without something."""
        shown = self.shown[n]
        removed: tuple[str, ...] = ()
        if told.gone:
            for title in told.gone:
                term = self.term(shown, title)
                if (
                    term is None
                    or max(self.raw.rated(shown.user, title).values(), default=0)
                    < self.raw.scale.liked
                ):
                    yield f"{title!r} is not in the user's history"
                    return
                removed += term[0]
            one = len(told.gone) == 1
            if one and shown.reason is not None and told.gone[0] not in shown.causes:
                yield "no reason that was told"
        else:
            cause = self.one_cause(shown, told)
            if cause is None:
                yield "no reason that was told"
                return
            removed = cause[1]
        yield from self.ranks(n, told, removed)

    def ranks(self, n: int, told: Told, removed: tuple[str, ...]) -> Iterator[str]:
        """What is wrong with the ranks told, with and without these."""
        shown, said = self.shown[n], told.numbers
        before, after = self.rank_without(shown.user, removed, shown.id)
        place = n + 1 if len(self.shown) > 1 else before
        if not said["rank"] == before == place == shown.public["attribution"]["rank"]:
            yield f"the rank is {before}"
        if said["without"] != after:
            yield f"the rank without is {after}"
        if "k" in said and (said["k"] != self.k or not said["rank"] <= said["k"] < said["without"]):
            yield f"the list has {self.k} places"
        if "k" not in said and said["rank"] <= self.k < said["without"]:
            yield "it would leave the list, and that is not told"
