"""The same model without placeholders: a naive prompt, and JSON with citations.

Both get the evidence in words. ``naive`` is asked for two sentences; ``json`` for sentences
with the ids of their evidence, in a grammar that lets it write nothing but that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Literal

from recx_agent.errors import LlmRefused
from recx_agent.evals.cases import Case
from recx_agent.evals.samples import Sentence
from recx_agent.evals.sentences import split_sentences
from recx_agent.evals.writers.base import LeftOut, Written
from recx_agent.evals.writers.metered import Metered, metered
from recx_agent.protocols import ChatModel, ChatRequest, Message
from recx_agent.settings import LlmSettings

Baseline = Literal["naive", "json"]
BASELINES: tuple[Baseline, ...] = ("naive", "json")
VERSION = 1

_SYSTEM = "You explain recommendations in two short, friendly sentences, using the facts given."
_JSON = (
    'Answer with a JSON list of objects such as {"sentence": "...", "evidence": ["H1"]}, '
    "at most three; cite the ids that carry each sentence."
)
_GRAMMAR = r"""root ::= "[" object ("," " "? object){0,2} "]"
object ::= "{\"sentence\": \"" [^"\\\n]{10,240} "\", \"evidence\": [" id ("," " "? id){0,3} "]}"
id ::= "\"" [A-Z] [0-9] "\""
"""
_IN_CHINESE = " Answer in Chinese."


class BaselineTexts:
    """One of the two.

    Parameters
    ----------
    name : str
    model : ChatModel
        Is closed by whoever made it.
    settings : LlmSettings
    """

    def __init__(self, name: Baseline, model: ChatModel, settings: LlmSettings) -> None:
        self._name, self._model, self._settings = name, Metered(model), settings

    @property
    def description(self) -> Mapping[str, Any]:
        """The model, the prompt's version, and how it is asked."""
        settings = self._settings.model_dump(mode="json", include={"temperature", "max_tokens"})
        return {
            "kind": self._name,
            "model": self._model.name,
            "prompt_version": VERSION,
            "settings": settings,
        }

    async def write(self, case: Case) -> Written:
        """Ask once; what it says is shown as it is.

        Raises
        ------
        LeftOut
            The endpoint refuses the request, or the answer is no JSON of the form asked for.
        """
        began = time.perf_counter()
        evidence = [(piece.id, piece.text) for piece in case.told]
        request = baseline_request(
            self._name,
            case.title,
            evidence,
            language=case.language,
            temperature=self._settings.temperature,
            max_tokens=self._settings.max_tokens,
        )
        with metered() as cost:
            try:
                reply = await self._model.complete(request)
            except LlmRefused as error:
                raise LeftOut(f"refused: {error}") from error
        answer = reply.choices[0]
        sentences = (
            json_sentences(answer.text)
            if self._name == "json"
            else tuple(Sentence(one) for one in split_sentences(answer.text))
        )
        if sentences is None:
            raise LeftOut(f"no JSON list of sentences: {answer.text[:80]!r}")
        joint = "" if case.language == "zh" else " "
        text = answer.text if self._name == "naive" else joint.join(s.text for s in sentences)
        return Written(
            text.strip(),
            sentences,
            took={"seconds": time.perf_counter() - began, **cost.as_took()},
            extra={"model": reply.model, "finish_reason": answer.finish_reason},
        )

    def close(self) -> None:
        """Nothing is held open."""


def baseline_request(
    name: str,
    title: str,
    evidence: list[tuple[str, str]],
    *,
    language: str = "en",
    temperature: float = 0.7,
    max_tokens: int = 160,
) -> ChatRequest:
    """Ask for an explanation, with the evidence as ids and words."""
    lines = [f"{id}: {text}" for id, text in evidence]
    asked = f"Recommended: {title}\nWhat is known:\n" + "\n".join(lines)
    asked += "\nWhy is it recommended to this user? Address the user as 'you'."
    if language == "zh":
        asked += _IN_CHINESE
    if name == "json":
        asked += f"\n{_JSON}"
    return ChatRequest(
        (Message("system", _SYSTEM), Message("user", asked)),
        grammar=_GRAMMAR if name == "json" else None,
        max_tokens=max_tokens,
        temperature=temperature,
    )


def json_sentences(text: str) -> tuple[Sentence, ...] | None:
    """The sentences of a JSON answer with what they cite; ``None`` where it is none."""
    try:
        return tuple(
            Sentence(str(part["sentence"]), tuple(map(str, part.get("evidence", ()))))
            for part in json.loads(text)
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
