"""Settings: one pydantic model a component, read from ``recx.toml`` and ``RECX_…``.

This is the only module that reads the environment. Precedence, highest first: what
the caller passes, environment, ``recx.toml`` of the workspace, ``recx.toml`` of the
current folder, defaults. Environment names are built with a double underscore:
``RECX_MODEL__EPOCHS=30``, ``RECX_WORKSPACE=/srv/recx``.
"""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as EnvironmentSettingsError

from recx_agent.errors import SettingsError

CONFIG_NAME = "recx.toml"
DEFAULT_WORKSPACE = "recx-workspace"
ENV_PREFIX = "RECX_"


class Section(BaseModel):
    """Base of the sections: unknown fields refused, numbers finite, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class DataSettings(Section):
    """How files are read and what their events mean."""

    interactions: Path | None = Field(None, description="interactions file, CSV or Parquet")
    items: Path | None = Field(None, description="items file, CSV or Parquet")
    users: Path | None = Field(None, description="users file, CSV or Parquet")
    map: dict[str, str] = Field(
        default_factory=dict, description="our column name = the file's column name"
    )
    default_event_type: str | None = Field(
        None, description="event type where the file has none; 'rating' if there are values"
    )
    scale: tuple[float, float] | None = Field(
        None, description="lowest and highest possible value; the file's own range if unset"
    )
    positive_from: float | None = Field(
        None, description="values from here on are positive; three quarters of the scale if unset"
    )
    disliked_to: float | None = Field(
        None, description="values up to here are low ratings; a quarter of the scale if unset"
    )
    ignore_event_types: tuple[str, ...] = Field(
        ("search", "dislike", "disliked"),
        description="event types that are no sign of liking an item",
    )
    time_meaning: Literal["use", "record"] = Field(
        "record", description="whether a timestamp tells when it was used or when it was recorded"
    )
    attributes: tuple[str, ...] | None = Field(
        None, description="item columns that are attributes; every unmapped column if unset"
    )
    changing: tuple[str, ...] = Field(
        (), description="item columns that change (price, stock): told by the facts hook alone"
    )
    context: tuple[str, ...] = Field(
        (),
        description="what is context: interaction columns, such as device or place, and, read "
        "off times of use, 'time_of_day' and 'weekday'",
    )
    time_zone: str = Field("UTC", description="in which times of use are told apart by hour")
    multi_separator: str = Field("|", description="separates the values of one attribute")
    merge_doubles: bool = Field(
        False, description="items of equal title and attributes become one; titles told apart"
    )
    max_bad_rows: int = Field(0, ge=0, description="bad rows dropped before the import fails")


Choice = Literal["off", "auto", "on"]
"""``auto``: taken up if it gains on held-out positives, by more than chance."""


class ModelSettings(Section):
    """LightFM over history. Training weight of one of ``n`` drawn items is ``n^-½``."""

    context: Choice = Field("off", description="terms of what data.context names")
    disliked: Choice = Field("off", description="terms of items with a low rating")
    components: int = Field(64, ge=2, le=1024, description="factors of one run")
    runs: int = Field(2, ge=1, le=16, description="independent runs served as one model")
    epochs: int = Field(45, ge=1, description="passes over the positives")
    drawn_history: int = Field(20, ge=1, description="history items drawn per user and epoch")
    learning_rate: float = Field(0.02, gt=0)
    max_sampled: int = Field(30, ge=1, description="WARP: negatives tried per positive")
    item_alpha: float = Field(1e-4, ge=0)
    user_alpha: float = Field(1e-4, ge=0)
    half_life: float = Field(6.0, gt=0, description="serving: events after which a weight halves")
    scale: float = Field(1.0, gt=0, description="serving: factor on all history weights")
    min_attribute_items: int = Field(2, ge=1, description="items an attribute value must have")
    seed: int = Field(0, ge=0)
    threads: int = Field(0, ge=0, description="0: as many as there are cores")


class AlsSettings(Section):
    """Implicit ALS: what ``recommender = "als"`` trains.

    Confidence of a history item of age ``a``: ``alpha · 2^(-a / half_life)``; in training
    ``alpha``. For factors made elsewhere (``item_factors``), ``alpha`` and ``regularization``
    are what those were trained with, and ``half_life`` is none unless it is given.
    """

    factors: int = Field(24, ge=2, le=1024)
    iterations: int = Field(15, ge=1)
    regularization: float = Field(1.0, gt=0)
    alpha: float = Field(3.0, gt=0, description="confidence of a positive")
    half_life: float | None = Field(
        6.0,
        gt=0,
        allow_inf_nan=True,
        description="serving: events after which confidence halves; inf: never",
    )
    seed: int = Field(0, ge=0)
    threads: int = Field(0, ge=0, description="0: as many as there are cores")

    @field_validator("half_life")
    @classmethod
    def _never(cls, half_life: float | None) -> float | None:
        return None if half_life == math.inf else half_life


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
        if url is None:
            return None
        try:
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.username or parts.query or parts.fragment:
            raise ValueError(
                "not http(s)://host:port of a Chroma server; a token goes into retriever.token"
            )
        return url.rstrip("/")


class EvidenceSettings(Section):
    """When a term may be told as a cause, and how much evidence is handed over."""

    max_causes: int = Field(3, ge=1, le=3, description="causes told as one group")
    min_share: float = Field(0.20, ge=0, le=1, description="share of Σ|terms| a group needs")
    most_ratio: float = Field(1.25, ge=1, description="first over second to have weighed most")
    min_fraction_of_first: float = Field(
        1 / 3, ge=0, le=1, description="a cause smaller than this part of the first is left out"
    )
    against_share: float = Field(
        0.05, ge=0, le=1, description="share of Σ|terms| at which a negative term is told"
    )
    everyone_share: float = Field(
        0.15, ge=0, le=1, description="share of Σ|terms| at which the item's standing is told"
    )
    history_budget: int = Field(6, ge=1, description="history items handed over as evidence")
    fact_budget: int = Field(4, ge=0, description="catalogue facts handed over as evidence")
    support_budget: int = Field(1, ge=0, description="texts of the user's own handed over")
    min_similarity: float = Field(
        0.35, ge=-1, le=1, description="cosine from which a text counts as being about an item"
    )


class FactsSettings(Section):
    """Facts that change, asked for when an answer is made."""

    hook: str | None = Field(None, description="'module:function'; see protocols.CurrentFacts")
    max_age_seconds: float = Field(3600.0, gt=0, description="older facts are left out")
    timeout_seconds: float = Field(0.5, gt=0, description="then the facts are left out")


class SensitiveRule(Section):
    """What is sensitive: everything that matches one of the lists.

    ``keep_out_of = "score"``: it is no term of any score, nor evidence, nor recommended;
    ``"text"``: it counts, but is never named: "other items in your history".
    """

    items: tuple[str, ...] = Field((), description="item ids")
    attributes: tuple[str, ...] = Field((), description="name=value, or a name for all its values")
    event_types: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(
        (), description="whole words in titles, attribute values and texts, any case"
    )
    cover_items: bool = Field(
        True, description="items that have one of the attributes are sensitive too"
    )
    keep_out_of: Literal["score", "text"] = "text"


class PrivacySettings(Section):
    """What must not be told."""

    sensitive: tuple[SensitiveRule, ...] = ()


Language = Literal["en", "zh"]


class LanguageWording(Section):
    """How things are called in one language; what is not given is that language's own word."""

    item: str | None = None
    measure_word: str | None = None
    scale_unit: str | None = None
    attribute_names: dict[str, str] | None = None


class WordingSettings(Section):
    """How things are called in text."""

    language: Language = "en"
    item: str = Field("item", description="what one item is called, such as 'film' or '电影'")
    measure_word: str = Field("", description="Chinese: before the item's noun; '' is by the noun")
    scale_unit: str = Field("", description="unit of a rating, such as 'stars'; may be empty")
    attribute_names: dict[str, str] = Field(
        default_factory=dict, description="column name = what to call it in a sentence"
    )
    by_language: dict[Language, LanguageWording] = Field(
        default_factory=dict, description="the same for texts in another language"
    )


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


def merge(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    """Lay ``high`` over ``low``, nested dictionaries key by key."""
    merged = dict(low)
    for key, value in high.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both else value
    return merged


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as handle:
            return tomllib.load(handle)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8; save the file as UTF-8") from error
    except (ValueError, OSError) as error:
        words = getattr(error, "strerror", None) or error
        raise SettingsError(f"{path}: not readable as TOML: {words}; mend the file") from error


def _read_environment() -> dict[str, Any]:
    try:
        values = EnvSettingsSource(Settings, env_ignore_empty=True)()
    except EnvironmentSettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = ENV_PREFIX + (field[1].upper() if field else "")
        raise SettingsError(
            f"environment, {name}…: a list, table or section must be JSON, such as "
            """RECX_DATA__MAP='{"user_id": "who"}'"""
        ) from error
    for variable, value in os.environ.items():
        # The source passes over what is none of its fields, and so over a misspelt name.
        first = variable.upper().removeprefix(ENV_PREFIX).partition("__")[0].lower()
        if variable.upper().startswith(ENV_PREFIX) and first not in Settings.model_fields:
            values[first] = value
    return values


def _worded(error: ValidationError, tiers: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """Say of each setting at fault where it comes from, what is wrong, and what to do."""
    lines = []
    for problem in error.errors():
        loc = [str(part) for part in problem["loc"]]
        origin = next((name for name, values in tiers if _is_set(loc, values)), "")
        words = problem["msg"]
        if problem["type"] == "extra_forbidden":
            there = _names_at(loc[:-1])
            close = difflib.get_close_matches(loc[-1], there, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(there)}"
            words = f"there is no such setting; {hint}"
        lines.append(f"{origin}setting {'.'.join(loc)!r}: {words}")
    return "; ".join(lines)


def _is_set(loc: Sequence[str], values: Any) -> bool:
    for part in loc:
        if not isinstance(values, dict):
            return True  # inside a list or a text
        if part not in values:
            return False
        values = values[part]
    return True


def _names_at(loc: Sequence[str]) -> list[str]:
    fields: Any = Settings.model_fields
    for part in loc:
        section = fields[part].annotation if part in fields else None
        fields = getattr(section, "model_fields", {})
    return list(fields)


def load_settings(
    workspace: str | Path | None = None, overrides: dict[str, Any] | None = None
) -> Settings:
    """Read ``recx.toml`` and the environment, and lay ``overrides`` over both.

    Parameters
    ----------
    workspace : str or Path, optional
        Folder of the workspace; else ``RECX_WORKSPACE``, else the file's, else
        ``recx-workspace``.
    overrides : dict, optional
        Nested values that win over everything, as ``{"model": {"epochs": 5}}``.

    Raises
    ------
    SettingsError
        A file is not TOML, or a value or a name is not accepted; names the setting.
    """
    overrides = dict(overrides or {})
    if workspace is not None:
        overrides["workspace"] = Path(workspace)
    here, from_environment = _read_toml(Path(CONFIG_NAME)), _read_environment()
    upper = merge(from_environment, overrides)
    place = merge(here, upper).get("workspace")
    path = Path(place if isinstance(place, str | Path) else DEFAULT_WORKSPACE) / CONFIG_NAME
    there = _read_toml(path)
    try:
        return Settings(**merge(merge(here, there), upper))
    except ValidationError as error:
        tiers = [
            ("", overrides),
            ("environment, ", from_environment),
            (f"{path}, ", there),
            (f"{CONFIG_NAME}, ", here),
        ]
        raise SettingsError(_worded(error, tiers)) from error
