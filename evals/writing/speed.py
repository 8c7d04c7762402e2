"""Raw completions of the first prompts of texts, to hold the time of whole texts against."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from recx_agent.errors import LlmError
from recx_agent.factory import slots_of, speech_of
from recx_agent.protocols import ChatModel, ChatRequest, Message, Plan
from recx_agent.schemas import AuditRecord
from recx_agent.settings import LlmSettings


def raw_rate(
    plans: Sequence[Plan],
    records: Sequence[AuditRecord],
    model: ChatModel,
    settings: LlmSettings,
    concurrency: int,
    *,
    grammar: bool,
) -> float:
    """Completions a second of the very same first prompts, with a grammar or without."""
    requests = [
        _first_request(plan, record, settings, grammar)
        for plan, record in zip(plans, records, strict=True)
        if any(step.kind == "draft" for step in record.steps)
    ]

    async def one(request: ChatRequest, turn: asyncio.Semaphore) -> bool:
        async with turn:
            try:
                await model.complete(request)
            except LlmError:
                return False
        return True

    async def all_of_them() -> int:
        turn = asyncio.Semaphore(concurrency)
        return sum(await asyncio.gather(*(one(request, turn) for request in requests)))

    began = time.monotonic()
    answered = asyncio.run(all_of_them())
    return answered / (time.monotonic() - began)


def _first_request(
    plan: Plan, record: AuditRecord, settings: LlmSettings, grammar: bool
) -> ChatRequest:
    first = next(step for step in record.steps if step.kind == "draft")
    messages = tuple(Message(m["role"], m["content"]) for m in first.messages)  # type: ignore[arg-type]
    return ChatRequest(
        messages,
        grammar=speech_of(plan.wording).grammar(slots_of(plan)) if grammar else None,
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
    )
