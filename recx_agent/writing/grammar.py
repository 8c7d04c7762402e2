"""A grammar for each set of placeholders: what a language model can write at all.

EBNF in xgrammar's dialect, as vLLM takes it in ``structured_outputs``: one to three sentences
of single words of the vocabulary and placeholders in any order. The grammar holds no clause:
which word follows which is the model's. It can name nothing but these placeholders, writes at
least one in each sentence, and cannot run on.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping

from recx_agent.grounding import Vocabulary
from recx_agent.protocols import Slot

SENTENCES = 3
"""Sentences at most."""

BEFORE = 8
"""Words of a sentence before its first placeholder, at most."""

AFTER = 14
"""Words and placeholders after it, at most."""


def grammar_for(slots: Mapping[str, Slot], vocabulary: Vocabulary) -> str:
    """The grammar of a set of placeholders.

    It depends on their names alone, not on their words or order, so that plans with as much
    evidence share a compiled grammar in the engine's cache.

    Parameters
    ----------
    slots : mapping of str to Slot
        By name.
    vocabulary : Vocabulary
        Of the plan's language and domain.

    Raises
    ------
    ValueError
        There is no placeholder.
    """
    if not slots:
        raise ValueError("a grammar needs at least one placeholder")
    return _grammar(tuple(sorted(slots)), vocabulary.words, vocabulary.language)


@functools.lru_cache(maxsize=4096)
def _grammar(names: tuple[str, ...], words: tuple[str, ...], language: str) -> str:
    spaced = language != "zh"
    rules = _spaced(words) if spaced else _unspaced(words)
    rules["named"] = _any_of("{" + name + "}" for name in names)
    return "".join(f"{name} ::= {rule}\n" for name, rule in rules.items())


def _spaced(words: Iterable[str]) -> dict[str, str]:
    """Words between spaces; the first of a sentence has a capital."""
    small = sorted(set(words))
    capital = sorted({word[0].upper() + word[1:] for word in small})
    more = f"{{0,{BEFORE - 1}}}"
    return {
        "root": f'sentence (" " sentence){{0,{SENTENCES - 1}}}',
        "sentence": f"(named | first) rest{{0,{AFTER}}} end",
        "first": f'capital (" " word){more} ","? " " named',
        "rest": 'mark? " " (word | named)',
        "mark": '"," | ";" | ":"',
        "end": '"."',
        "capital": _any_of(capital),
        "word": _any_of(small),
    }


def _unspaced(words: Iterable[str]) -> dict[str, str]:
    """Words of a script without spaces."""
    return {
        "root": f"sentence{{1,{SENTENCES}}}",
        "sentence": f"word{{0,{BEFORE}}} named rest{{0,{AFTER}}} end",
        "rest": "mark? (word | named)",
        "mark": '"，" | "；" | "：" | "、"',
        "end": '"。"',
        "word": _any_of(sorted(set(words))),
    }


def _any_of(texts: Iterable[str]) -> str:
    return " | ".join(json.dumps(text, ensure_ascii=False) for text in texts)
