"""Asks the model in this process what a test wants to know; run by a Python that has vLLM.

``python in_process_driver.py MODEL_FOLDER SITE_PACKAGES`` prints one JSON object. What that Python
has not is taken from the second folder.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict
from typing import Any

sys.path.append(sys.argv[2])

from recx_agent.errors import LlmError  # noqa: E402
from recx_agent.llms.in_process import InProcessModel  # noqa: E402
from recx_agent.protocols import ChatReply, ChatRequest, Message  # noqa: E402
from recx_agent.settings import LlmSettings  # noqa: E402

GRAMMAR = 'root ::= "because " ("of {H1}" | "it is {A1}")'


def request(question: str, **more: Any) -> ChatRequest:
    return ChatRequest(messages=(Message("user", question),), **{"max_tokens": 24, **more})


REQUESTS = {
    "plain": request("Name a colour."),
    "grammar": request("Why?", grammar=GRAMMAR),
    "several": request("Name an animal.", n=3, temperature=1.0),
    "cut": request("Tell a long story of the sea.", max_tokens=2),
    "too long": request("again " * 6000),
    "no grammar": request("Why?", grammar="root ::= ("),
}


async def outcome(model: InProcessModel, asked: ChatRequest, deadline: float | None) -> Any:
    try:
        reply = await model.complete(asked, deadline=deadline)
    except LlmError as error:
        return {"error": type(error).__name__, "message": str(error)[:500]}
    return told(reply)


def told(reply: ChatReply) -> dict[str, Any]:
    return {**asdict(reply), "choices": [asdict(choice) for choice in reply.choices]}


async def ask(model: InProcessModel) -> dict[str, Any]:
    """All requests at once, then one that is late, then one more."""
    together = (outcome(model, asked, None) for asked in REQUESTS.values())
    found = dict(zip(REQUESTS, await asyncio.gather(*together), strict=True))
    began = time.monotonic()
    late = outcome(model, request("Tell a long story.", max_tokens=64), began + 0.05)
    found["late"] = {**await late, "seconds": time.monotonic() - began}
    found["afterwards"] = await outcome(model, REQUESTS["grammar"], None)
    await model.aclose()
    found["closed"] = await outcome(model, REQUESTS["plain"], None)
    return found


def main() -> None:
    model = InProcessModel(
        LlmSettings(model=sys.argv[1], in_process=True),
        enforce_eager=True,  # compiling takes longer than it saves here
    )
    print("\n" + json.dumps({"name": model.name, **asyncio.run(ask(model))}))


if __name__ == "__main__":  # vLLM starts its engine as a process that imports this file
    main()
