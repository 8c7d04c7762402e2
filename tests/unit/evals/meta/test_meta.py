"""The evaluation of the scorers: operators, true texts, and the report."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.evals.meta import MetaReport, run_meta
from recx_agent.evals.meta.measure import Alarms, Detection
from recx_agent.evals.meta.operators import dice_of, operators
from recx_agent.evals.meta.place import Place
from recx_agent.evals.meta.world import FOLDER, hand_written, world
from recx_agent.evals.samples import Sentence

TIMES = 4
AFTERWARDS = "by hand, batch 8"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("meta")


@pytest.fixture(scope="module")
def report(folder: Path) -> MetaReport:
    return run_meta(folder, times=TIMES)


def test_there_are_operators_of_both_halves_and_true_texts_of_both_languages() -> None:
    made = operators()
    halves = Counter(operator.half for operator in made)
    assert len({operator.name for operator in made}) == len(made) >= 60
    assert halves["second"] >= halves["first"] >= 25
    for language in ("en", "zh"):
        texts = [sample.text for sample in hand_written(language)]
        assert len(set(texts)) == len(texts) >= 40


def test_the_small_world_is_whole() -> None:
    with (FOLDER / "interactions.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 80
    for language in ("en", "zh"):
        for sample in hand_written(language):
            cited = {id for sentence in sample.sentences for id in sentence.cites}
            assert cited and cited <= {piece.id for piece in sample.evidence}
            assert sample.user_id in world().ratings and sample.item_id in world().films


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_operator_changes_one_thing_and_the_same_dice_the_same(language: str) -> None:
    sample = hand_written(language)[0]
    for operator in operators():
        first, again = (
            operator.plant(Place(world(), sample, dice_of(3, operator.name))) for _ in range(2)
        )
        assert first == again
        if first is not None:
            assert (first.text, first.sentences) != (sample.text, sample.sentences)
            assert (first.evidence, first.extra) == (sample.evidence, sample.extra)
            assert first.text == ("" if language == "zh" else " ").join(
                sentence.text for sentence in first.sentences
            )


@pytest.mark.parametrize(
    ("language", "told", "planted"),
    [
        ("en", "You rated “Fargo” 5 out of 5.", True),
        ("en", "You rated “Fargo” 4 out of 5 or more.", False),
        ("en", "You rated “Fargo” at least 4 out of 5.", False),
        ("zh", "你给《Fargo》打了5分。", True),
        ("zh", "你给《Fargo》打了4分及以上。", False),
        ("zh", "你给《Fargo》至少打了4分。", False),
    ],
)
def test_a_rating_point_is_not_planted_where_it_may_be_true(
    language: str, told: str, planted: bool
) -> None:
    plant = next(o.plant for o in operators() if o.name == "one rating point")
    sample = replace(hand_written(language)[0], text=told, sentences=(Sentence(told, ("H1",)),))
    assert (plant(Place(world(), sample, dice_of(0))) is not None) == planted


def test_every_operator_is_planted_and_found(report: MetaReport) -> None:
    assert {d.language for d in report.detections} == {"en", "zh"}
    for found in report.detections:
        assert found.planted >= 2, found.operator
        least = 25 / 30 if found.half == "by hand" else 1.0
        assert found.share >= least, (found.operator, found.language, found.missed)
    by_hand = [found for found in report.detections if found.half == "by hand"]
    assert [found.planted for found in by_hand] == [40, 40] + [30] * 6


def test_the_texts_that_the_scorers_were_made_to_take_raise_no_alarm(report: MetaReport) -> None:
    alarms = {(a.source, a.language): a for a in report.alarms}
    taken = [a for (source, _), a in alarms.items() if "made to take" in source]
    assert len(taken) == 6 and all(a.texts >= 60 for a in taken)
    for one in taken:
        assert not one.raised["untrue"] and not one.raised["refuted"], one.raised
    others = [a for (s, _), a in alarms.items() if "in other words" in s or "twins" in s]
    assert others and not any(a.raised["untrue"] for a in others)


def test_refuted_keeps_its_promise_on_texts_in_free_words(report: MetaReport) -> None:
    own = [a for a in report.alarms if a.source.startswith("by hand, batch")]
    assert {a.source for a in own if a.texts} >= {f"by hand, batch {n}" for n in range(4, 9)}
    alarms = [text for a in own for text in a.raised["refuted"]]
    assert len(alarms) <= 0.01 * sum(a.texts for a in own), alarms


def test_what_falls_short_is_named(report: MetaReport) -> None:
    raised = {
        (a.source, a.language, name): len(texts)
        for a in report.alarms
        for name, texts in a.raised.items()
    }
    for language in ("en", "zh"):
        count = raised[AFTERWARDS, language, "untrue"]
        line = f"false alarms of untrue, {AFTERWARDS} ({language}): {count} of 61"
        assert (line in report.short) == (count > 0)
    missed = Detection("near title", "first", "en", 10, {"untrue": 9, "refuted": 9}, ["x"])
    wrong = Alarms("templates", "en", 100, {"untrue": ["x", "y"], "refuted": [], "unread": []})
    short = MetaReport([missed, Detection("never", "first", "zh")], [wrong], {}).short
    assert [line.partition(":")[0] for line in short] == [
        "near title (en, first half)",
        "never (zh)",
        "false alarms of untrue, templates (en)",
    ]


def test_the_interval_of_alarms_is_clopper_and_pearsons() -> None:
    none = Alarms("x", "en", 24)
    assert none.high("untrue") == pytest.approx(1 - 0.025 ** (1 / 24))
    assert (
        Alarms("x", "en", 1, {"untrue": ["a"], "refuted": [], "unread": []}).high("untrue") == 1.0
    )


def test_results_are_written(report: MetaReport, folder: Path) -> None:
    content = json.loads((folder / "results.json").read_text("utf-8"))
    assert content["setup"]["times"] == TIMES
    assert content["short"] == report.short
    assert (folder / "meta.md").read_text("utf-8") == report.as_markdown()
    assert "| near title | first | " in report.as_markdown()
