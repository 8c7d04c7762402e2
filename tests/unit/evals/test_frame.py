"""Scorers on a data frame."""

from __future__ import annotations

import doctest

import numpy as np
import pandas as pd
import pytest

from recx_agent.errors import DataError, SettingsError
from recx_agent.evals import frame as module
from recx_agent.evals import score_frame
from recx_agent.evals.frame import _sample
from recx_agent.evals.samples import Piece, Sentence

pytestmark = pytest.mark.usefixtures("known_judges")


def test_scores_stand_beside_the_texts() -> None:
    texts = pd.DataFrame(
        {"text": ["You liked Heat.", "", "Heat Heat"], "item_id": ["Heat", "Alien", "Heat"]},
        index=[7, 3, 5],
    )
    found = score_frame(texts, ["judges"])
    assert found.values.index.tolist() == [7, 3, 5]
    assert found.values["length"].tolist() == [3.0, 0.0, 2.0]
    assert found.values["title_named"].isna().tolist() == [False, True, False]
    assert found.reasons.loc[7, "title_named"] == "yes: looked for Heat"
    assert found.reasons.loc[3, "title_named"] == "no text"
    figures = found.figures.set_index("metric")
    assert figures.loc["different_words", "value"] == 4 / 5
    assert (figures.loc["title_named", "value"], figures.loc["title_named", "n"]) == (1.0, 2)


def test_writers_are_told_apart_and_users_counted_once() -> None:
    texts = pd.DataFrame(
        {"text": ["a b", "a", "a a", "b"], "writer": list("xxyy"), "user_id": ["u", "u", "u", "v"]}
    )
    figures = score_frame(texts, ["judges.length"]).figures
    assert figures["value"].tolist() == [1.5, 1.5]
    assert figures["low"].isna().tolist() == [True, False], "one user has no interval"


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        ("it is a drama", [Piece("E1", "fact", "it is a drama")]),
        (["a", "b"], [Piece("E1", "fact", "a"), Piece("E2", "fact", "b")]),
        (np.array(["a"], dtype=object), [Piece("E1", "fact", "a")]),
        ({"H1": "a"}, [Piece("H1", "fact", "a")]),
        (
            [{"id": "H1", "text": "a", "kind": "cause", "fields": {"rating": 4}}],
            [Piece("H1", "cause", "a", {"rating": 4})],
        ),
        (None, []),
        (float("nan"), []),
    ],
)
def test_evidence_is_taken_as_it_comes(cell: object, pieces: list[Piece]) -> None:
    sample = _sample(0, {"text": "x", "evidence": cell}, "en")
    assert list(sample.evidence) == pieces


def test_markers_are_citations_and_no_words() -> None:
    sample = _sample(0, {"text": "You liked it [E1]. Good.", "evidence": ["a"]}, "en")
    assert sample.sentences == (Sentence("You liked it.", ("E1",)), Sentence("Good."))
    assert sample.text == "You liked it. Good."
    given = _sample(0, {"text": "Good.", "sentences": [{"text": "Good.", "cites": ["E1"]}]}, "en")
    assert given.sentences == (Sentence("Good.", ("E1",)),)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"txt": ["a"]}, "no column 'text'; there are txt"),
        ({"text": ["a", None]}, "row 1, field 'text': no text"),
        ({"text": ["a"], "evidence": [[{"id": "H1"}]]}, "row 0, field 'evidence'"),
        ({"text": ["a"], "evidence": [[{"text": "a", "kind": "rumour"}]]}, "'rumour' is no kind"),
        ({"text": ["a"], "sentences": [["a"]]}, "row 0, field 'sentences'"),
    ],
)
def test_a_frame_that_cannot_be_used_says_where(
    columns: dict[str, list[object]], problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        score_frame(pd.DataFrame(columns), ["judges"])


def test_an_unknown_scorer_is_refused() -> None:
    with pytest.raises(SettingsError, match="no scorers 'jugdes'"):
        score_frame(pd.DataFrame({"text": ["a"]}), ["jugdes"])


def test_its_example_is_true() -> None:
    assert doctest.testmod(module).failed == 0
