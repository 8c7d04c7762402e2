"""The second check takes true sentences in free words, and finds untruths of every kind."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.evals.meta.first import LIES, planted
from recx_agent.evals.meta.stage import Stage
from recx_agent.evals.scorers.grounded.data import Raw
from recx_agent.evals.scorers.grounded.written import WrittenCheck, problems_of
from tests.e2e.raw_report import public, report

FILM = {
    "en": {"item": "film", "attribute_names": {"year": "release year", "genre": "genre"}},
    "zh": {"item": "电影", "attribute_names": {"year": "年份", "genre": "类型"}},
}
PLANTED = 40
Json = dict[str, Any]


@pytest.fixture(scope="module", params=["en", "zh"])
def explanations(
    request: pytest.FixtureRequest, film_workspace: Path, users: list[str]
) -> list[Json]:
    recx = Recx.open(film_workspace, wording={"by_language": {"zh": FILM["zh"]}})
    with recx:
        return [
            public(recx.explain_list(user, 1, language=request.param)[0]) for user in users[:120]
        ]


def written(explanation: Mapping[str, Any], text: str, cited: Sequence[str]) -> Json:
    """The explanation as if a language model had written one sentence."""
    return {
        **explanation,
        "text": text,
        "sentences": [{"text": text, "evidence": list(cited)}],
        "verdict": "supported",
        "writer": {**explanation["writer"], "kind": "llm"},
    }


def test_what_templates_write_has_no_problem(explanations: list[Json], raw: Raw) -> None:
    assert not [problem for e in explanations for problem in problems_of(e, raw, 1)]


def test_true_sentences_in_other_words_are_taken(explanations: list[Json], raw: Raw) -> None:
    tried, found = 0, []
    for explanation in explanations:
        stage = Stage(raw, explanation, random.Random(0))
        for make in stage.frames.reasons if stage.causes else ():
            text = make(stage.item, stage.causes)
            tried += 1
            found += problems_of(written(explanation, text, stage.evidence_of(text)), raw, 1)
    assert tried >= 400
    assert not found, "\n".join(found[:20])


def test_untruths_of_every_kind_are_found(explanations: list[Json], raw: Raw) -> None:
    tried: Counter[str] = Counter()
    missed: dict[str, list[str]] = {}
    for lie, explanation in pairs(explanations, raw):
        untrue = written(explanation, lie.untrue, lie.cited_untruly)
        tried[lie.kind] += 1
        if not WrittenCheck(raw, untrue, 1).sentence(0):
            missed.setdefault(lie.kind, []).append(lie.untrue)
    found = {kind: f"{n - len(missed.get(kind, ()))}/{n}" for kind, n in tried.items()}
    report("untruths in free sentences found", found)
    assert not missed, "\n".join(f"{kind}: {texts[:3]}" for kind, texts in missed.items())
    # Films that count against the very first suggestion are told rarely, if at all.
    assert set(LIES) - set(tried) <= {"what counts against told as cause"}
    assert len(tried) >= 25 and sorted(tried.values())[2] >= 10


def pairs(explanations: list[Json], raw: Raw) -> list[tuple[Any, Json]]:
    """Each kind planted up to so many times, with the explanation that it stands in."""
    left = dict.fromkeys(LIES, PLANTED)
    found = []
    for seed, explanation in enumerate(explanations):
        for lie in planted(raw, [explanation], seed, times=1):
            if left[lie.kind]:
                left[lie.kind] -= 1
                found.append((lie, explanation))
    return found


def test_a_false_verdict_or_text_is_found(explanations: list[Json], raw: Raw) -> None:
    stage = next(s for e in explanations if (s := Stage(raw, e, random.Random(0))).causes)
    text = stage.reason()
    told = written(stage.explanation, text, stage.evidence_of(text))
    assert problems_of({**told, "text": text + " More."}, raw, 1)
    assert problems_of({**told, "verdict": "template"}, raw, 1)
    assert problems_of({**told, "user_id": "405" if told["user_id"] != "405" else "13"}, raw, 1)
