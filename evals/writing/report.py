"""What was found, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recx_agent.evals.tables import markdown_table
from recx_agent.evals.writing.speed import Rate, Way

_NAMES = {
    "naive": "naive prompting, evidence in words",
    "json": "JSON with citations, under a grammar",
}


_WAYS: dict[Way, str] = {
    "raw": "raw completions",
    "uncached": "the same, no prefix in common",
    "grammar": "with the grammar",
    "verified": "with the grammar, verified: no repair",
    "repaired": "verified and repaired",
}


@dataclass(frozen=True)
class Baseline:
    """Answers of one way without placeholders, and how many have which fault."""

    name: str
    answers: int
    unsupported: int
    foreign: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class WritingReport:
    """All figures of one run.

    Attributes
    ----------
    worded : int
        Plans that a language model words at all.
    drafts, repairs : (int, float, int)
        Requests, their seconds added up, tokens written.
    timed : int
        Plans whose speed was measured.
    speed : dict
        By way; see :mod:`recx_agent.evals.writing.speed`.
    """

    model: str
    users: int
    worded: int
    concurrency: int
    verdicts: dict[str, int]
    violations: dict[str, int]
    skeletons: int
    own: int
    untrue: int
    changed: int
    compared: int
    baselines: tuple[Baseline, ...]
    drafts: tuple[int, float, int]
    repairs: tuple[int, float, int]
    timed: int
    speed: dict[Way, Rate]

    def ratio(self, way: Way, to: Way = "raw") -> tuple[float, float, float]:
        """Answers a second of one way over those of another: of all, lowest and highest block."""
        one, other = self.speed[way], self.speed[to]
        pairs = zip(one.by_block, other.by_block, strict=True)
        by_block = [a / b for a, b in pairs if b] or [0.0]
        whole = one.per_second / other.per_second if other.per_second else 0.0
        return whole, min(by_block), max(by_block)

    def as_markdown(self) -> str:
        """Three tables: whose words, against baselines, and how fast."""
        head = (
            f"`{self.model}`, {self.users} users, first item each, {self.worded} of them for a "
            f"language model, {self.concurrency} requests at once."
        )
        words = markdown_table(("what became of it", "texts", "share"), list(self._words()))
        truth = markdown_table(
            (
                "way",
                "answers",
                "with something the verifier does not pass",
                "of them a wrong name, number, rating or cause",
            ),
            list(self._truth()),
        )
        speed = markdown_table(
            ("way", "answers/s", "over raw (lowest–highest block)", "tokens each", "prompt cached"),
            list(self._speed()),
        )
        timed = f"The first {self.timed} of them, timed:"
        asked = "\n".join(self._asked())
        return f"{head}\n\n{words}\n{truth}\n{timed}\n\n{speed}\n{asked}\n"

    def _words(self) -> Iterator[tuple[str, str, str]]:
        for verdict in ("supported", "repaired", "template", "abstained"):
            count = self.verdicts.get(verdict, 0)
            yield verdict, str(count), _share(count, self.users)
        yield "the model's own", str(self.own), _share(self.own, self.users)
        yield "different skeletons", str(self.skeletons), _share(self.skeletons, self.own)
        text = "another user's causes change skeleton or chosen evidence"
        yield text, f"{self.changed} of {self.compared}", _share(self.changed, self.compared)
        for kind, count in sorted(self.violations.items(), key=lambda pair: -pair[1]):
            yield f"drafts with `{kind}`", str(count), _share(count, self.worded)

    def _truth(self) -> Iterator[tuple[str, str, str, str]]:
        shown = _share(self.untrue, self.own)
        yield "placeholders, verified: what is shown, read once more", str(self.own), shown, "–"
        for one in self.baselines:
            bad, foreign = (_share(count, one.answers) for count in (one.unsupported, one.foreign))
            yield _NAMES[one.name], str(one.answers), bad, foreign

    def _speed(self) -> Iterator[tuple[str, str, str, str, str]]:
        for way, rate in self.speed.items():
            ratio = "{:.2f} ({:.2f}–{:.2f})".format(*self.ratio(way))
            tokens = f"{rate.tokens / rate.answers:.0f}" if rate.answers else "–"
            yield _WAYS[way], f"{rate.per_second:.2f}", ratio, tokens, f"{rate.cached:.0%}"

    def _asked(self) -> Iterator[str]:
        for name, (count, seconds, tokens) in (("drafts", self.drafts), ("repairs", self.repairs)):
            yield f"- {name}: {count} requests, {seconds:.0f} s of waiting, {tokens} tokens"
        own = self.speed["repaired"]
        rate = own.own / own.seconds if own.seconds else 0.0
        yield f"- texts of the model's own, repairs included: {rate:.2f}/s"


def _share(count: int, of: int) -> str:
    return f"{count / of:.1%}" if of else "–"
