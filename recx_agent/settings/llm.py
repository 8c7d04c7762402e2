"""The language model that words explanations, and what is kept of its texts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from recx_agent.settings.section import Section
from recx_agent.settings.urls import http_url


class LlmSettings(Section):
    """A chat model behind the OpenAI protocol; without ``base_url`` the template writer writes.

    With ``in_process`` the model named by ``model``, a hub id or a folder, is loaded by vLLM in
    the same process instead, for batches.

    ``structured``: whether the endpoint is sent a grammar: vLLM's ``structured_outputs``;
    ``auto`` asks it once whether it takes one.
    """

    base_url: str | None = Field(None, description="such as http://localhost:8000/v1")
    model: str | None = Field(None, description="as the endpoint calls it; its only one if unset")
    api_key: SecretStr | None = None
    in_process: bool = Field(False, description="load the model here with vLLM: for batches")
    structured: Literal["auto", "on", "off"] = "auto"
    temperature: float = Field(0.7, ge=0, le=2)
    max_tokens: int = Field(160, ge=16, le=4096, description="of one explanation")
    candidates: int = Field(1, ge=1, le=16, description="drafts asked for; the best is taken")
    discriminator: str | None = Field(
        None, description="folder of a trained discriminator that chooses among the candidates"
    )
    repair: bool = Field(True, description="ask once more for sentences that failed")
    deadline_ms: float = Field(2000.0, gt=0, description="then the template writer answers")
    timeout_seconds: float = Field(60.0, gt=0, description="of one request in a batch")
    connect_seconds: float = Field(2.0, gt=0)
    retries: int = Field(2, ge=0, le=10, description="after a fault that may pass")
    concurrency: int = Field(32, ge=1, description="requests in flight at once")
    breaker_faults: int = Field(
        5, ge=1, description="faults in a row after which the endpoint is left alone"
    )
    breaker_seconds: float = Field(15.0, gt=0, description="for so long, then tried once")

    @field_validator("base_url")
    @classmethod
    def _of_a_server(cls, url: str | None) -> str | None:
        whose = "a chat endpoint; a key goes into llm.api_key"
        return None if url is None else http_url(url, whose)


class KeptSettings(Section):
    """What is kept of texts that a language model wrote."""

    cache_entries: int = Field(20_000, ge=0, description="verified texts kept; 0: none")
    audit: bool = Field(True, description="keep how each text came about")
    audit_days: float = Field(30.0, gt=0, description="then it is removed")
