"""What the parts ask of one another.

A recommender, a retriever or a writer of your own fits in when it has these methods;
nothing needs to be inherited. :mod:`recx_agent.factory` names the concrete ones.
"""

from __future__ import annotations

from recx_agent.protocols.chat import (
    ChatChoice,
    ChatModel,
    ChatReply,
    ChatRequest,
    FinishReason,
    Pausing,
    StreamingChatModel,
)
from recx_agent.protocols.current_facts import CurrentFact, CurrentFacts
from recx_agent.protocols.foretelling import Foretold, Witnesses
from recx_agent.protocols.given import GivenCase, GivenWords
from recx_agent.protocols.kept import AuditLog, Keeping, Keeps, TextCache
from recx_agent.protocols.model import AdditiveModel, Feature
from recx_agent.protocols.progress import Progress, no_progress
from recx_agent.protocols.retrieval import (
    EvidenceRetriever,
    RetrievedEvents,
    RetrievedText,
    TextEmbedder,
)
from recx_agent.protocols.tool_chat import (
    ToolCall,
    ToolChat,
    ToolChoice,
    ToolReply,
    ToolRequest,
)
from recx_agent.protocols.users import (
    Erasable,
    FeedbackEntry,
    FeedbackKind,
    FeedbackTarget,
    Tombstone,
    Tombstones,
    UserRecord,
    UserStore,
)
from recx_agent.protocols.writing import (
    Chooser,
    Claim,
    Draft,
    DraftStream,
    ExplanationWriter,
    Message,
    Plan,
    Prompt,
    PromptMaker,
    Slot,
    SlotRole,
    StreamingWriter,
    Task,
    audit_id,
)

__all__ = [
    "AdditiveModel",
    "AuditLog",
    "ChatChoice",
    "ChatModel",
    "ChatReply",
    "ChatRequest",
    "Chooser",
    "Claim",
    "CurrentFact",
    "CurrentFacts",
    "Draft",
    "DraftStream",
    "Erasable",
    "EvidenceRetriever",
    "ExplanationWriter",
    "Feature",
    "FeedbackEntry",
    "FeedbackKind",
    "FeedbackTarget",
    "FinishReason",
    "Foretold",
    "GivenCase",
    "GivenWords",
    "Keeping",
    "Keeps",
    "Message",
    "Plan",
    "Progress",
    "Prompt",
    "PromptMaker",
    "RetrievedEvents",
    "RetrievedText",
    "Slot",
    "SlotRole",
    "Pausing",
    "StreamingChatModel",
    "StreamingWriter",
    "Task",
    "TextCache",
    "TextEmbedder",
    "Tombstone",
    "Tombstones",
    "ToolCall",
    "ToolChat",
    "ToolChoice",
    "ToolReply",
    "ToolRequest",
    "UserRecord",
    "UserStore",
    "Witnesses",
    "audit_id",
    "no_progress",
]
