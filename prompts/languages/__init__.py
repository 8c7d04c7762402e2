"""The languages of the writer: one module of rules and one folder of templates each.

To add a language: a module here with an object ``LANGUAGE`` that has the methods of
:class:`~recx_agent.prompts.languages.language.Language`, the folder ``templates/<code>`` with
the files that ``templates/en`` has, a line under ``[languages]`` in
``templates/manifest.toml``, and its code in ``settings.WordingSettings``. The tests under
``tests/unit/prompts`` take it up by themselves where they hold for every language.
"""

from __future__ import annotations

import importlib
from typing import cast

from recx_agent.prompts.languages.language import Language, Noun

__all__ = ["Language", "Noun", "load_language"]


def load_language(module: str) -> Language:
    """Load a language by the name of its module."""
    return cast(Language, importlib.import_module(f"{__name__}.{module}").LANGUAGE)
