"""Settings: one pydantic model a component, read from ``recx.toml`` and ``RECX_…``.

This is the only module that reads the environment. Precedence, highest first: what
the caller passes, environment, ``recx.toml`` of the workspace, ``recx.toml`` of the
current folder, defaults. Environment names are built with a double underscore:
``RECX_MODEL__EPOCHS=30``, ``RECX_WORKSPACE=/srv/recx``.
"""

from __future__ import annotations

from recx_agent.settings.assistant import AssistantSettings
from recx_agent.settings.data import DataSettings
from recx_agent.settings.environment import environment_with
from recx_agent.settings.evidence import EvidenceSettings, FactsSettings
from recx_agent.settings.llm import KeptSettings, LlmSettings
from recx_agent.settings.mcp import McpSettings
from recx_agent.settings.model import AlsSettings, Choice, ModelSettings
from recx_agent.settings.privacy import PrivacySettings, SensitiveRule
from recx_agent.settings.reading import CONFIG_NAME, load_settings, merge
from recx_agent.settings.retriever import RetrieverSettings
from recx_agent.settings.section import Section
from recx_agent.settings.serve import LOOPBACK, ServeSettings, TokenSettings
from recx_agent.settings.settings import DEFAULT_WORKSPACE, ENV_PREFIX, Settings
from recx_agent.settings.users import UsersSettings
from recx_agent.settings.wording import Language, LanguageWording, WordingSettings

__all__ = [
    "AlsSettings",
    "AssistantSettings",
    "CONFIG_NAME",
    "Choice",
    "DEFAULT_WORKSPACE",
    "DataSettings",
    "ENV_PREFIX",
    "EvidenceSettings",
    "FactsSettings",
    "KeptSettings",
    "LOOPBACK",
    "Language",
    "LanguageWording",
    "LlmSettings",
    "McpSettings",
    "ModelSettings",
    "PrivacySettings",
    "RetrieverSettings",
    "Section",
    "SensitiveRule",
    "ServeSettings",
    "Settings",
    "TokenSettings",
    "UsersSettings",
    "WordingSettings",
    "environment_with",
    "load_settings",
    "merge",
]
