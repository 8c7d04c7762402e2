"""Every sentence of the templates on MovieLens, read by the verifier: all pass, or it is said why.

A template's sentence is true by construction. What the verifier refuses of them a language model
may not word in that way; the page docs/verification.md lists those kinds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.cli.demo import FILMS
from recx_agent.factory import slots_of, speech_of
from recx_agent.prompts import TemplateWriter
from tests.e2e.raw_report import report

DOCS = Path(__file__).parents[2] / "docs" / "verification.md"
ALL = {"against", "context", "everyone", "everyone_against", "fact", "support"}
"""Kinds whose every sentence is read."""
PARTLY = {"because_attr", "because_history", "in_common", "weighed_most", "without"}
"""Kinds of which some sentences are not."""
NEVER = {
    "because_others", "chosen_elsewhere", "current_fact", "no_history", "no_single_cause",
    "outside", "own_item", "rests_everyone", "speaks_for", "unforetold",
}  # fmt: skip
"""Kinds that no language model is asked to word."""
USERS = 60
_ROW = re.compile(r"^\| `(\w+)` \| (\d+) % \| (\d+) % \|", re.MULTILINE)


@dataclass
class Tally:
    """Sentences by kind, those that pass, and some that do not."""

    told: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def share(self, kind: str) -> float:
        return self.passed[kind] / self.told[kind]


@pytest.fixture(scope="module")
def tallies(film_workspace: Path, users: list[str]) -> dict[str, Tally]:
    with Recx.open(film_workspace, **FILMS) as recx:
        return {language: tally(recx, language, users[:USERS]) for language in ("en", "zh")}


def tally(recx: Recx, language: str, users: list[str]) -> Tally:
    """Of each user's list every third item, in every style."""
    found = Tally()
    for kind, text, wrong in read(recx, language, users):
        found.told[kind] += 1
        found.passed[kind] += not wrong
        if wrong:
            found.refused[kind].append(f"{text} {wrong}")
    return found


def read(recx: Recx, language: str, users: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    writer = TemplateWriter(language)
    for user in users:
        for plan in recx.plans(user, 10, language=language)[::3]:
            slots, judge = slots_of(plan), speech_of(plan.wording).judge
            for variant in range(len(writer.styles)):
                draft = writer.write(replace(plan, variant=variant))
                judged = judge.read(draft.text, plan, slots).sentences
                assert len(judged) == len(draft.sentences), draft.text
                for claim, one in zip(plan.claims, judged, strict=False):
                    yield claim.kind, one.raw, [found.detail for found in one.violations]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_kinds_that_are_read_in_full_are(tallies: dict[str, Tally], language: str) -> None:
    found = tallies[language]
    report(
        f"template sentences that the verifier reads, {language}",
        {kind: f"{found.passed[kind]}/{n}" for kind, n in found.told.items()},
    )
    assert set(found.told) <= ALL | PARTLY | NEVER
    refused = [text for kind in ALL for text in found.refused[kind]]
    assert not refused, "\n".join(refused[:20])
    assert {"everyone", "fact", "against"} <= set(found.told), "the sample has some of them"


def test_the_page_says_how_many_of_the_others_are(tallies: dict[str, Tally]) -> None:
    """The shares hang on the list's causes a little: they are given to ten points."""
    rows = {kind: (int(en), int(zh)) for kind, en, zh in _ROW.findall(DOCS.read_text())}
    assert set(rows) == PARTLY - {"because_attr"}
    for kind, shares in rows.items():
        for language, share in zip(("en", "zh"), shares, strict=True):
            assert abs(100 * tallies[language].share(kind) - share) <= 10, (language, kind)
