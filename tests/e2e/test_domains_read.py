"""Workspaces of every domain in both languages: no true text is called untrue, and faults are.

Bought, read, enrolled, rated on six scales or not at all, with days and without; titles with
quotes, values in several words, Chinese catalogues, items that must not be named.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent.evals.cases import Case
from recx_agent.evals.cases.houses import houses_of
from recx_agent.evals.cases.workspace import sources_of, workspace_cases
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers import scorers_of
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.judges import grounded_scorers
from recx_agent.evals.scorers.grounded.source import raw_of
from recx_agent.evals.writers import WriterUnderTest
from recx_agent.evals.writers.ranking import RankedStatements
from recx_agent.evals.writers.template import TemplateTexts
from recx_agent.recx import Recx
from recx_agent.settings import WordingSettings
from tests.e2e.planted_in_domains import OPERATORS, Place
from tests.e2e.raw_report import report
from tests.unit.evals.domains.worlds import DOMAINS

LEAST = 0.95
USERS = 14
ASKED = ["grounded.untrue", "grounded.unread", "grounded.refuted"]


def sample_of(writer: WriterUnderTest, name: str, case: Case) -> Sample:
    text = asyncio.run(writer.write(case))
    return Sample(
        key=case.key,
        writer=name,
        user_id=case.user_id,
        item_id=case.item_id,
        language=case.language,
        text=text.text,
        sentences=text.sentences,
        evidence=case.evidence,
        extra={**case.extra, **text.extra},
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Raw, list[Sample]]]]:
    """By domain, the files and true texts, each judged to be true."""
    found: dict[str, tuple[Raw, list[Sample]]] = {}
    wrong: list[str] = []
    for name, domain in DOMAINS.items():
        with Recx.open(domain.fitted(tmp_path_factory.mktemp(name))) as recx:
            sources = sources_of(recx)
            scorers = scorers_of(ASKED, sources)
            raw = raw_of(sources)
            assert raw is not None
            writers: dict[str, WriterUnderTest] = {
                "template": TemplateTexts(recx.settings),
                "ranking": RankedStatements(3),
            }
            samples = [
                sample_of(writer, called, case)
                for language in ("en", "zh")
                for case in workspace_cases(recx, users=USERS, language=language)
                for called, writer in writers.items()
            ]
        for sample in samples:
            scores = {scorer.name: scorer.score(sample) for scorer in scorers}  # type: ignore[union-attr]
            wrong += [
                f"{name} {sample.writer} {what}: {sample.text} — {score.value} {score.reason}"
                for what, score in scores.items()
                if score.value != 0
            ]
        found[name] = raw, samples
    assert wrong == [], f"{len(wrong)}\n" + "\n".join(wrong[:10])
    yield found


def test_texts_of_every_domain_are_read_and_true(
    told: dict[str, tuple[Raw, list[Sample]]],
) -> None:
    assert {sample.language for _, samples in told.values() for sample in samples} == {"en", "zh"}
    assert sum(len(samples) for _, samples in told.values()) == len(DOMAINS) * USERS * 4


def test_planted_faults_are_found_in_every_domain(
    told: dict[str, tuple[Raw, list[Sample]]], tmp_path: Path
) -> None:
    dice = random.Random(12)
    planted: Counter[str] = Counter()
    missed: dict[str, list[str]] = {}
    for name, (raw, samples) in told.items():
        (untrue,) = (one for one in grounded_scorers(raw) if one.name == "untrue")
        for sample in samples:
            if sample.writer != "template":
                continue
            for operator, plant in OPERATORS.items():
                made = plant(Place(raw, sample, dice))
                if made is None:
                    continue
                planted[operator] += 1
                if not untrue.score(made).value:
                    missed.setdefault(operator, []).append(f"{name}: {made.text}")
    shares = {one: f"{n - len(missed.get(one, ()))} of {n}" for one, n in planted.items()}
    report("planted in six domains, found", shares)
    assert set(planted) == set(OPERATORS)
    short = {
        one: missed[one][:3]
        for one, n in planted.items()
        if len(missed.get(one, ())) > (1 - LEAST) * n
    }
    assert short == {}


def test_what_things_are_called_is_asked_for_by_name() -> None:
    """A wording of one's own reaches the reader by way of the run, as plain data."""
    houses = houses_of(WordingSettings(item="TV series", attribute_names={"cast": "actors"}))
    assert (houses["en"].one, houses["en"].many) == ("TV series", "TV series")
    assert houses["en"].called("cast") == "actors"
    assert houses["zh"].one == "内容"
