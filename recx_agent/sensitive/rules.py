"""Which items, attributes, event types and texts are sensitive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset, Event
from recx_agent.datasets.catalogue import Catalogue, folded
from recx_agent.datasets.events import NO_ITEM
from recx_agent.protocols import AdditiveModel
from recx_agent.sensitive.words import Words, plain
from recx_agent.settings import SensitiveRule

Pair = tuple[str, str]


@dataclass(frozen=True)
class Sensitive:
    """Rules compiled once for a data set; see :class:`recx_agent.settings.SensitiveRule`.

    What is kept out of the score is kept out of text too. An item of equal title to a
    sensitive one is sensitive as well: its title would tell the other's.

    Attributes
    ----------
    items_out : bool array, shape (n_items,)
        Items that are no term of any score.
    items : bool array, shape (n_items,)
        Items that are never named nor recommended; those of ``items_out`` among them.
    muted, values
        Names and values in the catalogue that are no term of any score, and those that are
        not told.
    kinds_out, kinds : set of str
        Event types that do not count, and those that are never told.
    """

    items_out: NDArray[np.bool_]
    items: NDArray[np.bool_]
    muted: tuple[Pair, ...] = ()
    values: frozenset[Pair] = frozenset()
    kinds_out: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    _kinds_out: frozenset[str] = frozenset()
    _kinds: frozenset[str] = frozenset()
    _names: frozenset[str] = frozenset()
    _pairs: frozenset[Pair] = frozenset()
    _words: Words = field(default_factory=lambda: Words(()))
    _in_texts: Words = field(default_factory=lambda: Words(()))
    _title_keys: frozenset[str] = frozenset()
    _known: dict[Pair, bool] = field(default_factory=dict)

    @classmethod
    def compile(cls, rules: Sequence[SensitiveRule], dataset: Dataset) -> Sensitive:
        """Find what the rules cover in a data set."""
        catalogue, kinds = dataset.catalogue, dataset.events.kinds
        hard = [rule for rule in rules if rule.keep_out_of == "score"]
        out, items = _items_of(hard, catalogue), _items_of(rules, catalogue)
        titles = [catalogue.titles[item] for item in np.flatnonzero(items)]
        names, pairs = _attributes_of(rules)
        words = [word for rule in rules for word in rule.words]
        values = _carried(rules, catalogue)
        return cls(
            items_out=out,
            items=items,
            muted=tuple(_carried(hard, catalogue)),
            values=frozenset(values),
            kinds_out=_kinds_of(hard, kinds),
            kinds=_kinds_of(rules, kinds),
            # Events of a type that the data do not have can be added at any time.
            _kinds_out=_kinds_named(hard),
            _kinds=_kinds_named(rules),
            _names=names,
            _pairs=pairs,
            _words=Words(words),
            _in_texts=Words([*words, *titles, *(value for _, value in values)]),
            _title_keys=frozenset(map(folded, titles)),
        )

    @classmethod
    def none(cls, dataset: Dataset) -> Sensitive:
        """No rules: everything may be told."""
        return cls.compile((), dataset)

    def counting(self, model: AdditiveModel) -> AdditiveModel:
        """The model without the terms of attributes that must not count."""
        if not self.muted:
            return model
        gone = set(self.muted)
        muted = [
            n
            for n, feature in enumerate(model.features)
            if feature.kind == "attribute" and (feature.name, feature.value) in gone
        ]
        return model.muted(muted) if muted else model

    def __bool__(self) -> bool:
        """Whether there is anything that may not be told."""
        return bool(self._kinds or self._names or self._pairs or self._words or self._title_keys)

    @property
    def judges_kinds(self) -> bool:
        """Whether there are rules about event types."""
        return bool(self._kinds)

    def counts_kind(self, kind: str) -> bool:
        """Whether events of a type may be terms of a score."""
        return not self._kinds_out or plain(kind) not in self._kinds_out

    def tells_kind(self, kind: str) -> bool:
        """Whether events of a type may be told."""
        return not self._kinds or plain(kind) not in self._kinds

    def besides(self, pairs: Iterable[Pair]) -> Sensitive:
        """The same rules, and some attribute values more that are not told."""
        more = frozenset(pairs)
        keys = frozenset((folded(name), folded(value)) for name, value in more)
        return replace(self, values=self.values | more, _pairs=self._pairs | keys, _known={})

    def names_value(self, name: str, value: str) -> bool:
        """Whether an attribute's value may be told."""
        if not self:
            return True
        pair = name, value
        if pair not in self._known:
            self._known[pair] = not (
                folded(name) in self._names
                or (folded(name), folded(value)) in self._pairs
                or self._words.in_text(value)
                or self._words.in_text(name)
            )
        return self._known[pair]

    def names_title(self, title: str) -> bool:
        """Whether a title may be told."""
        return folded(title) not in self._title_keys and not self._words.in_text(title)

    def names_event(self, event: Event) -> bool:
        """Whether an event may be told: neither its type nor its item is sensitive."""
        return self.tells_kind(event.event_type) and (
            event.item == NO_ITEM or not self.items[event.item]
        )

    def names_text(self, text: str) -> bool:
        """Whether a text of a user's own may be told.

        It may not if a sensitive word, title or attribute value is in it.
        """
        return not self._in_texts.in_text(text)


def _items_of(rules: Iterable[SensitiveRule], catalogue: Catalogue) -> NDArray[np.bool_]:
    rules = list(rules)
    found = np.zeros(len(catalogue), dtype=bool)
    for rule in rules:
        for item_id in rule.items:
            if item_id in catalogue.ids:
                found[catalogue.ids.internal(item_id)] = True
    for name, value in _carried([rule for rule in rules if rule.cover_items], catalogue):
        found[list(catalogue.having(name, value))] = True
    words = Words(word for rule in rules for word in rule.words)
    if words:
        found |= np.array([words.in_text(title) for title in catalogue.titles], dtype=bool)
    if found.any():
        keys = np.array([folded(title) for title in catalogue.titles], dtype=object)
        found |= np.isin(keys, list(set(keys[found])))
    return found


def _attributes_of(rules: Iterable[SensitiveRule]) -> tuple[frozenset[str], frozenset[Pair]]:
    names, pairs = set(), set()
    for rule in rules:
        for text in rule.attributes:
            name, sign, value = text.partition("=")
            if sign:
                pairs.add((folded(name), folded(value)))
            else:
                names.add(folded(name))
    return frozenset(names), frozenset(pairs)


def _carried(rules: Sequence[SensitiveRule], catalogue: Catalogue) -> list[Pair]:
    """Names and values in the catalogue that a rule marks, by name, by value or by a word."""
    names, pairs = _attributes_of(rules)
    words = Words(word for rule in rules for word in rule.words)
    if not (names or pairs or words):
        return []
    carried = dict.fromkeys(
        (name, value)
        for name, values in catalogue.attributes.items()
        for own in values
        for value in own
    )
    return [
        (name, value)
        for name, value in carried
        if folded(name) in names
        or (folded(name), folded(value)) in pairs
        or words.in_text(name)
        or words.in_text(value)
    ]


def _kinds_named(rules: Iterable[SensitiveRule]) -> frozenset[str]:
    return frozenset(plain(kind) for rule in rules for kind in rule.event_types)


def _kinds_of(rules: Iterable[SensitiveRule], kinds: Sequence[str]) -> frozenset[str]:
    wanted = _kinds_named(rules)
    return frozenset(kind for kind in kinds if plain(kind) in wanted)
