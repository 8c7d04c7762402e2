"""What is particular to a domain: who speaks, words, and the caution that must not be missing.

A pack is a folder with one file a language, ``<name>/<language>.toml``: shipped ones are in
``domains``, others in the folder that ``wording.domain_folder`` names, which is looked in first.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from recx_agent.errors import SettingsError
from recx_agent.prompts.domain_words import checked_words

DEFAULT = "shop"
"""The domain of a wording that names none."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_KEYS = {"role", "caution", "rules", "words"}


@dataclass(frozen=True)
class DomainPack:
    """One domain in one language.

    Attributes
    ----------
    name, language : str
    role : str
        Who suggests, as it follows "why": "a shop".
    caution : str
        A sentence that code puts after every explanation; empty for most domains.
    rules : tuple of str
        What a language model is told besides the general rules.
    words : mapping of str to tuple of str
        Words of the domain by class; see :mod:`recx_agent.prompts.domain_words`.
    digest : str
        Of the file.
    """

    name: str
    language: str
    role: str
    caution: str
    rules: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    digest: str


def domain_names(folder: str | Path | None = None) -> tuple[str, ...]:
    """Names of the packs there are, shipped and own, sorted."""
    return tuple(sorted({entry.name for top in _tops(folder) for entry in _packs(top)}))


@functools.cache
def load_domain(name: str, language: str, folder: str | Path | None = None) -> DomainPack:
    """Read and check a pack.

    Parameters
    ----------
    name : str
        Of its folder.
    language : str
    folder : str or Path, optional
        Packs of one's own; they go before shipped ones of the same name.

    Raises
    ------
    SettingsError
        There is none of this name or in this language, or its file is wrong: says where.
    """
    if folder is not None and not Path(folder).is_dir():
        raise SettingsError(f"wording.domain_folder: there is no folder {str(folder)!r}")
    known = domain_names(folder)
    if not _NAME.fullmatch(name) or name not in known:
        where = f" or in {folder}" if folder else "; for one of your own set wording.domain_folder"
        raise SettingsError(f"no domain {name!r}; there are {', '.join(known)}{where}")
    for top in _tops(folder):
        file = top.joinpath(name, f"{language}.toml")
        if file.is_file():
            return _read(name, language, file)
    there = sorted({e.name for top in _tops(folder) for e in _files(top.joinpath(name))})
    raise SettingsError(
        f"domain {name!r} has no file {language}.toml, only {', '.join(there)}; add it"
    )


def domain_of(wording: Mapping[str, Any], language: str) -> DomainPack:
    """The pack of a plan's wording; ``language`` where it names none."""
    name = wording.get("domain") or DEFAULT
    return load_domain(name, wording.get("language") or language, wording.get("domain_folder"))


def _tops(folder: str | Path | None) -> list[Traversable]:
    shipped = resources.files("recx_agent.prompts").joinpath("domains")
    return [shipped] if folder is None else [Path(folder), shipped]


def _packs(top: Traversable) -> list[Traversable]:
    return [entry for entry in top.iterdir() if entry.is_dir() and _files(entry)]


def _files(pack: Traversable) -> list[Traversable]:
    return [f for f in pack.iterdir() if f.name.endswith(".toml")] if pack.is_dir() else []


def _read(name: str, language: str, file: Traversable) -> DomainPack:
    content = file.read_bytes()
    try:
        table: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: no TOML in UTF-8: {error}") from error
    if unknown := table.keys() - _KEYS:
        raise SettingsError(
            f"{file}: unknown {', '.join(map(repr, sorted(unknown)))}; "
            f"there are {', '.join(sorted(_KEYS))}"
        )
    role, caution = (_line(file, table, key) for key in ("role", "caution"))
    if not role:
        raise SettingsError(f"{file}: 'role' is missing: who suggests, such as 'a shop'")
    rules = table.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise SettingsError(f"{file}: 'rules' is no list of sentences")
    return DomainPack(
        name=name,
        language=language,
        role=role,
        caution=caution,
        rules=tuple(" ".join(rule.split()) for rule in rules),
        words=MappingProxyType(checked_words(str(file), table.get("words", {}))),
        digest=hashlib.sha256(content).hexdigest()[:12],
    )


def _line(file: Traversable, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or "{" in value or "}" in value:
        raise SettingsError(f"{file}: {key!r} is no text, or has braces in it")
    return " ".join(value.split())
