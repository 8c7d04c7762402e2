"""A sample with the rule of its user, as the judges of planted worlds look at it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from recx_agent.evals.samples import Sample
from recx_agent.evals.scorers.worlds.terms import Terms, carried, terms_of
from recx_agent.evals.scorers.worlds.told import Told, told_of
from recx_agent.evals.worlds.rules import IN_EXTRA, Rule, value_of


class Unfit(Exception):
    """The sample cannot be judged, and why."""


@dataclass(frozen=True)
class RuledSample:
    """A text about an item, and the rule that the user follows.

    Attributes
    ----------
    sample : Sample
    rule : Rule
    terms : Terms
        Of the score.
    values : frozenset of str
        Every value of an attribute that the catalogue has.
    """

    sample: Sample
    rule: Rule
    terms: Terms
    values: frozenset[str]

    @classmethod
    def of(cls, sample: Sample, values: Collection[str]) -> RuledSample:
        """Take it from a sample.

        Raises
        ------
        Unfit
            Its ``extra`` has no rule or no record of the score.
        """
        for name in (IN_EXTRA, "explanation"):
            if name not in sample.extra:
                raise Unfit(f"the sample has no {name!r} in its extra")
        rule = Rule.of_dict(sample.extra[IN_EXTRA])
        known = frozenset(value_of(id) for id in (*rule.parts, *rule.twins))
        return cls(sample, rule, terms_of(sample.extra["explanation"]), known | frozenset(values))

    @property
    def fits(self) -> bool:
        """Whether the item follows the rule: then the rule is why the user will like it."""
        return self.sample.item_id in self.rule.items

    @cached_property
    def told(self) -> Told:
        """What the text tells as its reason."""
        titles = {term.id: term.label for term in self.terms.history}
        return told_of(self.sample, titles, self.values)

    @property
    def wanted(self) -> frozenset[str]:
        """The parts of the rule; of one that is told by items, the items."""
        return frozenset(self.rule.parts or self.rule.items)

    @property
    def carried(self) -> frozenset[str]:
        """The parts that the model's terms carry."""
        return carried(self.terms, self.rule)

    @property
    def named(self) -> frozenset[str]:
        """What the text tells of the sort that the rule is made of: attributes, or items."""
        if not self.rule.parts:
            return frozenset(self.told.items)
        ids = {value_of(id): id for id in (*self.rule.parts, *self.rule.twins)}
        return frozenset(ids.get(value, value) for value in self.told.values)
