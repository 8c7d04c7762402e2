"""Settings: one pydantic model a component, read from ``recx.toml`` and ``RECX_…``.

This is the only module that reads the environment. Precedence, highest first: what
the caller passes, environment, ``recx.toml`` of the workspace, ``recx.toml`` of the
current folder, defaults. Environment names are built with a double underscore:
``RECX_MODEL__EPOCHS=30``, ``RECX_WORKSPACE=/srv/recx``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as EnvironmentSettingsError

from recx_agent.errors import SettingsError

CONFIG_NAME = "recx.toml"


class Section(BaseModel):
    """Base of the sections: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    ignore_event_types: tuple[str, ...] = Field(
        ("search",), description="event types that are no sign of liking an item"
    )
    time_meaning: Literal["use", "record"] = Field(
        "record", description="whether a timestamp tells when it was used or when it was recorded"
    )
    attributes: tuple[str, ...] | None = Field(
        None, description="item columns that are attributes; every unmapped column if unset"
    )
    multi_separator: str = Field("|", description="separates the values of one attribute")
    merge_doubles: bool = Field(
        False, description="items of equal title and attributes become one; titles told apart"
    )
    max_bad_rows: int = Field(0, ge=0, description="bad rows dropped before the import fails")


class ModelSettings(Section):
    """LightFM over history. Training weight of one of ``n`` drawn items is ``n^-½``."""

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


class RetrieverSettings(Section):
    """The Chroma index of evidence."""

    batch_size: int = Field(2000, ge=1, le=5000, description="events written at once")
    events_per_collection: int = Field(4000, ge=1, description="above it, split by user hash")
    max_collections: int = Field(64, ge=1, le=1024)


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


class WordingSettings(Section):
    """How things are called in text."""

    language: Literal["en"] = "en"
    item: str = Field("item", description="what one item is called, such as 'film'")
    scale_unit: str = Field("", description="unit of a rating, such as 'stars'; may be empty")
    attribute_names: dict[str, str] = Field(
        default_factory=dict, description="column name = what to call it in a sentence"
    )


class Settings(BaseSettings):
    """Everything that can be set.

    Use :func:`load_settings`, which also reads ``recx.toml``.
    """

    model_config = SettingsConfigDict(
        env_prefix="RECX_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    workspace: Path = Path("recx-workspace")
    data: DataSettings = Field(default_factory=DataSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)
    retriever: RetrieverSettings = Field(default_factory=RetrieverSettings)
    evidence: EvidenceSettings = Field(default_factory=EvidenceSettings)
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
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: not readable as TOML: {error}") from error


def _worded(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        lines.append(f"setting {name!r}: {problem['msg']}")
    return "; ".join(lines)


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
    try:
        from_environment = EnvSettingsSource(Settings)()
        here = _read_toml(Path(CONFIG_NAME))
        upper = merge(from_environment, overrides)
        place = Path(merge(here, upper).get("workspace", "recx-workspace"))
        there = _read_toml(place / CONFIG_NAME)
        return Settings(**merge(merge(here, there), upper))
    except ValidationError as error:
        raise SettingsError(_worded(error)) from error
    except EnvironmentSettingsError as error:
        raise SettingsError(f"environment: {error}") from error
