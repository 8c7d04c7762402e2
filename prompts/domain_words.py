"""Words that a domain may add to a language's vocabulary, by class."""

from __future__ import annotations

from recx_agent.errors import SettingsError
from recx_agent.grounding import DOMAIN_CLASSES


def checked_words(file: str, table: object) -> dict[str, tuple[str, ...]]:
    """Check the table ``words`` of a pack: class to single words.

    Raises
    ------
    SettingsError
        A class that there is not, or no list of single words.
    """
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: 'words' is no table of classes")
    words: dict[str, tuple[str, ...]] = {}
    for kind, entries in table.items():
        if kind not in DOMAIN_CLASSES:
            known = ", ".join(DOMAIN_CLASSES)
            raise SettingsError(f"{file}: words.{kind}: there is no such class; there are {known}")
        if not isinstance(entries, list) or not all(map(_is_word, entries)):
            raise SettingsError(f"{file}: words.{kind} is no list of words without spaces")
        words[kind] = tuple(dict.fromkeys(entries))
    return words


def _is_word(entry: object) -> bool:
    return isinstance(entry, str) and entry.replace("-", "").replace("'", "").isalpha()
