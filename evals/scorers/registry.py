"""Which scorers there are, by family; other packages add theirs by an entry point."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata

from recx_agent.errors import SettingsError
from recx_agent.evals.scorers.base import AnyScorer
from recx_agent.evals.scorers.sources import Sources

GROUP = "recx_agent.scorers"
"""Entry points of this group are makers; the entry's name is the family's."""

Maker = Callable[[Sources], Iterable[AnyScorer]]
"""Makes the scorers of one family."""

BUILT_IN = {
    "text": "recx_agent.evals.scorers.text:make_scorers",
    "grounded": "recx_agent.evals.scorers.grounded:make_scorers",
    "faithful": "recx_agent.evals.scorers.faithful:make_scorers",
    "worlds": "recx_agent.evals.scorers.worlds:make_scorers",
    "effect": "recx_agent.evals.scorers.effect:make_scorers",
    "effect_llm": "recx_agent.evals.scorers.effect.by_model:make_scorers",
    "robust": "recx_agent.evals.scorers.robust:make_scorers",
    "service": "recx_agent.evals.scorers.service:make_scorers",
    "bertscore": "recx_agent.evals.scorers.text.bertscore:make_scorers",
}
"""Family to ``module:function`` of its maker; a module is imported when it is asked for."""

READERS = frozenset({"effect_llm"})
"""Families that ask a language model themselves."""

_NO_PERSON = (
    "The reader is simulated: nobody was asked. These figures say what the words of a text make "
    "a simple model, or a language model, expect; what people do has to be found out with people."
)
_GAPS = (
    "The largest gap of several groups is never 0, and larger by chance the more and the smaller "
    "they are: read it beside gap_by_chance."
)
FAMILY_NOTES = {"effect": _NO_PERSON, "effect_llm": _NO_PERSON, "fair": _GAPS}
"""What whoever reads the figures of a family has to know first; stands above them."""


def families() -> dict[str, str]:
    """Families there are, with where their makers stand; built-in ones first.

    Raises
    ------
    SettingsError
        Two packages bring a family of one name.
    """
    found = dict(BUILT_IN)
    for entry in sorted(metadata.entry_points(group=GROUP), key=lambda entry: entry.name):
        if found.get(entry.name, entry.value) != entry.value:
            raise SettingsError(
                f"two packages bring scorers of the family {entry.name!r} "
                f"({found[entry.name]} and {entry.value}); remove one of them"
            )
        found[entry.name] = entry.value
    return found


def scorers_of(names: Sequence[str], sources: Sources | None = None) -> list[AnyScorer]:
    """The scorers asked for.

    Parameters
    ----------
    names : sequence of str
        Families (``text``) and single scorers (``text.distinct_2``).
    sources : Sources, optional
        What they may look into.

    Raises
    ------
    SettingsError
        There is no such family or scorer, or it lacks a package; two scorers have one name.
    """
    known = families()
    wanted: dict[str, set[str]] = {}
    for name in names:
        family, _, single = name.partition(".")
        if family not in known:
            raise SettingsError(f"no scorers {family!r}; there are {', '.join(known)}")
        wanted.setdefault(family, set()).add(single)
    found: dict[str, AnyScorer] = {}
    for family, singles in wanted.items():
        made = {one.name: one for one in _maker(family, known[family])(sources or Sources())}
        chosen = list(made) if "" in singles else [name for name in made if name in singles]
        if missing := singles - {""} - made.keys():
            raise SettingsError(
                f"no scorer {family}.{min(missing)}; there are {', '.join(made) or 'none'}"
            )
        for name in chosen:
            if name in found:
                raise SettingsError(f"two scorers are called {name!r}; one of them has to go")
            found[name] = made[name]
    return list(found.values())


def _maker(family: str, place: str) -> Maker:
    module, _, function = place.partition(":")
    try:
        maker: Maker = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"the scorers {family!r} ({place}) cannot be loaded: {error}; "
            "install what is missing, such as pip install 'recx-agent[evals]'"
        ) from error
    return maker
