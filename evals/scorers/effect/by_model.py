"""A language model in the place of the reader."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable

from recx_agent.errors import LlmRefused
from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.effect.judges import effect_scorers
from recx_agent.evals.scorers.effect.reading import Reading
from recx_agent.evals.scorers.sources import Sources
from recx_agent.protocols import ChatModel, ChatRequest, Message

PROMPT_VERSION = 1
_STEPS = 10
_SYSTEM = {
    "en": "You use a recommender. You see why it suggests an item and say how much you expect to "
    "like it. Judge by the words alone.",
    "zh": "你在使用一个推荐系统。你会看到它推荐某一项的理由，并说出你预计有多喜欢它。"
    "只凭这些文字判断。",
}
_ASKED = {
    "en": "{text}\n\nHow would you rate this item afterwards, from {low} (worst) to {high} "
    "(best)? Answer with the number alone.",
    "zh": "{text}\n\n之后你会给这一项打几分？从 {low}（最差）到 {high}（最好），只回答数字。",
}
_NOTHING = {
    "en": "This item is suggested to you. No reason is given.",
    "zh": "系统向你推荐这一项，没有给出理由。",
}


class ModelReader:
    """Asks for a rating, with the text alone and under a grammar.

    The answer must be one of the ratings there are; anything else is no answer. Asked twice
    about equal texts, the model is asked once.

    Parameters
    ----------
    model : ChatModel
    scale : (float, float)
        Lowest and highest rating.
    liked_from : float
        Rating from which on an item counts as accepted.
    """

    def __init__(self, model: ChatModel, scale: tuple[float, float], liked_from: float) -> None:
        self._model, self._liked_from = model, liked_from
        low, high = round(scale[0]), round(scale[1])
        whole = (low, high) == tuple(scale) and high - low <= _STEPS
        self._marks = [str(mark) for mark in (range(low, high + 1) if whole else range(1, 6))]
        self._scale = scale
        self._known: dict[str, Reading | None] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def settings(self) -> dict[str, str]:
        """The model, the prompt's version, and the answers there are."""
        return {
            "reader": f"{self._model.name}, no person",
            "prompt_version": str(PROMPT_VERSION),
            "answers": " ".join(self._marks),
            "liked_from": f"{self._liked_from:g}",
        }

    def read(self, text: str, user_id: str, language: str) -> Reading | None:
        """The rating that the model gives after the text."""
        tongue = language if language in _ASKED else "en"
        key = f"{tongue} {text}"
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            if key not in self._known:
                self._known[key] = self._answer(text, tongue)
            return self._known[key]

    def unread(self, user_id: str, language: str) -> Reading | None:
        """The rating that it gives when nothing is said."""
        return self.read(_NOTHING.get(language, _NOTHING["en"]), user_id, language)

    def _answer(self, text: str, tongue: str) -> Reading | None:
        asked = _ASKED[tongue].format(text=text, low=self._marks[0], high=self._marks[-1])
        request = ChatRequest(
            (Message("system", _SYSTEM[tongue]), Message("user", asked)),
            grammar="root ::= " + " | ".join(f'"{mark}"' for mark in self._marks),
            max_tokens=max(map(len, self._marks)) + 2,
            temperature=0.0,
        )
        try:
            reply = asyncio.run(self._model.complete(request))
        except LlmRefused:
            return None
        answer = reply.choices[0].text.strip()
        if answer not in self._marks:
            return None
        low, high = self._scale
        part = self._marks.index(answer) / (len(self._marks) - 1)
        rating = low + part * (high - low)
        return Reading(float(rating >= self._liked_from), rating)


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """Every measure of effect, read by the language model of the run.

    Without one, or without held-out items, all is unscored.
    """
    scale, liked_from = scale_of(sources)
    reader = None
    if sources.reader is not None:
        reader = ModelReader(sources.reader, scale, liked_from)
    return effect_scorers(reader, sources, suffix="_llm", family="effect_llm")


def scale_of(sources: Sources) -> tuple[tuple[float, float], float]:
    """The data's scale, and the value from which on something is liked."""
    low, high = sources.data.scale or (1.0, 5.0)
    liked_from = sources.data.positive_from
    return (low, high), low + 0.75 * (high - low) if liked_from is None else liked_from
