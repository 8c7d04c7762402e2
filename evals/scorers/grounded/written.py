"""All that is wrong with one explanation, whoever wrote its sentences.

Sentences of the templates are read by the tables of :mod:`recx_agent.evals.scorers.grounded.known`,
all others by :mod:`recx_agent.evals.scorers.grounded.free`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.free.check import FreeCheck
from recx_agent.evals.scorers.grounded.known.check import ListCheck
from recx_agent.evals.scorers.grounded.known.deeds import rated
from recx_agent.evals.scorers.grounded.known.evidence import wrong_evidence
from recx_agent.evals.scorers.grounded.known.reading import Told
from recx_agent.evals.scorers.grounded.known.terms import LISTED, MIN_SHARE, RankWithout
from recx_agent.evals.scorers.grounded.known.tongues import tongue_of
from recx_agent.evals.scorers.grounded.shown import Shown

Json = Mapping[str, Any]


class WrittenCheck:
    """Checks one explanation.

    Parameters
    ----------
    raw : Raw
    explanation : mapping
        Public JSON; the pair view is not needed.
    k : int
        Length of the list that ranks are told against.
    rank_without : callable, optional
        Without it the ranks told are held against those of the evidence alone.
    """

    def __init__(
        self,
        raw: Raw,
        explanation: Json,
        k: int = LISTED,
        rank_without: RankWithout | None = None,
        min_share: float = MIN_SHARE,
    ) -> None:
        tongue = tongue_of(raw, explanation["writer"]["language"])
        ranks = rank_without or self._by_evidence
        self.explanation = explanation
        self.list = ListCheck(raw, [explanation], k, ranks, min_share, tongue)
        self.shown: Shown = self.list.shown[0]
        self.tongue = tongue

        def rank_of(removed: tuple[str, ...]) -> int | None:
            return ranks(self.shown.user, removed, self.shown.id)[1]

        self.free = FreeCheck(raw, self.shown, k, rank_of, min_share)
        self.own = [told is None for told in self.shown.told]
        for position, sentence in enumerate(self.shown.public["sentences"]):
            if self.own[position]:
                self.shown.told[position] = self._told(sentence["text"])

    def _by_evidence(
        self, _: str, removed: tuple[str, ...], __: str
    ) -> tuple[int | None, int | None]:
        rank = self.explanation["attribution"]["rank"]
        for piece in self.explanation["evidence"]:
            if piece["fields"].get("item_id") in removed:
                return rank, piece["rank_without"]
            if removed == (f"{piece['fields'].get('name')}={piece['fields'].get('value')}",):
                return rank, piece["rank_without"]
        return rank, None

    def problems(self) -> list[str]:
        """Everything that is wrong."""
        where = f"user {self.shown.user}, {self.shown.title}"
        found = [f"{where}: {problem}" for problem in self._around()]
        for position, sentence in enumerate(self.shown.public["sentences"]):
            found += [
                f"{where}: {sentence['text']} — {problem}" for problem in self.sentence(position)
            ]
        return found

    def sentence(
        self, position: int, text: str | None = None, cited: Sequence[str] | None = None
    ) -> list[str]:
        """What is wrong with one sentence, or with ``text`` and ``cited`` in its place."""
        original = self.shown.public["sentences"][position]
        text = original["text"] if text is None else text
        cited = original["evidence"] if cited is None else cited
        if self.reads(text):
            found = self.list.sentence(0, position, text, cited)
            if not (found and self._may_be_part(text)):
                return found
        return self.free.problems(text, cited, self.shown.causes)

    def untruths(
        self, position: int, text: str | None = None, cited: Sequence[str] | None = None
    ) -> list[str]:
        """What one sentence says that is not so, whether or not what it cites says it."""
        original = self.shown.public["sentences"][position]
        text = original["text"] if text is None else text
        cited = original["evidence"] if cited is None else cited
        if self.reads(text):
            found, _ = self.list.untruths(0, position, text)
            if not (found and self._may_be_part(text)):
                return found
        return self.free.untruths(text, cited, self.shown.causes)

    def reads(self, text: str) -> bool:
        """Whether it is a sentence of the templates."""
        return self.tongue.read(text) is not None

    def _may_be_part(self, text: str) -> bool:
        """Whether a sentence tells facts, and by a model: templates tell all facts at once."""
        told = self.tongue.read(text)
        return told is not None and told.kind == "fact" and self._by_model

    @property
    def _by_model(self) -> bool:
        return bool(self.explanation["writer"]["kind"] == "llm")

    def _around(self) -> Iterator[str]:
        public = self.shown.public
        if public["text"] != self.tongue.joint.join(s["text"] for s in public["sentences"]):
            yield "the text is not its sentences"
        written = public["verdict"] in ("supported", "repaired")
        if any(self.own) and not (written and public["writer"]["kind"] == "llm"):
            yield f"verdict {public['verdict']} of writer {public['writer']['kind']}"
        if public["verdict"] != "abstained" and self.shown.reason is None:
            yield "no reason is told"
        if self.shown.id not in self.list.raw.ids.get(self.shown.title, ()):
            yield "its id is another film's"
        for piece in self.shown.evidence.values():
            yield from wrong_evidence(self.list.raw, self.shown, piece)

    def _told(self, text: str) -> Told | None:
        """What a free sentence gives as the reason, for the sentences of templates around it."""
        causes = self.free.causes(text)
        values = tuple(
            mark.text for clause in self.free.clauses(text) for mark in clause.governed()
        )
        if not causes and not values:
            return None
        columns = self.list.raw.columns
        names = {
            name: tuple(v for v in values if f"{name}={v}" in self.shown.terms) for name in columns
        }
        high = self.list.raw.scale.high
        return Told(
            kind="because_history" if causes else "because_attr",
            item=self.shown.title,
            deeds=tuple(
                rated((title,), max(self.free.rated(title).values(), default=0), high)
                for title in causes
            ),
            attributes={} if causes else {n: v for n, v in names.items() if v},
        )


def problems_of(
    explanation: Json,
    raw: Raw,
    k: int = LISTED,
    rank_without: RankWithout | None = None,
) -> list[str]:
    """Everything that is wrong with an explanation, by the raw files and its own terms."""
    return WrittenCheck(raw, explanation, k, rank_without).problems()
