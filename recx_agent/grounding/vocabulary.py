"""The words of a language, by class: what each says, so that its truth can be decided."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from recx_agent.errors import SettingsError
from recx_agent.protocols import Task

DOMAIN_CLASSES = {"item_nouns": "NOUN", "use_verbs": "USE", "neutral": "FILLER"}
"""What a domain may add, and the class it becomes.

What items are called (``film``, ``films``), what one does with them, told of no one
(``watch``, ``watching``), and words that assert nothing (``screen``). None of them can say
that something was done, was liked, is so or is the reason.
"""


@dataclass(frozen=True)
class Meaning:
    """What one word may be: its class, and its value inside the class."""

    kind: str
    value: str = ""


class Vocabulary:
    """Words and phrases of one language and one domain.

    Parameters
    ----------
    language : str
    meanings : mapping of str to tuple of Meaning
        Lower-case word or phrase to what it may be.
    offered : sequence of str
        Words that a grammar may offer.
    """

    def __init__(
        self, language: str, meanings: Mapping[str, tuple[Meaning, ...]], offered: Sequence[str]
    ) -> None:
        self.language = language
        self.meanings = meanings
        self._words = tuple(sorted(set(offered)))
        self.longest = max((len(phrase.split()) for phrase in meanings), default=1)
        self.longest_text = max((len(phrase) for phrase in meanings), default=1)

    @property
    def words(self) -> tuple[str, ...]:
        """Single words that a grammar may offer, sorted; phrases are split into theirs."""
        return self._words

    def of(self, word: str) -> tuple[Meaning, ...]:
        """What a lower-case word or phrase may be; nothing if it is not known."""
        return self.meanings.get(word, ())


def load_vocabulary(
    language: str,
    domain: Mapping[str, Sequence[str]] | None = None,
    task: Task | Literal["talk"] = "explain",
) -> Vocabulary:
    """Load the words of a language and add those of a domain.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    domain : mapping of str to sequence of str, optional
        Class (see `DOMAIN_CLASSES`) to words. A neutral word that the language knows already
        keeps its own meaning.
    task : str
        Each has words of its own; ``"talk"`` are those of :mod:`recx_agent.grounding.talk`.

    Raises
    ------
    SettingsError
        The language has no words, or the domain names a class that it may not add to.
    """
    frozen = tuple((kind, tuple(words)) for kind, words in (domain or {}).items())
    return _load(language, frozen, task)


@lru_cache(maxsize=64)
def _load(language: str, domain: tuple[tuple[str, tuple[str, ...]], ...], task: str) -> Vocabulary:
    meanings: dict[str, list[Meaning]] = {}
    offered: list[str] = []
    table = _table(language)
    if task != "explain":
        table = _task_table(language, task, table)
    unoffered = set(table.pop("not_offered", ()))
    for kind, value, word in _entries(table):
        meanings.setdefault(word.lower(), []).append(Meaning(kind, value))
        if "你" in word:  # the polite form
            meanings.setdefault(word.replace("你", "您"), []).append(Meaning(kind, value))
        if kind not in unoffered:
            offered.extend(_single(word, language))
    # A part of a phrase may by itself be a word that is not offered: "just" of "just like".
    offered = [
        word
        for word in offered
        if not (kinds := {meaning.kind for meaning in meanings.get(word, ())}) or kinds - unoffered
    ]
    own = frozenset(meanings)
    for kind, words in domain:
        if kind not in DOMAIN_CLASSES:
            known = ", ".join(DOMAIN_CLASSES)
            raise SettingsError(
                f"a domain cannot add words of the class '{kind}'; it may add to: {known}"
            )
        for word in words:
            # A word of the language keeps what it means there: no pack makes "not" neutral.
            if word.lower() in own and kind == "neutral":
                continue
            meaning = Meaning(DOMAIN_CLASSES[kind])
            if meaning not in meanings.setdefault(word.lower(), []):
                meanings[word.lower()].append(meaning)
            offered.extend(_single(word, language))
    return Vocabulary(language, {word: tuple(own) for word, own in meanings.items()}, offered)


def _table(language: str) -> dict[str, Any]:
    file = resources.files("recx_agent.grounding").joinpath("languages", language, "words.toml")
    if not language.isalpha() or not file.is_file():
        raise SettingsError(
            f"there are no words of the language '{language}'; a language model can write "
            "in: en, zh"
        )
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _task_table(language: str, task: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a task, with the classes that it takes from those of the language."""
    file = resources.files("recx_agent.grounding").joinpath("languages", language, f"{task}.toml")
    own: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {**{kind: words[kind] for kind in own.pop("shared")}, **own}


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Class, value and word of each entry of the tables."""
    for kind, entry in table.items():
        groups = entry.items() if isinstance(entry, Mapping) else [("", entry)]
        for value, words in groups:
            for word in words:
                yield kind, value, word


def _single(word: str, language: str) -> list[str]:
    return word.split() if language != "zh" else [word]
