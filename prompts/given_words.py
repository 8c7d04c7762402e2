"""Words what is asked and told about passages that somebody gives."""

from __future__ import annotations

import functools
import hashlib
import tomllib
import zlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import jinja2

from recx_agent.errors import PromptError
from recx_agent.prompts.cleaning import clean, marked, one_line
from recx_agent.prompts.sandbox import Sandbox
from recx_agent.protocols import GivenCase, Message
from recx_agent.schemas import Passage, Sentence

_LANGUAGES = ("en", "zh")
_LONGEST = 4000
"""Characters of a passage that a model is shown."""


class GivenTemplates:
    """The words of ``prompts/given/<language>.toml``; see :class:`recx_agent.protocols.GivenWords`.

    Passages are data: each stands on one line without control characters, and nothing in it
    is taken for a template.
    """

    @property
    def version(self) -> str:
        """``given-`` and the digest of the files."""
        return f"given-{_digest()}"

    def joint(self, language: str) -> str:
        """What stands between two sentences."""
        return str(_words(language)["joint"])

    def request(self, case: GivenCase) -> tuple[Message, ...]:
        """Ask for an explanation; what is the same in every request comes first."""
        words = _words(case.language)["request"]
        passages = [
            {"id": passage.id, "text": one_line(passage.text)[:_LONGEST]}
            for passage in case.passages
        ]
        asked = _render(words["user"], title=clean(case.item_title), passages=passages)
        return Message("system", words["system"].strip()), Message("user", asked)

    def repair(self, case: GivenCase, draft: str, failed: Sequence[str]) -> tuple[Message, ...]:
        """Ask for other sentences in the place of the failed ones, each with what is wrong."""
        words = _words(case.language)["request"]
        asked = _render(words["repair"], failed=list(failed))
        return (*self.request(case), Message("assistant", draft), Message("user", asked))

    def about(self, case: GivenCase, quote: str, passage: Passage) -> Sentence:
        """Quote a passage."""
        text = self._told(case, f"about_{passage.about}", quote=f"“{quote}”")
        return Sentence(text=text, evidence=(passage.id,))

    def both(self, case: GivenCase, common: Sequence[str], cited: Sequence[str]) -> Sentence:
        """Say what both sorts of passages mention, and that the item may suit for it."""
        between, last = _words(case.language)["marks"]["list"]
        listed = last.join([*filter(None, [between.join(common[:-1])]), common[-1]])
        return Sentence(text=self._told(case, "both", common=listed), evidence=tuple(cited))

    def nothing(self, case: GivenCase, cited: Sequence[str]) -> Sentence:
        """Say that there is no reason to tell."""
        return Sentence(text=self._told(case, "nothing"), evidence=tuple(cited))

    def _told(self, case: GivenCase, name: str, **parts: str) -> str:
        words = _words(case.language)
        opening, closing = words["marks"]["title"]
        title = marked(clean(case.item_title), opening, closing, "‘’", "…")
        variants = words["template"][name]
        number = zlib.crc32(case.item_title.encode()) % len(variants)
        return str(variants[number]).format(title=title, **parts)


@functools.cache
def _words(language: str) -> dict[str, Any]:
    if language not in _LANGUAGES:
        raise PromptError(f"language {language!r}: passages are told in {', '.join(_LANGUAGES)}")
    return tomllib.loads(_source(language))


def _source(language: str) -> str:
    folder = resources.files("recx_agent.prompts") / "given"
    return (folder / f"{language}.toml").read_text(encoding="utf-8")


@functools.cache
def _digest() -> str:
    whole = "\0".join(_source(language) for language in _LANGUAGES)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


@functools.cache
def _environment() -> jinja2.Environment:
    return Sandbox()


def _render(template: str, **parts: object) -> str:
    return _environment().from_string(template).render(**parts).strip()
