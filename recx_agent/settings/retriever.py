"""The index of evidence."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from recx_agent.settings.section import Section
from recx_agent.settings.urls import http_url


class RetrieverSettings(Section):
    """The Chroma index of evidence, embedded in the workspace or on a server."""

    url: str | None = Field(
        None, description="Chroma server, such as http://localhost:8000; embedded if unset"
    )
    token: SecretStr | None = Field(
        None,
        description="sent as bearer token; Chroma 1.x itself checks none, so put a proxy that "
        "does before the server",
    )
    tenant: str = "default_tenant"
    database: str = "default_database"
    index_name: str = Field(
        "recx",
        pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$",
        description="first part of every collection's name on the server; workspaces that "
        "share a database need different ones",
    )
    timeout_seconds: float = Field(10.0, gt=0, description="of one request to the server")
    text_embedder: str | None = Field(
        None,
        description="for texts: 'minilm' (extra 'text'), or a folder or hub id that "
        "sentence-transformers loads; texts are not indexed if unset",
    )
    batch_size: int = Field(2000, ge=1, le=5000, description="events written at once")
    events_per_collection: int = Field(4000, ge=1, description="above it, split by user hash")
    max_collections: int = Field(64, ge=1, le=1024)

    @field_validator("url")
    @classmethod
    def _of_a_server(cls, url: str | None) -> str | None:
        whose = "a Chroma server; a token goes into retriever.token"
        return None if url is None else http_url(url, whose)
