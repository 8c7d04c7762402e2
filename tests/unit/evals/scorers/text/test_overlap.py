"""BLEU and ROUGE are the libraries' own, and their closed forms."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from recx_agent.errors import SettingsError
from recx_agent.evals.scorers.text.overlap import bleu, cosine, rouge, rouge_l

TEXTS = ["The cat sat on the mat, twice.", "“Heat” is suggested; you rated it 5 out of 5."]
REFERENCES = ["A cat was on the mat.", "You rated it 4 out of 5, so “Heat” is suggested."]
ZH = (["推荐《Heat》，因为你打了5分。"], ["因为你打了5分，推荐《Heat》。"])
WORDS = st.lists(st.sampled_from("cat mat the sat on a".split()), min_size=1, max_size=9)


@pytest.mark.parametrize("order", [1, 4])
def test_bleu_is_sacrebleus(order: int) -> None:
    own = sacrebleu.BLEU(max_ngram_order=order)
    assert bleu(TEXTS, REFERENCES, order) == own.corpus_score(TEXTS, [REFERENCES]).score
    assert str(own.get_signature()).startswith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp")
    chinese = sacrebleu.BLEU(max_ngram_order=order, tokenize="zh")
    assert bleu(*ZH, order, "zh") == chinese.corpus_score(ZH[0], [ZH[1]]).score > 0


def test_bleu_4_of_papers_is_sacrebleus_default() -> None:
    assert bleu(TEXTS, REFERENCES) == sacrebleu.corpus_bleu(TEXTS, [REFERENCES]).score


def test_bleu_1_by_hand() -> None:
    # Four words, three of them in the reference of six: 3/4, and brevity exp(1 - 6/4).
    value = bleu(["the cat sat down"], ["the cat sat on the mat"], 1)
    assert value == pytest.approx(100 * 3 / 4 * math.exp(1 - 6 / 4))


def test_clipped_precision_of_papineni() -> None:
    # Papineni et al. 2002, example 2: "the" seven times has unigram precision 2/7.
    said, reference = "the the the the the the the", "the cat is on the mat"
    assert bleu([said], [reference], 1) == pytest.approx(100 * 2 / 7)


@pytest.mark.parametrize("kind", ["rouge1", "rouge2", "rougeL"])
def test_rouge_is_rouge_scores(kind: str) -> None:
    own = RougeScorer([kind], use_stemmer=True)
    expected = [own.score(r, t)[kind].fmeasure for t, r in zip(TEXTS, REFERENCES, strict=True)]
    assert rouge(TEXTS, REFERENCES, kind).tolist() == expected
    assert min(expected) > 0


def test_rouge_l_of_lin() -> None:
    # Lin 2004, section 3: "police kill the gunman" and "the gunman kill police" against
    # "police killed the gunman": 3/4 and 2/4.
    texts = ["police kill the gunman", "the gunman kill police"]
    assert rouge_l(texts, ["police killed the gunman"] * 2).tolist() == [1.0, 0.5]  # stems
    assert rouge_l(["police arrest the gunman"], ["police killed the gunman"]).tolist() == [0.75]


def test_rouge_of_chinese_counts_characters() -> None:
    # 我爱电影 and 我看电影: three of four characters, two of three... pairs: one.
    assert rouge(["我爱电影"], ["我看电影"], "rouge1", "zh").tolist() == [0.75]
    assert rouge(["我爱电影"], ["我看电影"], "rouge2", "zh").tolist() == pytest.approx([1 / 3])
    assert rouge(["我爱电影"], ["我看电影"], "rouge1", "en").tolist() == [0.0]


@given(WORDS, WORDS)
def test_rouge_is_symmetric_and_one_of_itself(one: list[str], other: list[str]) -> None:
    a, b = " ".join(one), " ".join(other)
    for kind in ("rouge1", "rougeL"):
        (there,), (back,) = rouge([a], [b], kind), rouge([b], [a], kind)
        assert there == pytest.approx(back)
        assert 0.0 <= there <= 1.0
        assert rouge([a], [a], kind).tolist() == [1.0]


@given(WORDS)
def test_bleu_of_itself_is_100(words: list[str]) -> None:
    text = " ".join(words)
    assert bleu([text], [text], 1) == pytest.approx(100)
    assert 0 <= bleu([text], ["on the other hand"], 4) < 100


def test_cosine_is_by_row() -> None:
    one = np.array([[1.0, 0.0], [0.6, 0.8]])
    assert cosine(one, np.array([[0.0, 1.0], [0.6, 0.8]])).tolist() == [0.0, 1.0]


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    with pytest.raises(SettingsError, match=r"recx-agent\[evals\]"):
        bleu(["a"], ["a"])
