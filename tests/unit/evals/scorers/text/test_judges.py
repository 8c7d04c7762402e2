"""The text metrics as scorers of samples."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from recx_agent.errors import DataError, SettingsError
from recx_agent.evals.samples import Piece, Sample
from recx_agent.evals.scorers import GroupScorer, Scorer, Sources, is_group, scorers_of
from recx_agent.evals.scorers.text import variety
from recx_agent.evals.scorers.text.catalogue import features_of
from recx_agent.evals.scorers.text.overlap import bleu
from recx_agent.settings import DataSettings


def sample(text: str, reference: str | None = None, language: str = "en", **extra: str) -> Sample:
    evidence = (Piece("F1", "fact", "A dark comedy of 1996."),)
    return Sample(
        text, "w", "u", "i", language, text, reference=reference, evidence=evidence, extra=extra
    )


def group(name: str, sources: Sources | None = None) -> GroupScorer:
    (scorer,) = scorers_of([f"text.{name}"], sources)
    assert is_group(scorer)
    return scorer


def single(name: str) -> Scorer:
    (scorer,) = scorers_of([f"text.{name}"])
    assert not is_group(scorer)
    return cast(Scorer, scorer)


def test_every_scorer_stays_in_its_range_or_is_unscored() -> None:
    own = [
        sample("A dark comedy.", "A comedy.", feature="comedy"),
        sample("《甲》是喜剧。", None, "zh"),
        sample("", "x"),
        sample("…"),
    ]
    for scorer in scorers_of(["text"]):
        if is_group(scorer):
            values = [scorer.value(own)]
        else:
            values = [cast(Scorer, scorer).score(s).value for s in own]
        assert any(value is not None for value in values), scorer.name
        for value in values:
            if value is not None:
                assert scorer.low is None or value >= scorer.low
                assert scorer.high is None or value <= scorer.high


def test_without_a_reference_or_a_text_there_is_no_score() -> None:
    assert single("rouge_l").score(sample("x")).answer == "no reference"
    assert single("rouge_l").score(sample("A b.", "A b.")).value == 1.0
    assert single("words").score(sample("")).answer == "no text"
    assert single("readability").score(sample("电影", language="zh")).answer == "another language"
    assert single("words_carried").score(sample("电影", language="zh")).value is None
    assert single("words_carried").score(sample("A bright comedy.")).value == 0.5
    assert group("bleu_4").value([sample("x")]) is None
    assert group("fmr").value([sample("x")]) is None


def test_languages_are_measured_apart() -> None:
    own = [sample("a b"), sample("a c"), sample("好看好看", language="zh")]
    distinct = group("distinct_1").value(own)
    assert distinct == pytest.approx((2 * 3 / 4 + 1 * 0.5) / 3)
    assert group("bleu_1").value([sample("a b", "a b"), sample("好", "坏", "zh")]) == pytest.approx(
        (100 + bleu(["好"], ["坏"], 1, "zh")) / 2
    )


def test_features_are_those_of_the_catalogue_or_the_gold_ones(tmp_path: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("item_id,title,year,genre\n1,Heat,1995,Crime|War\n2,Emma,1996,Drama\n")
    sources = Sources(None, items)
    assert features_of(sources) == {"Crime", "War", "Drama"}
    assert features_of(Sources(None, items, DataSettings(attributes=("year",)))) == set()
    texts = [sample("A crime film."), sample("Crime and war.")]
    assert group("fcr", sources).value(texts) == pytest.approx(2 / 3)
    assert group("div", sources).value(texts) == 1.0
    gold = [sample("crime", feature="crime"), sample("drama", feature="war")]
    assert group("fmr").value(gold) == group("fcr").value(gold) == 0.5
    items.write_bytes(b"item_id,genre\n1,\xff\n")
    with pytest.raises(DataError, match=r"items\.csv"):
        features_of(sources)


def test_scores_do_not_hang_on_threads() -> None:
    own = [sample(f"A dark comedy of {n} mysteries.", "A comedy.") for n in range(30)]
    scorers = [cast(Scorer, one) for one in scorers_of(["text"]) if not is_group(one)]
    gate = threading.Barrier(4)

    def all_of(_: int) -> list[float | None]:
        gate.wait(30)
        return [scorer.score(one).value for scorer in scorers for one in own]

    with ThreadPoolExecutor(4) as pool:
        first, *rest = pool.map(all_of, range(4))
    assert all(other == first for other in rest)


def test_bertscore_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bert_score", None)
    one, other = (cast(Scorer, scorer) for scorer in scorers_of(["bertscore"]))
    assert one.family == other.family == "bertscore"
    for scorer in (one, other):
        assert scorer.score(sample("a")).answer == "no reference"
        with pytest.raises(SettingsError, match=r"recx-agent\[bertscore\]"):
            scorer.score(sample("a", "b"))


def test_skeletons_of_samples() -> None:
    own = [sample("“Heat” got 5."), sample("“Alien” got 4.")]
    assert group("skeleton_share").value(own) == 1.0 == variety.skeleton_share(["1.", "2."])
    assert group("usr").value(own) == 1.0
