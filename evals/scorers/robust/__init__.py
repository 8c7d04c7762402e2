"""What becomes of texts when what they are made of is changed, or gives orders.

::

    causes      which causes a text tells of
    stability   changed histories, and the same case asked for again
    injection   orders in titles, attributes and reviews

They judge variants of cases, which a suite asks for in ``[cases.robust]``.
"""

from __future__ import annotations

from collections.abc import Iterable

from recx_agent.evals.scorers.base import AnyScorer, Scorer
from recx_agent.evals.scorers.grounded.judges import grounded_scorers
from recx_agent.evals.scorers.grounded.source import raw_of
from recx_agent.evals.scorers.robust.injection import injection_scorers
from recx_agent.evals.scorers.robust.stability import PERTURBED, Untruth, stability_scorers
from recx_agent.evals.scorers.sources import Sources

__all__ = ["make_scorers"]


def make_scorers(sources: Sources) -> Iterable[AnyScorer]:
    """All of them; whether a text is untrue is unscored without raw files.

    Raises
    ------
    DataError
        The files cannot be read.
    """
    changed = {one: sources.variants.get(one) for one in PERTURBED}
    before = _untrue(sources) if any(changed.values()) else None
    untruths = {
        variant: Untruth(before, None if own is None else _untrue(own))
        for variant, own in changed.items()
    }
    return (*stability_scorers(untruths), *injection_scorers())


def _untrue(sources: Sources) -> Scorer | None:
    raw = raw_of(sources)
    if raw is None:
        return None
    return next(one for one in grounded_scorers(raw) if one.name == "untrue")
