"""Lays ``recx.toml``, environment and what the caller passes over one another."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    EnvSettingsSource,
)
from pydantic_settings import SettingsError as EnvironmentSettingsError

from recx_agent.errors import SettingsError
from recx_agent.settings.settings import DEFAULT_WORKSPACE, ENV_PREFIX, Settings

CONFIG_NAME = "recx.toml"


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
