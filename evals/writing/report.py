"""What was found, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recx_agent.evals.tables import markdown_table

_NAMES = {
    "naive": "naive prompting, evidence in words",
    "json": "JSON with citations, under a grammar",
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
    seconds: float
    raw_per_second: float
    grammar_per_second: float
    drafts: tuple[int, float, int]
    repairs: tuple[int, float, int]
    prompt_cached: float

    @property
    def ratio(self) -> float:
        """Verified texts of the model's own a second, over raw completions a second."""
        raw = self.raw_per_second
        return self.own / self.seconds / raw if self.seconds and raw else 0.0

    def as_markdown(self) -> str:
        """Three tables: whose words, against baselines, and what it costs."""
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
        cost = markdown_table(("what it costs", ""), list(self._cost()))
        return f"{head}\n\n{words}\n{truth}\n{cost}"

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

    def _cost(self) -> Iterator[tuple[str, str]]:
        yield "raw completions of the first prompts", f"{self.raw_per_second:.2f}/s"
        yield "the same with the grammar", f"{self.grammar_per_second:.2f}/s"
        if self.seconds:
            yield "texts, verified and repaired", f"{self.users / self.seconds:.2f}/s"
            yield "texts of the model's own", f"{self.own / self.seconds:.2f}/s"
        yield "own texts over raw completions", f"{self.ratio:.2f}"
        for name, (count, seconds, tokens) in (("drafts", self.drafts), ("repairs", self.repairs)):
            yield name, f"{count} requests, {seconds:.0f} s of waiting, {tokens} tokens"
        yield "prompt tokens served from the prefix cache", f"{self.prompt_cached:.0%}"


def _share(count: int, of: int) -> str:
    return f"{count / of:.1%}" if of else "–"
