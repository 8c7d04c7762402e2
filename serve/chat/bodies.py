"""What clients send; all but the model, the last message and how to answer is passed over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from recx_agent.errors import UnfitRequest

MODEL = "recx-agent"
"""The name of the one model."""

MAX_MESSAGES = 2000

One = Annotated[
    int,
    BeforeValidator(lambda n: int(n) if isinstance(n, float) and n.is_integer() else n),
    Field(ge=1, le=1, strict=True),
]
"""There is one answer. For JSON 1.0 is an integer too."""


class Message(BaseModel):
    """One message; tools, names and whatever else clients add are not read."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(extra="ignore")

    include_usage: StrictBool | None = False


class CompletionBody(BaseModel):
    """A request of the chat-completions protocol.

    Fields that clients send to any model (``temperature``, ``tools``, ``metadata``, ``user``) are
    taken and not looked at. Who is meant is told by the credential alone.
    """

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "Why the first one?"}]}
            ]
        },
    )

    model: str = Field(max_length=200)
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: One | None = 1

    @property
    def said(self) -> str:
        """The last message, which has to be the person's.

        Raises
        ------
        UnfitRequest
            It is another's, or no text.
        """
        last = self.messages[-1]
        where = f"body.messages.{len(self.messages) - 1}"
        if last.role != "user":
            raise UnfitRequest(((f"{where}.role", "the last message has to be the user's"),))
        if isinstance(last.content, str):
            return last.content
        texts = [part.get("text") for part in last.content or () if part.get("type") == "text"]
        if len(texts) != len(last.content or ()) or not all(isinstance(t, str) for t in texts):
            raise UnfitRequest(((f"{where}.content", "only text is read"),))
        return "\n".join(str(text) for text in texts)
