"""The only place that names concrete adapters: which model, index and writer are used."""

from __future__ import annotations

from recx_agent.factory.assistants import (
    AssistantWords,
    make_assistant_words,
    make_talk,
    make_tool_chat,
    user_key,
)
from recx_agent.factory.explaining import make_explainer, make_facts
from recx_agent.factory.indexes import (
    build_index,
    check_index,
    check_nothing_old,
    clean_index_server,
    indexed_records,
    indexed_state,
    make_embedder,
    make_own_events_retriever,
    make_retriever,
    remove_index,
    was_on_server,
)
from recx_agent.factory.language_models import (
    check_chat_endpoint,
    held_out_users,
    make_chat_model,
    make_chooser,
    train_discriminator,
)
from recx_agent.factory.models import (
    fallback_model,
    grow_model,
    load_model,
    retrain_model,
    train_model,
    update_model,
)
from recx_agent.factory.stores import make_audit_log, make_text_cache, make_user_store
from recx_agent.factory.tools import (
    answer_tool_call,
    make_tools,
    tool_artifact_schema,
    tool_parameters,
    tool_schemas,
    tool_specs,
)
from recx_agent.factory.writers import (
    explain_request,
    make_given_writer,
    make_grounded_writer,
    make_writer,
    replay_text,
    slots_of,
    speech_of,
)

__all__ = [
    "AssistantWords",
    "answer_tool_call",
    "build_index",
    "check_chat_endpoint",
    "check_index",
    "check_nothing_old",
    "clean_index_server",
    "explain_request",
    "fallback_model",
    "grow_model",
    "held_out_users",
    "indexed_records",
    "indexed_state",
    "load_model",
    "make_assistant_words",
    "make_audit_log",
    "make_chat_model",
    "make_chooser",
    "make_embedder",
    "make_explainer",
    "make_facts",
    "make_given_writer",
    "make_grounded_writer",
    "make_own_events_retriever",
    "make_retriever",
    "make_text_cache",
    "make_talk",
    "make_tool_chat",
    "make_tools",
    "make_user_store",
    "make_writer",
    "remove_index",
    "replay_text",
    "retrain_model",
    "slots_of",
    "speech_of",
    "tool_artifact_schema",
    "tool_parameters",
    "tool_schemas",
    "tool_specs",
    "train_discriminator",
    "train_model",
    "update_model",
    "user_key",
    "was_on_server",
]
