"""An assistant with nothing but the ``openai`` client.

The loop is your own: the model calls tools, code answers them, the model says something last. What
is shown is what ``finish`` makes of it: verified texts, word by word, and of the model's words
only those that assert nothing or are verified.

    python examples/openai_assistant.py films alice --base-url http://localhost:8000/v1
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from openai import OpenAI, OpenAIError

from recx_agent import Recx
from recx_agent.assistant import Assistant, Conversation, Exchange
from recx_agent.tools import openai_schemas

STEPS = 4


def answer(
    client: OpenAI, model: str, assistant: Assistant, conversation: Conversation, said: str
) -> str:
    """One turn: what is shown to the person."""
    turn = assistant.begin(conversation, said)
    messages: list[Any] = [
        {"role": "system", "content": turn.words.system()},
        *conversation.recent(1500),
        {"role": "user", "content": said},
    ]
    last = ""
    try:
        for _ in range(STEPS):
            completion: Any = client.chat.completions.create(
                model=model, messages=messages, tools=openai_schemas(), temperature=0
            )
            message = completion.choices[0].message
            last = message.content or ""
            if not message.tool_calls:
                break
            messages.append(message.model_dump(exclude_none=True))
            for call in message.tool_calls:
                # ``dispatch`` of recx_agent.tools, with the result noted under a name such as
                # {R1}, and feedback kept only where the person gave it.
                content = turn.call(call.function.name, call.function.arguments)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
            last = ""
    except OpenAIError as error:  # code answers what it can
        print(f"(the model did not answer: {type(error).__name__})", file=sys.stderr)
    reply = assistant.finish(turn, last)
    for result in reply.results:
        conversation.note(result)
    conversation.exchanges.append(Exchange(said, reply.text))
    return reply.text


def main() -> None:
    """Answer one line after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace")
    parser.add_argument("user", help="whom the conversation is with; the model never says it")
    parser.add_argument("--base-url", default="http://localhost:8000/v1")
    parser.add_argument("--model", help="as the endpoint calls it; its first one if not given")
    given = parser.parse_args()
    client = OpenAI(base_url=given.base_url, api_key="none", max_retries=0, timeout=60)
    with Recx.open(given.workspace) as recx, Assistant.without_model(recx) as assistant:
        model = given.model or client.models.list().data[0].id
        conversation = assistant.conversation(given.user)
        for line in sys.stdin:
            if line.strip():
                shown = answer(client, model, assistant, conversation, line.strip())
                print(f"> {line.strip()}\n{shown}\n", flush=True)


if __name__ == "__main__":
    main()
