"""Who may ask the servers, how often, and what they take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from recx_agent.settings.section import Section
from recx_agent.settings.urls import http_url

SECRET_BYTES = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_RATE = re.compile(r"[1-9]\d{0,8}/(second|minute|hour|day)")


def _rate(text: str | None) -> str | None:
    if text == "none":  # TOML and the environment have no null
        return None
    if text is not None and not _RATE.fullmatch(text):
        raise ValueError(
            "write it as number/second, /minute, /hour or /day, such as 120/minute, or none"
        )
    return text


class TokenSettings(Section):
    """Tokens that say who the user is: JWT (RFC 7519), signed by the operator.

    The algorithm is this setting's, whatever a token's own header says. Of HMAC there is a
    ``secret``, of the others the ``public_key`` of whoever signs. Without either no token is
    taken.
    """

    algorithm: Literal["HS256", "RS256", "ES256", "EdDSA"] = "HS256"
    secret: SecretStr | None = Field(None, description="of HS256: at least 32 bytes")
    public_key: Path | None = Field(None, description="PEM file, of RS256, ES256 and EdDSA")
    audience: str = Field("recx-agent", min_length=1, description="that tokens must name")
    issuer: str | None = Field(None, description="that tokens must name, if set")
    leeway_seconds: float = Field(5.0, ge=0, le=300, description="by which clocks may differ")

    @field_validator("secret")
    @classmethod
    def _long(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(
                "shorter than 32 bytes; make one with "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return secret

    @model_validator(mode="after")
    def _the_one_that_fits(self) -> TokenSettings:
        if self.algorithm == "HS256" and self.public_key is not None:
            raise ValueError("public_key is of RS256, ES256 and EdDSA; set algorithm to one")
        if self.algorithm != "HS256" and self.secret is not None:
            raise ValueError(
                f"secret is of HS256, and algorithm is {self.algorithm}: use public_key"
            )
        return self


class ServeSettings(Section):
    """The servers: REST, chat endpoint and MCP over HTTP."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535, description="0: any that is free")
    tokens: TokenSettings = Field(default_factory=TokenSettings)
    keys: Path | None = Field(None, description="file of API keys; keys.json in the workspace")
    local_user: str | None = Field(
        None,
        min_length=1,
        description="whoever brings no credential is this user; only at a loopback address",
    )
    hosts: tuple[str, ...] = Field(
        (), description="names the server is called by, others are refused; empty: any"
    )
    proxies: tuple[str, ...] = Field(
        (), description="addresses whose X-Forwarded-For is believed; '*' for all"
    )
    cors_origins: tuple[str, ...] = Field(
        (), description="web pages that may ask from a browser, such as https://shop.example"
    )
    rate: str | None = Field("120/minute", description="requests of one caller; none: any number")
    sign_in_rate: str | None = Field(
        "30/minute", description="refused credentials of one address; more are answered with 429"
    )
    rate_store: SecretStr = Field(
        SecretStr("memory://"),
        description="where they are counted; redis://host:port where servers share it",
    )
    max_body_bytes: int = Field(262_144, ge=1024, le=64 * 2**20)
    threads: int = Field(8, ge=1, le=256, description="requests answered at once")
    waiting: int = Field(64, ge=0, description="requests that may wait for one; then 503")
    max_deadline_ms: float = Field(30_000.0, gt=0, description="deadline_ms of a request")
    drain_seconds: float = Field(
        0.0, ge=0, description="/readyz says no for so long before the port is closed"
    )
    shutdown_seconds: float = Field(20.0, ge=0, description="then running requests are cut off")
    open_metrics: bool = Field(False, description="/metrics without the scope 'operate'")
    access_log: bool = Field(True, description="a line for each request, without personal data")
    traces: str | None = Field(
        None, description="OTLP over HTTP, such as http://localhost:4318; none if unset"
    )

    _rates = field_validator("rate", "sign_in_rate")(_rate)

    @field_validator("traces")
    @classmethod
    def _of_a_collector(cls, url: str | None) -> str | None:
        return None if url is None else http_url(url, "an OpenTelemetry collector")

    @field_validator("cors_origins")
    @classmethod
    def _named(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if http_url(origin, "a web page") != origin or origin.count("/") != 2:
                raise ValueError(f"{origin!r}: scheme, host and port alone, without a path")
        return origins

    @model_validator(mode="after")
    def _local_stays_local(self) -> ServeSettings:
        if self.local_user is not None and self.host not in LOOPBACK:
            raise ValueError(
                f"local_user lets everybody in who reaches {self.host}; keep to 127.0.0.1, or "
                "give out tokens instead"
            )
        return self
