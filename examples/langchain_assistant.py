"""An assistant by ``langchain.agents.create_agent``, with a memory of the conversation.

The middleware ``OnlyVerified`` puts verified texts in the place of their names and drops what
the model says that nothing carries; the checkpointer remembers each thread.

    python examples/langchain_assistant.py films alice --base-url http://localhost:8000/v1
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from langchain.agents import create_agent
from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver

from recx_agent import Recx
from recx_agent.assistant.langchain_middleware import OnlyVerified
from recx_agent.tools import USER_KEY


def make_agent(recx: Recx, base_url: str, model: str) -> Any:
    """An agent for many users: each call says whom it is for."""
    middleware = OnlyVerified(recx)
    chat = ChatOpenAI(
        base_url=base_url,
        api_key="none",  # type: ignore[arg-type]  # vLLM asks for none
        model=model,
        temperature=0,
        max_retries=0,
        timeout=60,
    )
    return create_agent(
        chat,
        recx.as_tools(),
        system_prompt=middleware.system_prompt,
        middleware=[middleware],
        checkpointer=InMemorySaver(),
    )


def main() -> None:
    """Answer one line after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace")
    parser.add_argument("user", help="from your session; the model never says it")
    parser.add_argument("--base-url", default="http://localhost:8000/v1")
    parser.add_argument("--model", required=True, help="as the endpoint calls it")
    given = parser.parse_args()
    with Recx.open(given.workspace) as recx:
        agent = make_agent(recx, given.base_url, given.model)
        config: RunnableConfig = {
            "configurable": {"thread_id": given.user, USER_KEY: given.user},
            "recursion_limit": 12,
        }
        for line in sys.stdin:
            if line.strip():
                done = agent.invoke({"messages": [("user", line.strip())]}, config)
                print(f"> {line.strip()}\n{done['messages'][-1].content}\n", flush=True)


if __name__ == "__main__":
    main()
