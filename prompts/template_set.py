"""The templates of one language, loaded and checked once.

``templates/manifest.toml`` names version, styles and languages. The digest of the manifest
and of all files of the language goes into the prompt version, so a text can be written again
with what wrote it.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, get_args

import jinja2

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import TASK_KINDS, ClaimKind
from recx_agent.prompts.event_words import EventWords, Meanings
from recx_agent.prompts.languages import Language, load_language
from recx_agent.prompts.sandbox import Sandbox

MANIFEST = "manifest.toml"
EVENTS = "events.toml"
EVIDENCE = "evidence"
SLOTS = "slots"
LETTERS = "HABTCORSFIWLE"
"""First letters of evidence: each has a macro in ``evidence.j2``."""
SLOT_SORTS = (
    *("deed", "rating", "count", "liked", "context", "values", "rank", "wrote"),
    *("standing", "change", "top", "replaced", "so_many"),
)
"""Sorts of placeholders that take words: each has a macro in ``slots.j2``."""


@dataclass(frozen=True)
class TemplateSet:
    """Checked templates.

    Attributes
    ----------
    language : Language
    prompt_version : str
        ``language-version+digest``.
    styles : tuple of str
        In the order of the variants.
    events : EventWords
    """

    language: Language
    prompt_version: str
    styles: tuple[str, ...]
    events: EventWords
    _modules: Mapping[str, object]

    def word(self, style: str, kind: str, *view: object) -> str:
        """Fill the macro of a claim's kind in a style or task, or of an evidence's letter.

        Raises
        ------
        PromptError
            The view lacks something the macro needs.
        """
        macro = getattr(self._modules[style], kind)
        try:
            return str(macro(*view))
        except (jinja2.TemplateError, AttributeError, TypeError, ValueError) as error:
            raise PromptError(f"{kind!r} cannot be worded as {style!r}: {error}") from error


@functools.cache
def load_manifest() -> Mapping[str, Any]:
    """Read the shipped manifest."""
    return MappingProxyType(tomllib.loads(_top().joinpath(MANIFEST).read_text(encoding="utf-8")))


@functools.cache
def load_templates(language: str) -> TemplateSet:
    """Read the shipped templates of a language.

    Raises
    ------
    PromptError
        There are none, or one is damaged or lacks a macro.
    """
    return build(read_files(language), language)


def read_files(language: str) -> dict[str, str]:
    """Texts of the manifest and of every file of a language, by name."""
    known = load_manifest()["languages"]
    if language not in known:
        raise PromptError(
            f"no templates for the language {language!r}; there are {', '.join(known)}"
        )
    files = [_top().joinpath(MANIFEST), *_top().joinpath(language).iterdir()]
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}


def _top() -> Any:
    return resources.files("recx_agent.prompts").joinpath("templates")


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
        version = str(manifest["version"])
        rules = load_language(manifest["languages"][language])
        events = EventWords(tomllib.loads(files[EVENTS]), Meanings.of(manifest), rules)
        modules = _compile(files, (*styles, *TASK_KINDS, EVIDENCE, SLOTS), rules.filters)
    except (KeyError, tomllib.TOMLDecodeError, jinja2.TemplateError) as error:
        raise PromptError(f"templates {language!r}: {type(error).__name__}: {error}") from error
    own = {**TASK_KINDS, EVIDENCE: LETTERS, SLOTS: SLOT_SORTS}
    for name, kinds in {**dict.fromkeys(styles, get_args(ClaimKind)), **own}.items():
        for kind in kinds:
            if not hasattr(modules[name], kind):
                raise PromptError(f"templates {language!r}: {name!r} has no macro {kind!r}")
    return TemplateSet(
        language=rules,
        prompt_version=f"{language}-{version}+{_digest(files)}",
        styles=styles,
        events=events,
        _modules=MappingProxyType(modules),
    )


def _compile(
    files: Mapping[str, str], names: tuple[str, ...], filters: Mapping[str, Callable[..., Any]]
) -> dict[str, object]:
    environment = Sandbox(jinja2.DictLoader(dict(files)))
    environment.filters.update(filters)
    return {name: environment.get_template(f"{name}.j2").module for name in names}


def _digest(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            digest.update(part.encode("utf-8") + b"\0")
    return digest.hexdigest()[:12]
