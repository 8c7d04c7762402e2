"""BERTScore with a real model, which nothing has to be downloaded for."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.errors import SettingsError
from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.text.bertscore import BertScore


def sample(text: str, reference: str, language: str = "en") -> Sample:
    return Sample(text, "w", "u", "i", language, text, reference=reference)


def test_it_is_one_of_itself_and_prints_its_setting() -> None:
    minilm = BertScore("bertscore_minilm_f1", "minilm", 6)
    said = "You rated it 5 out of 5."
    same = minilm.score(sample(said, said))
    near = minilm.score(sample(said, "You gave it 5 out of 5."))
    far = minilm.score(sample(said, "Rain fell on the harbour."))
    assert same.value == pytest.approx(1.0, abs=1e-5)
    assert near.value is not None and far.value is not None
    assert 1.0 > near.value > far.value
    assert same.reason.startswith("minilm_L6_no-idf_version=")
    with pytest.raises(SettingsError, match="MiniLM knows no Chinese"):
        minilm.score(sample("电影", "影片", "zh"))


def test_a_model_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    model = BertScore(model=str(tmp_path / "nothing"), layer=2)
    with pytest.raises(SettingsError, match="bertscore_minilm_f1, which needs no download"):
        model.score(sample("a", "b"))
