"""The requests to a language model in one language, loaded and checked once.

``requests/manifest.toml`` names each request's template and variables. The digest of the
manifest and of all files of the language goes into the prompt version.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import jinja2
import jinja2.meta

from recx_agent.errors import PromptError
from recx_agent.prompts.sandbox import Sandbox

MANIFEST = "manifest.toml"
NOTES = "notes.j2"
STYLES = "styles.toml"
VIOLATIONS = "violations.toml"


@dataclass(frozen=True)
class RequestSet:
    """Checked templates of requests.

    Attributes
    ----------
    language : str
    version : str
        ``version+digest``.
    files : mapping of str to str
        Text of every file of the language, by name.
    """

    language: str
    version: str
    files: Mapping[str, str]
    _templates: Mapping[str, jinja2.Template]
    _notes: object

    def render(self, request: str, **variables: object) -> str:
        """Word a request; lines that came out empty are left out.

        Raises
        ------
        PromptError
            A variable is missing.
        """
        try:
            text = self._templates[request].render(**variables)
        except jinja2.TemplateError as error:
            raise PromptError(f"request {request!r} cannot be worded: {error}") from error
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

    def note(self, kind: str, claim: object) -> str:
        """Word what a claim allows to be told.

        Raises
        ------
        PromptError
            Claims of this kind are not for a language model.
        """
        macro = getattr(self._notes, kind, None)
        if macro is None:
            raise PromptError(f"claim {kind!r} is not for a language model; templates tell it")
        try:
            return " ".join(str(macro(claim)).split())
        except jinja2.TemplateError as error:
            raise PromptError(f"{NOTES}: {kind!r} cannot be worded: {error}") from error


@functools.cache
def load_requests(language: str) -> RequestSet:
    """Read the shipped requests of a language.

    Raises
    ------
    PromptError
        There are none, or one is damaged or takes other variables than the manifest says.
    """
    return build_requests(read_request_files(language), language)


def read_request_files(language: str) -> dict[str, str]:
    """Texts of the manifest and of every file of a language, by name."""
    top = resources.files("recx_agent.prompts").joinpath("requests")
    folder = top.joinpath(language)
    if not language.isalpha() or not folder.is_dir():
        raise PromptError(f"no requests to a language model in the language {language!r}")
    files = [top.joinpath(MANIFEST), *folder.iterdir()]
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}


def build_requests(files: Mapping[str, str], language: str) -> RequestSet:
    """Compile and check requests.

    Parameters
    ----------
    files : mapping of str to str
        As from :func:`read_request_files`.
    language : str
    """
    environment = Sandbox(jinja2.DictLoader(dict(files)))
    try:
        manifest: dict[str, Any] = tomllib.loads(files[MANIFEST])
        if language not in manifest["languages"]:
            raise PromptError(f"requests/{MANIFEST} does not list the language {language!r}")
        templates = {}
        for request, entry in manifest["requests"].items():
            name = entry["template"]
            _check_variables(environment, name, files[name], entry["variables"])
            templates[request] = environment.get_template(name)
        notes = environment.get_template(NOTES).module
    except (KeyError, tomllib.TOMLDecodeError, jinja2.TemplateError) as error:
        raise PromptError(f"requests {language!r}: {type(error).__name__}: {error}") from error
    return RequestSet(
        language=language,
        version=f"{manifest['version']}+{_digest(files)}",
        files=MappingProxyType(dict(files)),
        _templates=MappingProxyType(templates),
        _notes=notes,
    )


def _check_variables(
    environment: jinja2.Environment, name: str, source: str, declared: Sequence[str]
) -> None:
    found = jinja2.meta.find_undeclared_variables(environment.parse(source))
    if found != set(declared):
        raise PromptError(
            f"{name} takes {', '.join(sorted(found))}, "
            f"but requests/{MANIFEST} says {', '.join(sorted(declared))}"
        )


def _digest(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            digest.update(part.encode("utf-8") + b"\0")
    return digest.hexdigest()[:12]
