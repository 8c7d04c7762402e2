"""Data shown to a language model: on one line, between marks, with nothing that could act.

What a person is shown keeps its characters; here, what a chat template or a model could take
for an end of the data, a role or a placeholder is replaced by a look-alike that means nothing.
"""

from __future__ import annotations

import functools
import unicodedata

from recx_agent.prompts.cleaning import one_line
from recx_agent.prompts.languages import Language

MAX_SHOWN = 120
"""Characters of a placeholder's words that a prompt shows."""

_LOOK_ALIKES = str.maketrans("<>[]{}|`\\", "‹›()()¦'/")
"""For <|im_start|>, </s>, [INST], {H1}, {{ x }}, ``` and a backslash."""


def inert(text: str) -> str:
    """A model's own text on one line, with nothing but placeholders that could act."""
    return one_line("".join(c if c in "{}" else _inert(c) for c in one_line(text)))


def as_data(text: str, language: Language) -> str:
    """Quote a text so that nothing in it can end the quotes or act outside them."""
    shown = one_line("".join(map(_inert, one_line(text))))
    if len(shown) > MAX_SHOWN:
        shown = shown[: MAX_SHOWN - 1].rstrip() + "…"
    inner = shown[1:-1]
    if shown and language.quoted(inner) == shown:  # a title in marks of its own
        return shown
    return language.quoted(shown)


@functools.lru_cache(maxsize=4096)
def _inert(char: str) -> str:
    """A character that cannot act, not even once a tokenizer has put it in its plain form."""
    plain = unicodedata.normalize("NFKC", char).translate(_LOOK_ALIKES)
    return plain if plain != unicodedata.normalize("NFKC", char) else char
