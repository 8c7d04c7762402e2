"""Asks an endpoint, point by point, for what explanations need of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from recx_agent.errors import LlmError, LlmRefused
from recx_agent.llms.openai_chat import GRAMMAR_PROBE, OpenAIChatModel, follows_probe
from recx_agent.protocols import ChatReply, ChatRequest, Message
from recx_agent.settings import LlmSettings

_RULES = Message("system", "You answer in plain English. " + "Keep to one short sentence. " * 40)
QUESTION = ChatRequest(
    messages=(_RULES, Message("user", "Count from one to one hundred, in words.")),
    max_tokens=4,
    temperature=0.0,
)
"""Long enough that its start is worth keeping, with an answer longer than is asked for."""


@dataclass(frozen=True)
class Finding:
    """One point: whether it holds (``None``: explanations come without it too), and more."""

    name: str
    good: bool | None
    detail: str


async def check_endpoint(settings: LlmSettings) -> AsyncIterator[Finding]:
    """Ask the endpoint of the settings; ends early where nothing further can be asked.

    Raises
    ------
    SettingsError
        There is no address, or ``openai`` is not installed.
    """
    # One fault shall not keep the next question from being asked.
    patient = settings.model_copy(update={"retries": 0, "breaker_faults": 1_000})
    model = OpenAIChatModel(patient)
    try:
        async for finding in _findings(model, settings):
            yield finding
    finally:
        await model.aclose()


async def _findings(model: OpenAIChatModel, settings: LlmSettings) -> AsyncIterator[Finding]:
    try:
        names = await model.models()
    except LlmError as error:
        yield Finding("reachable", False, str(error))
        return
    yield Finding("reachable", True, str(settings.base_url))
    chosen = _chosen(settings.model, names)
    yield chosen
    if chosen.good is False:
        return
    try:
        first = await model.complete(QUESTION)
    except LlmError as error:
        remedy = ""
        if isinstance(error, LlmRefused) and "template" in str(error).lower():
            remedy = "; the model is none for chat: serve an instruction-tuned one"
        yield Finding("chat", False, f"{error}{remedy}")
        return
    yield Finding("chat", True, f"{first.seconds:.1f} s: {first.choices[0].text.strip()!r}")
    yield _ending(first)
    yield await _grammar(model, settings)
    yield await _choices(model)
    yield _usage(first)
    yield await _caching(model)


def _chosen(wanted: str | None, names: list[str]) -> Finding:
    listed = ", ".join(names) or "none"
    if wanted is not None:
        if not names or wanted in names:
            return Finding("model", True, wanted)
        return Finding("model", False, f"llm.model is {wanted!r}, and it serves {listed}")
    if len(names) == 1:
        return Finding("model", True, f"{names[0]}, its only one")
    return Finding("model", False, f"it serves {listed}; set llm.model to one of them")


def _ending(reply: ChatReply) -> Finding:
    reason = reply.choices[0].finish_reason
    if reason == "length":
        return Finding("finish reason", True, "an answer that was cut off says so")
    detail = f"an answer that was cut off says {reason!r}; what is cut off is found by its text"
    return Finding("finish reason", None, detail)


async def _grammar(model: OpenAIChatModel, settings: LlmSettings) -> Finding:
    if settings.structured == "off":
        return Finding("grammar", None, "llm.structured is off")
    try:
        takes = await model.takes_grammar()
        if settings.structured == "on":
            takes = follows_probe(await model.complete(GRAMMAR_PROBE))
    except LlmError as error:
        return Finding("grammar", False if settings.structured == "on" else None, str(error))
    if takes:
        return Finding("grammar", True, "structured_outputs is followed")
    detail = "not followed: drafts are checked all the same, and more of them fail"
    if settings.structured == "on":
        return Finding("grammar", False, f"{detail}; set llm.structured to auto or off")
    return Finding("grammar", None, detail)


async def _choices(model: OpenAIChatModel) -> Finding:
    try:
        reply = await model.complete(replace(QUESTION, n=2, temperature=0.7))
    except LlmError as error:
        return Finding("several answers", None, f"llm.candidates must stay 1: {error}")
    if len(reply.choices) == 2:
        return Finding("several answers", True, "two in one request")
    return Finding("several answers", None, f"{len(reply.choices)} where two were asked for")


def _usage(reply: ChatReply) -> Finding:
    if reply.prompt_tokens and reply.completion_tokens:
        told = f"{reply.prompt_tokens} tokens in, {reply.completion_tokens} out"
        return Finding("usage", True, told)
    return Finding("usage", None, "tokens are not counted")


async def _caching(model: OpenAIChatModel) -> Finding:
    """The question was asked before, so most of it should come from the cache."""
    try:
        reply = await model.complete(QUESTION)
    except LlmError as error:
        return Finding("prefix caching", None, str(error))
    if reply.cached_tokens:
        told = f"{reply.cached_tokens} of {reply.prompt_tokens} prompt tokens came from the cache"
        return Finding("prefix caching", True, told)
    return Finding("prefix caching", None, "it does not say; vLLM: --enable-prompt-tokens-details")
