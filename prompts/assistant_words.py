"""What an assistant is told, and what it shows of answers that are no explanation.

``assistant/<language>`` holds the requests (``system``, ``router``, ``result``, ``around``) and
the macros of what is shown (``shown``). All titles and values go through
:mod:`recx_agent.prompts.cleaning`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import jinja2

from recx_agent.errors import PromptError
from recx_agent.prompts.cleaning import without_braces
from recx_agent.prompts.domain_pack import DomainPack, domain_of
from recx_agent.prompts.languages import Language, Noun, load_language
from recx_agent.prompts.sandbox import Sandbox

_MODULES = {"en": "english", "zh": "chinese"}
_FILES = ("system.j2", "router.j2", "result.j2", "around.j2", "shown.j2")


class AssistantWords:
    """The words of an assistant in one language and domain.

    Parameters
    ----------
    wording : mapping
        See :class:`recx_agent.settings.WordingSettings`; its language counts.

    Raises
    ------
    SettingsError
        There is no such domain or language.
    """

    def __init__(self, wording: Mapping[str, Any]) -> None:
        self.language = str(wording.get("language") or "en")
        self.pack: DomainPack = domain_of(wording, self.language)
        self._rules: Language = load_language(_MODULES[self.language])
        self._noun: Noun = self._rules.noun(
            str(wording.get("item") or "item"), str(wording.get("measure_word") or "")
        )
        self._templates = _templates(self.language)
        self._shown: Any = self._templates["shown.j2"].module

    @property
    def domain_words(self) -> dict[str, tuple[str, ...]]:
        """Words of the domain by class, with what the operator calls an item among its nouns."""
        nouns = (*self.pack.words.get("item_nouns", ()), self._noun.one, self._noun.many)
        return {**self.pack.words, "item_nouns": tuple(dict.fromkeys(nouns))}

    # --- for the model

    def system(self) -> str:
        """The instruction of the whole conversation."""
        return self._render(
            "system.j2", role=self.pack.role, items=self._noun.many, rules=self.pack.rules
        )

    def router(self) -> str:
        """The instruction for the choice of an intent."""
        return self._render("router.j2", role=self.pack.role)

    def result(self, name: str, kind: str, text: str) -> str:
        """A result as the model gets it, with the name that shows it."""
        return self._render("result.j2", name=f"{{{name}}}", kind=kind, text=without_braces(text))

    def around(self, said: str, names: Sequence[str], kind: str) -> str:
        """What was said, with the request for words around results of a kind."""
        marked = [f"{{{name}}}" for name in names]
        return self._render("around.j2", said=said, names=marked, kind=kind)

    # --- for the user

    def title(self, title: str) -> str:
        """A title between marks that it cannot close."""
        return self._rules.title(title, self._noun)

    def attribute(self, what: str) -> str:
        """``name=value`` as the language writes a value."""
        return self._rules.value(what.partition("=")[2] or what)

    def suggestions(self, titles: Sequence[str], *, popular: bool) -> str:
        """A numbered list, with the domain's caution behind it."""
        if not titles:
            return self.line("nothing_left", noun=self._noun.many)
        macro = "popular" if popular else "suggestions"
        head = self.line(macro, titles=titles, noun=self._noun.many)
        listed = [f"{number}. {self.title(title)}" for number, title in enumerate(titles, 1)]
        caution = [self.pack.caution] if self.pack.caution else []
        return "\n".join([head, *listed, *caution])

    def problem(self, kind: str, titles: Sequence[str] = (), values: Sequence[str] = ()) -> str:
        """Why an answer was not possible; ``titles`` and ``values`` may be meant."""
        marked = [*map(self.title, titles), *map(self.attribute, values)]
        return self.line(kind, titles=list(dict.fromkeys(marked)))

    def standing(self, kind: str) -> str:
        """``help``, ``greeting`` or ``welcome``."""
        return self.line(kind, noun=self._noun.many)

    def line(self, macro: str, **facts: object) -> str:
        """What a macro of ``shown`` says, on one line.

        Raises
        ------
        PromptError
            There is none, or a fact is missing.
        """
        try:
            return self._rules.line(str(getattr(self._shown, macro)(**facts)))
        except (AttributeError, TypeError, jinja2.TemplateError) as error:
            raise PromptError(f"assistant/{self.language}/shown.j2, {macro}: {error}") from error

    def _render(self, file: str, **facts: object) -> str:
        try:
            text = self._templates[file].render(**facts)
        except jinja2.TemplateError as error:
            raise PromptError(f"assistant/{self.language}/{file}: {error}") from error
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@functools.cache
def _templates(language: str) -> Mapping[str, jinja2.Template]:
    folder = resources.files("recx_agent.prompts").joinpath("assistant", language)
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in _FILES}
    environment = Sandbox(jinja2.DictLoader(texts))
    return {name: environment.get_template(name) for name in _FILES}
