"""Questions about what would be, and about what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recx_agent.attribution import Standing
from recx_agent.comparison import compare
from recx_agent.explainer.person import Person
from recx_agent.explainer.teller import Teller
from recx_agent.explainer.wording import language_of, told_in
from recx_agent.profile import tell_profile
from recx_agent.recx.opened import Opened, checked
from recx_agent.removal import counterfactual
from recx_agent.schemas import (
    Comparison,
    Counterfactual,
    Profile,
    View,
    WhatIf,
)
from recx_agent.what_if import Changed, tell_what_if


class Asking(Opened):
    """Why not that, what if, and what for a profile."""

    def compare(
        self,
        user_id: str,
        item: str,
        other: str,
        *,
        view: View | None = None,
        exclude: Sequence[str] = (),
        history: Sequence[str] | None = None,
        context: Mapping[str, str] | None = None,
        language: str | None = None,
        deadline_ms: float | None = None,
    ) -> Comparison:
        """Why this item and not that one: the difference of two exact scores, term by term.

        Parameters
        ----------
        user_id, item, other : str
        view : str, optional
            ``"history"`` or ``"attribute"``: the only view whose terms the text tells. Else it
            tells those of the history, and those of attributes where the history has no
            reason. Both are always in the result.
        exclude, history, context, language, deadline_ms
            See :class:`recx_agent.Recx`.

        Raises
        ------
        UsageError
            It is one item twice, or the user has no history that counts.
        NotOffered
            The model has no such view.
        UnknownUser, UnknownItem, UnknownAttribute, Withheld
        """
        people = self._people
        person = people.person(user_id, history=history, exclude=exclude, context=context)
        one, two = (people.find_candidate(text, person) for text in (item, other))
        return compare(self._teller(person, language, deadline_ms), person, one, two, view)

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
        language: str | None = None,
        deadline_ms: float | None = None,
    ) -> WhatIf:
        """The top ``k`` before and after a change, ranked anew exactly, and told.

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
        context, language, deadline_ms
            See :class:`recx_agent.Recx`.
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
        teller = self._teller(person, language, deadline_ms)
        return tell_what_if(teller, person, changed, checked(k))

    def profile(
        self, user_id: str, *, language: str | None = None, deadline_ms: float | None = None
    ) -> Profile:
        """What is known of a user: the history with its weights, where it leans, and a text."""
        person = self._people.person(user_id)
        return tell_profile(self._teller(person, language, deadline_ms), person)

    def standing(self, user_id: str) -> Standing:
        """Where every item stands for a user: exact scores and ranks, as arrays.

        For whoever measures; items are internal numbers of ``dataset.catalogue``. A stranger
        has an empty history.
        """
        person = self._people.person(user_id, allow_cold=True)
        model = self._explainers.model_for(person)
        return Standing(model, person.history, person.excluded)

    def _teller(
        self, person: Person, language: str | None, deadline_ms: float | None = None
    ) -> Teller:
        """What tells the answer; it needs no evidence index."""
        explainers = self._explainers
        wanted = language_of(language) if language else explainers.wording.language
        # What everyone likes would not answer to an item that a what-if adds.
        own = self.model if not len(person.history) and not person.muted else None
        return Teller(
            model=own or explainers.model_for(person),
            dataset=self.dataset,
            writer=explainers.writer,
            settings=self.settings.evidence,
            wording=told_in(explainers.wording, wanted),
            sensitive=explainers.sensitive_for(person),
            deadline_ms=deadline_ms,
        )
