"""Checks sentences of explanations against the raw MovieLens files, and with own arithmetic.

Nothing of recx_agent is imported. What is taken from the explanation besides its text is the
attribution (which other tests hold against ``predict``) and the evidence cited; the ranks
without a cause come from a function that is handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recx_agent.evals.scorers.grounded.known.beside import Beside
from recx_agent.evals.scorers.grounded.known.evidence import wrong_citations, wrong_evidence
from recx_agent.evals.scorers.grounded.known.reading import RECORD, Told
from recx_agent.evals.scorers.grounded.known.reasons import Reasons
from recx_agent.evals.scorers.grounded.known.values import shown as title_of

_PLAIN_FACTS = ("fact", "in_common", "support", "current_fact")


class ListCheck(Reasons, Beside):
    """Checks the explanations of one list, or of one item."""

    def problems(self) -> list[str]:
        """Everything that is wrong in the whole list."""
        found = []
        titles = [shown.title for shown in self.shown]
        if len(set(titles)) < len(titles):
            found.append(f"user {self.shown[0].user}: a film is listed twice")
        for n, shown in enumerate(self.shown):
            where = f"user {shown.user}, {shown.title}"
            found += [f"{where}: {problem}" for problem in self.around(n)]
            for position, sentence in enumerate(shown.public["sentences"]):
                found += [
                    f"{where}: {sentence['text']} — {problem}"
                    for problem in self.sentence(n, position)
                ]
        return found

    def around(self, n: int) -> Iterator[str]:
        """What is wrong with an explanation apart from its sentences."""
        shown = self.shown[n]
        public = shown.public
        if public["text"] != self.tongue.joint.join(s["text"] for s in public["sentences"]):
            yield "the text is not its sentences"
        if (shown.reason is None) != (public["verdict"] == "abstained"):
            yield f"verdict {public['verdict']}"
        chosen = [told for told in shown.told if told and told.kind == "chosen_elsewhere"]
        if bool(chosen) != bool(public.get("chosen_by")):
            yield "who chose it is not told, or told though nobody else did"
        if shown.id not in self.raw.ids.get(shown.title, ()):
            yield "its id is another film's"
        if not {self.raw.film(id) for id in shown.history} <= self.raw.liked_by(shown.user):
            yield "a term of the score is a film that the user did not rate so"
        for piece in shown.evidence.values():
            yield from wrong_evidence(self.raw, shown, piece)

    def sentence(
        self, n: int, position: int, text: str | None = None, cited: Sequence[str] | None = None
    ) -> list[str]:
        """What is wrong with one sentence, or with ``text`` and ``cited`` in its place."""
        found, told = self.untruths(n, position, text)
        if told is not None:
            own = self.shown[n].public["sentences"][position]["evidence"]
            found += wrong_citations(self.shown[n], told, own if cited is None else cited)
        return found

    def untruths(
        self, n: int, position: int, text: str | None = None
    ) -> tuple[list[str], Told | None]:
        """What a sentence says that is not so, whatever it cites, and what it says."""
        shown, tongue = self.shown[n], self.tongue
        original = shown.public["sentences"][position]
        text = original["text"] if text is None else text
        told = tongue.read(text)
        if told is None:
            return ["unrecognised sentence"], None
        if told.kind == "caution":
            return [], told
        values = [title_of(v) for vs in told.attributes.values() for v in vs if isinstance(v, str)]
        others = {shown.public.get("chosen_by"), *told.texts, *values}
        titles = [title for title in tongue.titles(text) if title not in others]
        found = [f"{title!r} is no film" for title in titles if title not in self.raw.ids]
        plain = told.plain
        if tongue.banned.search(plain) or (
            told.kind in _PLAIN_FACTS and tongue.causal.search(plain)
        ):
            found.append("words it may not have")
        rank = shown.public["attribution"]["rank"]
        if rank and rank > self.k and told.kind != "chosen_elsewhere":
            if tongue.presupposes.search(plain):
                found.append("it is not suggested at all")
        if told.kind.startswith(RECORD):
            return [*found, *getattr(self, told.kind)(n, position, told)], told
        if told.item is None and position == 0 and told.kind not in ("in_common", "support"):
            found.append("'it' is nothing yet")
        if told.item not in (None, shown.title):
            found.append("it speaks of another film")
        known = {self.raw.same(id) for id in self.raw.rated(shown.user, shown.title)}
        if told.kind != "chosen_elsewhere":
            if (told.kind == "own_item") != (self.raw.same(shown.id) in known):
                found.append("what the user knows is no recommendation, and the other way round")
        if known - {self.raw.same(shown.id)}:
            found.append("the user knows another film of this title")
        found += getattr(self, told.kind)(n, position, told)
        return found, told
