"""Items and attributes as people name them, and what of them may be talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recx_agent.datasets import Dataset
from recx_agent.errors import (
    NotInHistory,
    TurnedDown,
    UnknownAttribute,
    UnknownItem,
    UsageError,
    Withheld,
)
from recx_agent.explainer.person import Person
from recx_agent.protocols import AdditiveModel
from recx_agent.sensitive import Sensitive

Items = NDArray[np.int32]


@dataclass(frozen=True)
class Finding:
    """Finds items and attributes; an error names nothing that may not be told.

    Parameters
    ----------
    dataset : Dataset
    model : AdditiveModel
    sensitive : Sensitive
    """

    dataset: Dataset
    model: AdditiveModel
    sensitive: Sensitive

    def find(self, item: str) -> int:
        """An item by id or title; an error suggests no title that may not be told.

        Raises
        ------
        UnknownItem
        """
        try:
            return self.dataset.catalogue.find(item)
        except UnknownItem as error:
            named = [title for title in error.closest if self.sensitive.names_title(title)]
            raise UnknownItem(item, named) from None

    def find_told(self, item: str, person: Person) -> int:
        """An item that may be talked about with this person.

        Raises
        ------
        UnknownItem, Withheld
        """
        found = self.find(item)
        if found in person.withheld:
            raise Withheld(item)
        return found

    def find_candidate(self, item: str, person: Person) -> int:
        """An item that may be talked about, and that the caller has not excluded himself.

        Raises
        ------
        UnknownItem, Withheld, UsageError
        """
        found = self.find_told(item, person)
        if found in person.turned_down and found not in person.known:
            raise TurnedDown(item)
        if found in person.excluded and found not in person.known:
            raise UsageError(f"{item!r} is left out by 'exclude'; ask without it")
        return found

    def find_attribute_told(self, text: str) -> tuple[str, str]:
        """An attribute that may be talked about.

        Raises
        ------
        UnknownAttribute, Withheld
        """
        name, value = self.find_attribute(text)
        if not self.sensitive.names_value(name, value):
            raise Withheld(text)
        return name, value

    def find_attribute(self, text: str) -> tuple[str, str]:
        """Name and value of an attribute; an error suggests none that may not be told.

        Raises
        ------
        UnknownAttribute
        """
        try:
            return self.dataset.catalogue.find_attribute(text)
        except UnknownAttribute as error:
            named = [t for t in error.closest if self.sensitive.names_value(*t.split("=", 1))]
            raise UnknownAttribute(text, named) from None

    def in_history(self, item: str, person: Person) -> int:
        """An item that is a term of the person's score, and may be talked about.

        Raises
        ------
        UnknownItem, Withheld, UsageError
        """
        found = self.find_told(item, person)
        if found in person.unnamed:
            raise Withheld(item)
        if found not in person.history.items:
            raise NotInHistory(self.dataset.catalogue.titles[found], person.user_id)
        return found

    def filtered(self, exclude: Sequence[str]) -> Items:
        """Items given by id or title, and those that have an attribute.

        Raises
        ------
        UnknownItem, UnknownAttribute
        """
        catalogue = self.dataset.catalogue
        found: list[int] = []
        for text in exclude:
            if text in catalogue.ids or ("=" not in text and catalogue.titled(text) is not None):
                found.append(self.find(text))
            else:
                found += catalogue.having(*self.find_attribute(text))
        return np.array(sorted(set(found)), dtype=np.int32)

    def lacking(self, only: Sequence[str]) -> Items:
        """Items that do not have all of these attributes.

        Raises
        ------
        UnknownAttribute, Withheld
        """
        catalogue = self.dataset.catalogue
        having = set(range(len(catalogue)))
        for text in only:
            having &= set(catalogue.having(*self.find_attribute_told(text)))
        return np.array(sorted(set(range(len(catalogue))) - having), dtype=np.int32)
