"""Citation recall and precision, by the definitions of ALCE.

Gao, Yen, Yu & Chen 2023, "Enabling large language models to generate text with citations",
section 3.3, and its ``eval.py``. ALCE asks a language model whether texts entail a sentence;
here the records that are cited have to say every part of it (:meth:`.case.Case.entails`).
"""

from __future__ import annotations

from recx_agent.evals.scorers.base import Score, unscored
from recx_agent.evals.scorers.grounded.case import Case


def citation_recall(case: Case) -> Score:
    """Share of the sentences that all their citations together entail; 0 to 1.

    A sentence that cites nothing, or nothing known, counts 0.
    """
    if not case.texts:
        return unscored("no sentence")
    held = [case.entails(at, cites) for at, cites in enumerate(case.cites)]
    open_ = [case.texts[at] for at, entailed in enumerate(held) if not entailed]
    return Score(sum(held) / len(held), f"{sum(held)} of {len(held)}", "; ".join(open_[:3]))


def citation_precision(case: Case) -> Score:
    """Share of all citations that are needed: 0 to 1; 0 where nothing is cited.

    One is needed if the citations of its sentence together entail it, and it does so alone or
    they no longer do without it. Citations of a sentence that they do not entail all count 0.
    """
    if not case.texts:
        return unscored("no sentence")
    needed = total = 0
    idle: list[str] = []
    for at, cites in enumerate(case.cites):
        own = list(dict.fromkeys(cites))
        total += len(own)
        if not case.entails(at, own):
            continue
        for id in own:
            rest = [other for other in own if other != id]
            if case.entails(at, [id]) or not case.entails(at, rest):
                needed += 1
            else:
                idle.append(f"{id} in {case.texts[at]!r}")
    reason = "; ".join(idle[:3]) if total else "it cites nothing"
    return Score(needed / total if total else 0.0, f"{needed} of {total}", reason)
