"""All sections."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from recx_agent.settings.assistant import AssistantSettings
from recx_agent.settings.data import DataSettings
from recx_agent.settings.evidence import EvidenceSettings, FactsSettings
from recx_agent.settings.llm import KeptSettings, LlmSettings
from recx_agent.settings.mcp import McpSettings
from recx_agent.settings.model import AlsSettings, ModelSettings
from recx_agent.settings.privacy import PrivacySettings
from recx_agent.settings.retriever import RetrieverSettings
from recx_agent.settings.serve import ServeSettings
from recx_agent.settings.users import UsersSettings
from recx_agent.settings.wording import WordingSettings

DEFAULT_WORKSPACE = "recx-workspace"
ENV_PREFIX = "RECX_"


class Settings(BaseSettings):
    """Everything that can be set.

    Use :func:`load_settings`, which also reads ``recx.toml``.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    workspace: Path = Path(DEFAULT_WORKSPACE)
    data: DataSettings = Field(default_factory=DataSettings)
    recommender: Literal["lightfm", "als"] = "lightfm"
    item_factors: Path | None = Field(
        None, description="factors made elsewhere: a Spark ALS model or a Parquet file"
    )
    item_factor_ids: Path | None = Field(
        None, description="file with columns id and item_id, where the factors' ids are others"
    )
    model: ModelSettings = Field(default_factory=ModelSettings)
    als: AlsSettings = Field(default_factory=AlsSettings)
    retriever: RetrieverSettings = Field(default_factory=RetrieverSettings)
    evidence: EvidenceSettings = Field(default_factory=EvidenceSettings)
    facts: FactsSettings = Field(default_factory=FactsSettings)
    privacy: PrivacySettings = Field(default_factory=PrivacySettings)
    wording: WordingSettings = Field(default_factory=WordingSettings)
    llm: LlmSettings = Field(default_factory=LlmSettings)
    judge: LlmSettings = Field(
        default_factory=LlmSettings,
        description="a second model that may refuse sentences which the exact checks have passed",
    )
    users: UsersSettings = Field(default_factory=UsersSettings)
    kept: KeptSettings = Field(default_factory=KeptSettings)
    assistant: AssistantSettings = Field(default_factory=AssistantSettings)
    serve: ServeSettings = Field(default_factory=ServeSettings)
    mcp: McpSettings = Field(default_factory=McpSettings)
    xrec: Path | None = Field(
        None, description="explanations of XRec as JSONL, for the discriminator and 'eval xrec'"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is passed: :func:`load_settings` lays the tiers itself."""
        return (init_settings,)
