"""Language models: behind an endpoint, in this process, or from a script.

::

    Settings.llm ─ open_chat_model ─┬─ OpenAIChatModel   behind the OpenAI protocol (openai_chat)
                                    │    Endpoint        turn, time, faults, retries, breaker
                                    ├─ InProcessModel    vllm.LLM, for batches (in_process)
                                    └─ None              nothing is set: the template writer writes
    ScriptedChatModel                                    for tests (scripted)
    as_langchain                                         a LangChain chat model (langchain_chat)

``openai``, ``vllm`` and LangChain are imported when a model is made, not before.
"""

from __future__ import annotations

from recx_agent.llms.opening import open_chat_model
from recx_agent.llms.scripted import Delayed, Pieces, ScriptedChatModel, ScriptExhausted

__all__ = ["Delayed", "Pieces", "ScriptExhausted", "ScriptedChatModel", "open_chat_model"]
