"""Untruths of a second hand, planted into true sentences about MovieLens: the verifier finds them.

The kinds (:mod:`recx_agent.evals.meta.first`) were written without a look at the
verifier, after it was finished. The table of docs/verification.md holds what is found here.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.evals.meta.first import LIES, Planted, planted
from recx_agent.evals.meta.stage import Stage
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.written import WrittenCheck
from recx_agent.factory import slots_of, speech_of
from recx_agent.protocols import Plan
from tests.e2e.raw_report import public, report
from tests.e2e.test_free_sentences import FILM, written

DOCS = Path(__file__).parents[2] / "docs" / "verification.md"
PLANTED = 40
AGAINST, SO_OFTEN, LIST = "what counts against told as cause", 20, 10
"""Films that count against the very first suggestion are rare: planted into whole lists."""
_ROW = re.compile(r"^\| ([a-z ]+) \| (\d+) % \| (\d+) % \| (\d+) % \| (\d+) % \|$", re.MULTILINE)
Json = dict[str, Any]


@dataclass
class Tally:
    """Of one language: how many untruths were planted, and how many who found."""

    planted: Counter[str] = field(default_factory=Counter)
    by_verifier: Counter[str] = field(default_factory=Counter)
    by_second_check: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    false_alarms: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tallies(film_workspace: Path, users: list[str], raw: Raw) -> dict[str, Tally]:
    with Recx.open(film_workspace, wording={"by_language": {"zh": FILM["zh"]}}) as recx:
        return {language: tally(recx, language, users, raw) for language in ("en", "zh")}


def tally(recx: Recx, language: str, users: list[str], raw: Raw) -> Tally:
    told = Tally()
    for lie, explanation, plan, k in places(recx, language, users, raw):
        slots, judge = slots_of(plan), speech_of(plan.wording).judge
        told.planted[lie.kind] += 1
        true = judge.read(lie.true, plan, slots)
        if not true.ok:
            details = [v.detail for s in true.sentences for v in s.violations]
            told.false_alarms.append(f"{lie.true} {details}")
        untrue = judge.read(lie.untrue, plan, slots)
        # What is shown cites what the verifier read, whatever a model says that it cites.
        cited = {id for sentence in untrue.sentences for id in sentence.evidence}
        wrong_citation = lie.true == lie.untrue
        if not set(lie.cited_untruly) <= cited if wrong_citation else not untrue.ok:
            told.by_verifier[lie.kind] += 1
        else:
            told.missed[lie.kind].append(lie.untrue)
        shown = written(explanation, lie.untrue, lie.cited_untruly)
        told.by_second_check[lie.kind] += bool(WrittenCheck(raw, shown, k).sentence(0))
    return told


def places(
    recx: Recx, language: str, users: list[str], raw: Raw
) -> Iterator[tuple[Planted, Json, Plan, int]]:
    """Each kind up to so many times, with the explanation and the plan that it stands in."""
    left = {**dict.fromkeys(LIES, PLANTED), AGAINST: SO_OFTEN}
    for seed, user in enumerate(users[:120]):
        explanation = public(recx.explain_list(user, 1, language=language)[0])
        (plan,) = recx.plans(user, 1, language=language)
        for lie in planted(raw, [explanation], seed, times=1):
            if left[lie.kind]:
                left[lie.kind] -= 1
                yield lie, explanation, plan, 1
    for seed, user in enumerate(users):
        explanations = recx.explain_list(user, LIST, language=language)
        for shown, plan in zip(
            explanations, recx.plans(user, LIST, language=language), strict=True
        ):
            if not left[AGAINST]:
                return
            if any(p.id[0] == "H" and (p.contribution or 0) < 0 for p in shown.evidence):
                stage = Stage(raw, public(shown), random.Random(seed))
                made = LIES[AGAINST](stage) if stage.causes else None
                if made is not None and len(made) == 3:
                    left[AGAINST] -= 1
                    true = tuple(stage.evidence_of(made[0]))
                    lie = Planted(AGAINST, made[0], made[1], true, tuple(made[2]))
                    yield lie, dict(stage.explanation), plan, LIST


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_is_planted(tallies: dict[str, Tally], language: str) -> None:
    planted = tallies[language].planted
    assert set(planted) == set(LIES)
    assert len(planted) >= 30 and min(planted.values()) >= 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_verifier_finds_untruths_of_every_kind(
    tallies: dict[str, Tally], language: str
) -> None:
    told = tallies[language]
    counts = {
        kind: f"{told.planted[kind]} planted, {told.by_verifier[kind]} found by the verifier, "
        f"{told.by_second_check[kind]} by the second check"
        for kind in LIES
    }
    report(f"untruths of a second hand, {language}", counts)
    few = {k for k in LIES if told.by_verifier[k] < 0.95 * told.planted[k]}
    assert not few, "\n".join(f"{kind}: {told.missed[kind][:3]}" for kind in few)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_true_sentences_pass(tallies: dict[str, Tally], language: str) -> None:
    found = tallies[language].false_alarms
    assert not found, "\n".join(found[:20])


def test_the_page_says_what_is_found(tallies: dict[str, Tally]) -> None:
    rows = {row[0]: [int(share) for share in row[1:]] for row in _ROW.findall(DOCS.read_text())}
    found = {
        kind: [
            100 * by[kind] // told.planted[kind]
            for told in (tallies["en"], tallies["zh"])
            for by in (told.by_verifier, told.by_second_check)
        ]
        for kind in LIES
    }
    assert rows == found
