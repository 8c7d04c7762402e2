"""The templates of one language, loaded and checked once.

``templates/manifest.toml`` names version, styles and macros. The digest of all template
files goes into the prompt version, so a text can be written again with what wrote it.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, get_args

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts.deeds import EventWords
from recx_agent.prompts.filters import FILTERS

MANIFEST = "manifest.toml"
EVENTS = "events.toml"
EVIDENCE = "evidence"


@dataclass(frozen=True)
class TemplateSet:
    """Checked templates.

    Attributes
    ----------
    language : str
    prompt_version : str
        ``language-version+digest``; the digest is of every template file.
    styles : tuple of str
        In the order of the variants.
    events : EventWords
    """

    language: str
    prompt_version: str
    styles: tuple[str, ...]
    events: EventWords
    _claims: Mapping[str, str]
    _modules: Mapping[str, object]

    def word(self, style: str, kind: str, view: object) -> str:
        """Fill the macro of a claim's kind, or of an evidence's letter.

        Raises
        ------
        PromptError
            The view lacks something the macro needs.
        """
        macro = getattr(self._modules[style], self._claims.get(kind, kind))
        try:
            return str(macro(view))
        except (jinja2.TemplateError, AttributeError, TypeError, ValueError) as error:
            raise PromptError(f"{kind!r} cannot be worded as {style!r}: {error}") from error


@functools.cache
def load_templates(language: str = "en") -> TemplateSet:
    """Read the shipped templates of a language.

    Raises
    ------
    PromptError
        There are none, or one is damaged or lacks a macro.
    """
    return build(read_files(language), language)


def read_files(language: str) -> dict[str, str]:
    """Texts of the manifest and of every file of a language, by name."""
    top = resources.files("recx_agent.prompts").joinpath("templates")
    folder = top.joinpath(language)
    if not folder.is_dir():
        raise PromptError(f"no templates for the language {language!r}")
    files = [top.joinpath(MANIFEST), *folder.iterdir()]
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}


def build(files: Mapping[str, str], language: str) -> TemplateSet:
    """Compile and check templates.

    Parameters
    ----------
    files : mapping of str to str
        As from :func:`read_files`.
    language : str
    """
    try:
        manifest: dict[str, Any] = tomllib.loads(files[MANIFEST])
        styles = tuple(manifest["styles"])
        claims = dict(manifest["claims"])
        version = str(manifest["version"])
        events = EventWords(tomllib.loads(files[EVENTS]))
        modules = _compile(files, (*styles, EVIDENCE))
    except (KeyError, tomllib.TOMLDecodeError, jinja2.TemplateError) as error:
        raise PromptError(f"templates {language!r}: {type(error).__name__}: {error}") from error
    for kind in get_args(ClaimKind):
        for style in styles:
            if not hasattr(modules[style], claims.get(kind, "")):
                raise PromptError(f"style {style!r} has no macro for the claim {kind!r}")
    return TemplateSet(
        language=language,
        prompt_version=f"{language}-{version}+{_digest(files)}",
        styles=styles,
        events=events,
        _claims=MappingProxyType(claims),
        _modules=MappingProxyType(modules),
    )


def _compile(files: Mapping[str, str], names: tuple[str, ...]) -> dict[str, object]:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.DictLoader(dict(files)),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return {name: environment.get_template(f"{name}.j2").module for name in names}


def _digest(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            digest.update(part.encode("utf-8") + b"\0")
    return digest.hexdigest()[:12]
