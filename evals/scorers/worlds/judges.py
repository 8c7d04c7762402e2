"""The judges of planted worlds as scorers of samples."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.base import Better, Score, unscored
from recx_agent.evals.scorers.worlds.sample import RuledSample, Unfit
from recx_agent.evals.scorers.worlds.terms import largest_causes
from recx_agent.evals.worlds.rules import KNOWABLE, RULES, UNKNOWABLE

FAMILY = "worlds"
Measure = Callable[[RuledSample], Score]
_SOME = 5


@dataclass(frozen=True)
class WorldScorer:
    """Holds one text against the rule of its user.

    Parameters
    ----------
    name : str
    measure : callable
    kinds : collection of str
        Of the rules that it judges; a sample of any other is unscored.
    values : frozenset of str
        Every value of an attribute in the catalogue.
    fitting : bool
        Whether it judges only items that follow the rule. Of any other item the rule is no
        reason, and a text that did not tell it would be right.
    better : str
    """

    name: str
    measure: Measure
    kinds: Collection[str]
    values: frozenset[str]
    fitting: bool = True
    better: Better = "higher"
    family: str = FAMILY
    low: float = 0.0
    high: float = 1.0

    @property
    def about(self) -> str:
        """What it is, in a sentence."""
        return (self.measure.__doc__ or "").partition("\n")[0]

    def score(self, sample: Sample) -> Score:
        """What is found in one sample."""
        try:
            ruled = RuledSample.of(sample, self.values)
        except Unfit as error:
            return unscored("no rule", str(error))
        if ruled.rule.kind not in self.kinds:
            return unscored("another rule", f"the user follows {ruled.rule.kind!r}")
        if self.fitting and not ruled.fits:
            return unscored("no item of the rule", "the rule is no reason for this item")
        return self.measure(ruled)


def model_fits(ruled: RuledSample) -> Score:
    """Whether the suggested item follows the rule: what the model has learnt of it. 0 or 1."""
    return _yes(ruled.fits)


def model_recall(ruled: RuledSample) -> Score:
    """Share of the rule's ``n`` parts among the ``n`` largest exact terms; 0 to 1.

    R-precision: see :func:`.terms.carried`. It judges the model and is the same for every
    writer; no text that follows the model can tell more.
    """
    parts = max(1, len(ruled.rule.parts))
    return _share(len(ruled.carried), parts, f"carried: {sorted(ruled.carried)}")


def model_evidence(ruled: RuledSample) -> Score:
    """Share of the three largest positive terms of the history that follow the rule; 0 to 1."""
    causes = largest_causes(ruled.terms)
    if not causes:
        return unscored("no causes", "no term of the history is positive")
    right = [id for id in causes if id in ruled.rule.items]
    return _share(len(right), len(causes), "")


def rule_recall(ruled: RuledSample) -> Score:
    """Share of the rule's parts that the text gives as its reason; 0 to 1.

    A rule that no attribute names is told by any one item that follows it.
    """
    if not ruled.rule.parts:
        return _yes(bool(ruled.named & ruled.wanted))
    told = ruled.named & ruled.wanted
    return _share(len(told), len(ruled.wanted), f"not told: {sorted(ruled.wanted - told)}")


def rule_precision(ruled: RuledSample) -> Score:
    """Of what the text gives as its reason, the share that is of the rule; 0 to 1.

    Attributes where the rule is made of attributes, else items; unscored where the text
    tells none of that sort.
    """
    if not ruled.named:
        return unscored("none told")
    alien = sorted(ruled.named - ruled.wanted)
    return _share(
        len(ruled.named) - len(alien), len(ruled.named), f"not of the rule: {alien[:_SOME]}"
    )


def told_of_carried(ruled: RuledSample) -> Score:
    """Of the parts that the model's terms carry, the share that the text tells; 0 to 1.

    What is left of :func:`rule_recall` when the model's own share in it is taken out; unscored
    where the model carries none.
    """
    if not ruled.carried:
        return unscored("not carried", "the model's terms do not carry the rule")
    if not ruled.rule.parts:
        return rule_recall(ruled)
    left = sorted(ruled.carried - ruled.named)
    return _share(len(ruled.carried) - len(left), len(ruled.carried), f"not told: {left}")


def evidence_precision(ruled: RuledSample) -> Score:
    """Of the history items that the text gives as reasons, the share that follow the rule.

    0 to 1; what does not follow it was liked by chance. Unscored where none is told.
    """
    items = ruled.told.items
    if not items:
        return unscored("none told")
    alien = [id for id in items if id not in ruled.rule.items]
    return _share(len(items) - len(alien), len(items), f"by chance: {alien}")


def twin_told(ruled: RuledSample) -> Score:
    """1 if the text gives an attribute as a reason that only goes together with the rule's."""
    return _yes(bool(ruled.named & set(ruled.rule.twins)))


def distractor_told(ruled: RuledSample) -> Score:
    """1 if the text gives an attribute as a reason that has nothing to do with the rule."""
    ids = {id.partition("=")[2] for id in (*ruled.rule.parts, *ruled.rule.twins)}
    alien = sorted(ruled.told.values - ids)
    return Score(float(bool(alien)), ", ".join(alien) or "none")


def abstained(ruled: RuledSample) -> Score:
    """1 if the text gives no reason: its writer says so, or it names no item and no value."""
    return _yes(ruled.told.abstains)


def world_scorers(values: frozenset[str]) -> tuple[WorldScorer, ...]:
    """All of them, over all rules and by rule.

    Parameters
    ----------
    values : frozenset of str
        Every value of an attribute in the catalogue.
    """
    higher: dict[str, Measure] = {
        "model_fits": model_fits,
        "model_recall": model_recall,
        "model_evidence": model_evidence,
        "rule_recall": rule_recall,
        "rule_precision": rule_precision,
        "told_of_carried": told_of_carried,
        "evidence_precision": evidence_precision,
    }
    found = [
        WorldScorer(name, measure, KNOWABLE, values, fitting=name != "model_fits")
        for name, measure in higher.items()
    ]
    found.append(WorldScorer("twin_told", twin_told, ("correlated",), values, better="lower"))
    found.append(WorldScorer("distractor_told", distractor_told, KNOWABLE, values, better="lower"))
    found.append(WorldScorer("abstained_rightly", abstained, UNKNOWABLE, values, fitting=False))
    found.append(WorldScorer("abstained_wrongly", abstained, KNOWABLE, values, better="lower"))
    for name in ("model_recall", "rule_recall", "rule_precision"):
        found += [WorldScorer(f"{name}_{kind}", higher[name], (kind,), values) for kind in KNOWABLE]
    for kind in RULES:
        known = kind in KNOWABLE
        better: Better = "lower" if known else "higher"
        found.append(
            WorldScorer(
                f"abstained_{kind}", abstained, (kind,), values, fitting=known, better=better
            )
        )
    return tuple(found)


def _yes(found: bool) -> Score:
    return Score(float(found), "yes" if found else "no")


def _share(part: int, whole: int, reason: str) -> Score:
    return Score(part / whole, f"{part} of {whole}", reason if part < whole else "")
