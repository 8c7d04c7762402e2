"""The same first prompts in several ways, block by block, so that all share a machine's moods."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from recx_agent.errors import LlmRefused
from recx_agent.evals.journal import Pulse
from recx_agent.evals.writing.blocks import Bench, Kept, Salted, side_by_side
from recx_agent.evals.writing.texts import write_block
from recx_agent.factory import explain_request
from recx_agent.protocols import ChatReply, Plan

Way = Literal["raw", "uncached", "grammar", "verified", "repaired"]
WAYS: tuple[Way, ...] = ("raw", "uncached", "grammar", "verified", "repaired")
"""``raw``: completions without grammar; ``uncached``: with no prefix in common; ``grammar``;
``verified``: with grammar, read and composed, no repair; ``repaired``: with repairs."""


@dataclass(frozen=True)
class Rate:
    """What one way did.

    Attributes
    ----------
    answers : int
        Texts, or completions.
    own : int
        Texts that are the model's own, wholly or in part; of completions all.
    seconds : float
        Of all blocks.
    tokens : int
        Written.
    cached : float
        Part of the prompts' tokens that the engine had already.
    by_block : tuple of float
        Answers a second of each block.
    """

    answers: int
    own: int
    seconds: float
    tokens: int
    cached: float
    by_block: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds if self.seconds else 0.0


def measure_speed(bench: Bench, plans: Sequence[Plan]) -> dict[Way, Rate]:
    """Do every block in every way, another one first each time.

    Each way has a prefix cache of its own, which nothing but its own requests have filled.
    """
    turns = [
        (WAYS[(at + number) % len(WAYS)], block)
        for number, block in enumerate(bench.blocks(plans))
        for at in range(len(WAYS))
    ]
    jobs = [(f"speed: {way}", block, _job(bench, way, block)) for way, block in turns]
    found: dict[Way, list[Kept]] = {way: [] for way in WAYS}
    for (way, _), one in zip(turns, bench.done("speed", jobs), strict=True):
        found[way].append(one)
    return {way: _rate(blocks) for way, blocks in found.items()}


def _rate(blocks: Sequence[Kept]) -> Rate:
    asked = sum(one["prompt_tokens"] for one in blocks)
    return Rate(
        answers=sum(one["answers"] for one in blocks),
        own=sum(one["own"] for one in blocks),
        seconds=sum(one["seconds"] for one in blocks),
        tokens=sum(one["tokens"] for one in blocks),
        cached=sum(one["cached_tokens"] for one in blocks) / asked if asked else 0.0,
        by_block=tuple(one["answers"] / one["seconds"] for one in blocks),
    )


def _job(bench: Bench, way: Way, block: Sequence[Plan]) -> Callable[[Pulse], Kept]:
    if way in ("verified", "repaired"):
        return lambda pulse: _texts(bench, block, pulse, repair=way == "repaired")
    return lambda pulse: _completions(bench, way, block, pulse)


def _texts(bench: Bench, block: Sequence[Plan], pulse: Pulse, *, repair: bool) -> Kept:
    llm = bench.settings.llm.model_copy(update={"repair": repair})
    settings = bench.settings.model_copy(update={"llm": llm})
    written = write_block(bench, block, settings, pulse, f"speed, repair {repair}")
    steps = [step for record in written["records"] for step in record["steps"]]
    return {
        "answers": len(block),
        "own": sum(record["verdict"] in ("supported", "repaired") for record in written["records"]),
        "seconds": written["seconds"],
        "tokens": sum(step["completion_tokens"] for step in steps),
        "prompt_tokens": sum(step["prompt_tokens"] for step in steps),
        "cached_tokens": sum(step["cached_tokens"] for step in steps),
    }


def _completions(bench: Bench, way: Way, block: Sequence[Plan], pulse: Pulse) -> Kept:
    number = itertools.count()
    run = uuid.uuid4().hex
    salt = (lambda: f"{run} {next(number)}") if way == "uncached" else (lambda: f"speed, {way}")
    model = Salted(bench.model, salt)

    async def ask(plan: Plan) -> ChatReply | None:
        request = explain_request(plan, bench.settings.llm, grammar=way == "grammar")
        try:
            return await model.complete(request)
        except LlmRefused:
            return None

    began = time.monotonic()
    replies = side_by_side(block, ask, bench.concurrency, pulse)
    seconds = time.monotonic() - began
    answered = [reply for reply in replies if reply is not None]
    return {
        "answers": len(answered),
        "own": len(answered),
        "seconds": seconds,
        "tokens": sum(reply.completion_tokens for reply in answered),
        "prompt_tokens": sum(reply.prompt_tokens for reply in answered),
        "cached_tokens": sum(reply.cached_tokens for reply in answered),
    }
