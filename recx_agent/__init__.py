"""recx-agent: recommendations that can say, truthfully, why.

The way of the data, and the folder each step lives in::

    datasets      files → validated events, items, users with internal ids
    recommenders  LightFM over the user's history; score = exact sum of terms
    attribution   the terms of a score, ranks without each, what-ifs
    retrievers    the user's own events, from a Chroma index
    evidence      typed, deduplicated, cut to a budget, citable
    explainer     which claims the numbers allow, in which order
    prompts       the words: templates and styles
    recx, build   one object that answers; one that makes what it answers from
    cli, serve    the doors; evals measures
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recx_agent.build import fit, index, update
    from recx_agent.erasure import forget
    from recx_agent.errors import RecxError
    from recx_agent.export import export_user
    from recx_agent.given import explain_given
    from recx_agent.recx import Recx
    from recx_agent.settings import Settings, load_settings

__version__ = version("recx-agent")

# Imported when first used: a command that only prints its help loads no recommender.
_HOME = {
    "Recx": "recx_agent.recx",
    "RecxError": "recx_agent.errors",
    "Settings": "recx_agent.settings",
    "explain_given": "recx_agent.given",
    "export_user": "recx_agent.export",
    "fit": "recx_agent.build",
    "forget": "recx_agent.erasure",
    "index": "recx_agent.build",
    "load_settings": "recx_agent.settings",
    "update": "recx_agent.build",
}

__all__ = [
    "Recx",
    "RecxError",
    "Settings",
    "__version__",
    "explain_given",
    "export_user",
    "fit",
    "forget",
    "index",
    "load_settings",
    "update",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
