"""Questions about what would be, and about what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recx_agent.profile import describe_person
from recx_agent.recx.opened import Opened, checked
from recx_agent.removal import counterfactual
from recx_agent.schemas import (
    Counterfactual,
    Profile,
    WhatIf,
)
from recx_agent.what_if import Changed, what_if


class Asking(Opened):
    """What if, and what for a profile."""

    def counterfactual(
        self,
        user_id: str,
        item: str,
        k: int = 10,
        budget: int = 5,
        *,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
    ) -> Counterfactual:
        """Items of the history without which this one would not be among the top ``k``.

        At most ``budget`` items are looked for, greedily: each of them is needed, but a
        smaller set may exist. Items that are not to be named stay in the history.

        Raises
        ------
        UsageError
            The item is not among the top ``k``.
        NotOffered
            The model cannot rank without a history item.
        """
        person = self._people.person(user_id, history=history, exclude=exclude, context=context)
        found = self._people.find_candidate(item, person)
        explainer = self._explainers.explainer_for(person, language)
        return counterfactual(explainer, person, found, checked(k), budget)

    def what_if(
        self,
        user_id: str,
        *,
        remove: Sequence[str] = (),
        add: Sequence[str] = (),
        mute: Sequence[str] = (),
        exclude: Sequence[str] = (),
        k: int = 10,
        context: Mapping[str, str] | None = None,
    ) -> WhatIf:
        """The top ``k`` before and after a change, ranked anew exactly.

        Parameters
        ----------
        user_id : str
        remove : sequence of str
            History items left out, those with a low rating too. The others keep their
            weights, and a removed item is still no candidate: the user knows it.
        add : sequence of str
            Items taken into the history as newest.
        mute : sequence of str
            Attributes whose terms leave every score.
        exclude : sequence of str
            Items or attributes that may not come.
        k : int
        """
        people = self._people
        person = people.person(user_id, context=context)
        changed = Changed(
            removed=[people.in_history(item, person) for item in remove],
            added=[people.find_told(item, person) for item in add],
            muted=[people.find_attribute_told(attribute) for attribute in mute],
            excluded=people.filtered(exclude),
            asked=exclude,
        )
        return what_if(self.dataset, self.model, person, changed, checked(k))

    def profile(self, user_id: str) -> Profile:
        """What is known of a user: the history with its weights, and where it leans."""
        person = self._people.person(user_id)
        return describe_person(self.dataset, self.model, person, self._sensitive)
