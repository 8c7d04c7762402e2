"""The assistant: what it may cost, and what it remembers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recx_agent.settings.section import Section


class AssistantSettings(Section):
    """A conversation; the language model is that of the section ``llm``.

    ``routing``: how a tool is chosen. ``guided`` asks for the intent first and then for the
    arguments of that tool, each held to a schema, which models of any size manage; ``free``
    leaves it to the model (``tool_choice: auto``), and is for models that choose well and may
    need several tools in a turn.
    """

    routing: Literal["guided", "free"] = "guided"
    steps: int = Field(4, ge=1, le=16, description="calls of tools in one turn, at most")
    own_words: bool = Field(True, description="ask the model for words around verified texts")
    deadline_ms: float = Field(
        20_000.0, gt=0, description="of one turn's requests; then code answers without the model"
    )
    max_tokens: int = Field(192, ge=16, le=4096, description="of one request")
    suggestions: int = Field(5, ge=1, le=20, description="in a list, where nobody says how many")
    allow_cold: bool = Field(True, description="suggest to a stranger what everyone likes")
    memory_turns: int = Field(12, ge=1, description="that a conversation remembers")
    memory_tokens: int = Field(1500, ge=100, description="of them that a model is sent, about")
    conversations: int = Field(1000, ge=1, description="remembered at once; the oldest go")
    conversation_minutes: float = Field(30.0, gt=0, description="after the last turn; then it goes")
