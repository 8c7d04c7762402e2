"""The judges of planted worlds, each against cases worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers import Score, Sources, scorers_of
from recx_agent.evals.scorers.worlds.judges import world_scorers
from recx_agent.evals.worlds import Rule
from tests.unit.evals.scorers.worlds.ruled import VALUES, ruled_sample

GENRE = Rule("attribute", ("genre=Drama",), ("i1", "i2", "i3", "new"))
BOTH = Rule("conjunction", ("genre=Drama", "era=Postwar"), ("i1", "i2", "new"))
TWINNED = Rule("correlated", ("genre=Horror",), ("i1", "new"), ("tone=Moonlit",))
SERIES = Rule("alike", (), ("i1", "i2", "new"))
COIN = Rule("coin")
HISTORY = {"i1": 0.9, "i2": 0.5, "i4": 0.3, "i3": 0.1, "i5": -0.4}
ATTRIBUTES = {"genre=Drama": 1.0, "tags=Islands": 0.6, "era=Postwar": 0.2, "tone=Sunlit": -0.1}
REASON = "Because you rated “Title i1” and “Title i4” 5 out of 5, “New” is suggested."
COMMON = "Like both, it is listed with genre Drama."
FACTS = "Its era is Postwar, and its tags Islands."
AGAINST = "What counts against it is “Title i5”."


def sample(
    rule: Rule,
    *told: tuple[str, str],
    history: Mapping[str, float] = HISTORY,
    attributes: Mapping[str, float] = ATTRIBUTES,
    verdict: str = "template",
) -> Sample:
    sentences = tuple(Sentence(text, tuple(cites.split())) for text, cites in told)
    return ruled_sample(rule, sentences, history, attributes, verdict)


def score(name: str, judged: Sample) -> Score:
    (scorer,) = (one for one in world_scorers(VALUES) if one.name == name)
    return scorer.score(judged)


def value(name: str, judged: Sample) -> float | None:
    return score(name, judged).value


USUAL = [(REASON, "H1 H3"), (COMMON, "H1 H3 F1"), (FACTS, "F1 F2"), (AGAINST, "H5")]


def test_a_rule_named_beside_the_reason_is_told_and_a_fact_is_not() -> None:
    told = sample(GENRE, *USUAL)
    assert value("rule_recall", told) == 1.0
    assert value("rule_precision", told) == 1.0
    assert value("distractor_told", told) == 0.0
    assert value("rule_recall", sample(GENRE, (REASON, "H1"), ("Genre Drama.", "F1"))) == 0.0


def test_of_a_conjunction_each_attribute_is_a_part() -> None:
    told = sample(BOTH, *USUAL)
    assert value("rule_recall", told) == 0.5
    assert score("rule_recall", told).reason == "not told: ['era=Postwar']"
    whole = sample(BOTH, ("For the genre Drama and the era Postwar.", "A1 A3"))
    assert value("rule_recall", whole) == 1.0


def test_free_words_without_citations_are_all_reasons() -> None:
    told = sample(GENRE, (f"{REASON} {COMMON} {FACTS}", ""))
    assert value("rule_recall", told) == 1.0
    assert value("rule_precision", told) == pytest.approx(1 / 3)
    assert value("distractor_told", told) == 1.0
    without_sentences = replace(told, sentences=())
    assert value("rule_precision", without_sentences) == pytest.approx(1 / 3)


def test_items_told_are_held_against_those_that_follow_the_rule() -> None:
    told = sample(GENRE, *USUAL)
    assert value("evidence_precision", told) == 0.5
    assert "i4" in score("evidence_precision", told).reason
    assert value("evidence_precision", sample(GENRE, (AGAINST, "H5"))) is None


def test_a_rule_that_no_attribute_names_is_told_by_items() -> None:
    told = sample(SERIES, *USUAL)
    assert value("rule_recall", told) == 1.0
    assert value("rule_precision", told) == 0.5
    assert value("told_of_carried", told) == 1.0
    other = sample(SERIES, ("Because you rated “Title i4” 5 out of 5.", "H3"))
    assert value("rule_recall", other) == value("rule_precision", other) == 0.0


def test_what_only_goes_together_with_the_rule_is_told_apart() -> None:
    told = sample(TWINNED, ("For the tone Moonlit.", "A1"))
    assert value("twin_told", told) == 1.0
    assert value("distractor_told", told) == 0.0
    assert value("rule_recall", told) == value("rule_precision", told) == 0.0
    assert value("twin_told", sample(TWINNED, ("For the genre Horror.", "A1"))) == 0.0
    assert value("twin_told", sample(GENRE, *USUAL)) is None


def test_what_the_terms_carry_is_counted_among_as_many_as_the_rule_has_parts() -> None:
    assert value("model_recall", sample(GENRE, *USUAL)) == 1.0
    assert value("model_recall", sample(BOTH, *USUAL)) == 0.5
    assert value("model_recall", sample(SERIES, *USUAL)) == 1.0
    unlearnt = {**ATTRIBUTES, "tags=Islands": 1.1}
    assert value("model_recall", sample(GENRE, *USUAL, attributes=unlearnt)) == 0.0
    negative = {"genre=Drama": -0.1, "tags=Islands": -0.2}
    assert value("model_recall", sample(GENRE, *USUAL, attributes=negative)) == 0.0
    assert value("model_recall", sample(SERIES, *USUAL, history={"i4": 1.0, "i1": 0.9})) == 0.0


def test_the_three_largest_causes_are_held_against_the_rule() -> None:
    assert value("model_evidence", sample(GENRE, *USUAL)) == pytest.approx(2 / 3)
    few = {"i1": 0.9, "i4": -0.2}
    assert value("model_evidence", sample(GENRE, *USUAL, history=few)) == 1.0
    assert value("model_evidence", sample(GENRE, *USUAL, history={"i1": -1.0})) is None


def test_of_a_text_no_more_is_asked_than_the_terms_carry() -> None:
    told = sample(BOTH, *USUAL)
    assert value("rule_recall", told) == 0.5
    assert value("told_of_carried", told) == 1.0
    assert value("told_of_carried", sample(BOTH, (REASON, "H1"))) == 0.0
    unlearnt = {"tags=Islands": 2.0, "tone=Sunlit": 1.5, "genre=Drama": 0.1}
    assert value("told_of_carried", sample(BOTH, *USUAL, attributes=unlearnt)) is None


def test_abstaining_is_right_where_the_rule_cannot_be_known() -> None:
    none = ("Nothing in your history stands out.", "T1")
    silent, talking = sample(COIN, none, verdict="abstained"), sample(COIN, *USUAL)
    assert value("abstained_rightly", silent) == value("abstained_coin", silent) == 1.0
    assert value("abstained_rightly", talking) == value("abstained_coin", talking) == 0.0
    assert value("abstained_wrongly", silent) is None
    wrongly = sample(GENRE, none, verdict="abstained")
    assert value("abstained_wrongly", wrongly) == value("abstained_attribute", wrongly) == 1.0
    assert value("rule_recall", wrongly) == 0.0
    assert value("rule_precision", wrongly) is None
    assert value("abstained_rightly", wrongly) is None


@pytest.mark.parametrize(
    ("text", "cites", "abstains"),
    [
        ("There is no clear reason.", "", 1.0),
        ("Many people liked it.", "B1", 1.0),
        (FACTS, "F1 F2", 1.0),
        (REASON, "H1 H3", 0.0),
        ("You like Railways.", "", 0.0),
    ],
)
def test_of_a_writer_without_verdicts_the_text_decides(
    text: str, cites: str, abstains: float
) -> None:
    assert value("abstained_rightly", sample(COIN, (text, cites), verdict="")) == abstains


def test_of_an_item_outside_the_rule_the_rule_is_no_reason() -> None:
    alien = replace(sample(GENRE, *USUAL), item_id="i99")
    assert value("model_fits", alien) == 0.0
    for name in ("rule_recall", "model_recall", "distractor_told", "abstained_wrongly"):
        assert score(name, alien).answer == "no item of the rule"
    assert value("model_fits", sample(GENRE, *USUAL)) == 1.0
    assert value("model_fits", sample(COIN, *USUAL)) is None


def test_each_rule_has_figures_of_its_own() -> None:
    told = sample(BOTH, *USUAL)
    assert value("rule_recall_conjunction", told) == 0.5
    assert score("rule_recall_attribute", told).answer == "another rule"


@pytest.mark.parametrize("missing", ["rule", "explanation"])
def test_a_sample_without_rule_or_terms_is_unscored(missing: str) -> None:
    told = sample(GENRE, *USUAL)
    bare = replace(told, extra={k: v for k, v in told.extra.items() if k != missing})
    for scorer in world_scorers(VALUES):
        assert scorer.score(bare) == Score(
            None, "no rule", f"the sample has no {missing!r} in its extra"
        )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chinese_texts_are_read_for_the_same_marks(language: str) -> None:
    text = {
        "en": "Because you liked “Title i1” for its genre Drama.",
        "zh": "因为您给《Title i1》打了5分；两者的类型都是Drama。",
    }[language]
    told = replace(sample(GENRE, (text, "H1 F1")), language=language)
    assert value("rule_recall", told) == 1.0
    assert value("evidence_precision", told) == 1.0


def test_the_family_knows_the_values_of_the_items_file(tmp_path: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("item_id,title,genre,label\ni1,One,Drama,Highgate|Harbour View\n")
    (scorer,) = scorers_of(["worlds.distractor_told"], Sources(items=items))
    told = sample(GENRE, ("For its Harbour View.", "A1"))
    assert scorer.score(told) == Score(1.0, "Harbour View")  # type: ignore[union-attr]
    names = [one.name for one in scorers_of(["worlds"])]
    assert len(names) == len(set(names))
