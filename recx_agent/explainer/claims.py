"""The statements an explanation can be made of, and what each asserts.

A plan is a list of claims; a writer turns each into one sentence that cites the claim's
evidence. Whether a claim may be made is decided here from numbers, never by a writer.

===================  ==============  ================================================
kind                 evidence        asserts (``values`` in brackets)
===================  ==============  ================================================
``because_history``  H… (1 to 3)     the item is suggested because of these events; each
                                     added to the score, together (where ``because_others``
                                     follows: with those) at least a fifth of Σ|terms|;
                                     never one that is a term for its low rating
                                     [``again``: ids of evidence already told for an
                                     earlier item of the list; ``also_for``: titles of
                                     later items of the list that rest on it too]
``because_attr``     A… (1 to 3)     the same of attributes of the item
``weighed_most``     H or A          of the causes told, this one added most: at least
                                     1.25 times the second, and every item that is not to
                                     be named [``rank``, ``rank_without``, ``k`` when the
                                     rank is worth telling, else empty]
``without``          H… or A         the exact rank without this cause, or without these
                                     history items together [``rank``, ``rank_without``,
                                     ``k``; out of the top ``k`` when
                                     ``rank_without`` > ``k`` ≥ ``rank``]
``in_common``        H… + F          these history items and the item all have an
                                     attribute value [``name``, ``value``]; plain fact,
                                     not a cause
``against``          H or A          this event's or attribute's term is negative: it
                                     counts against the item (an ``H`` may be one that is
                                     a term for its low rating: ``disliked``)
``because_others``   O               the item is suggested because of items of the history
                                     that are not to be named; after ``because_history``:
                                     of these too. Told where the named ones do not reach a
                                     fifth without them, or weigh less than they do
``context``          C… (1 or 2)     that it is this time, weekday, place or device now
                                     adds to the score: at least a twentieth of Σ|terms|
``support``          S               the user wrote this text, about that item or as a
                                     search; plain fact that stands beside, never a reason
``everyone``         B               how the item does with everyone adds to the score
                                     [``most``: whether more than any cause told]
``everyone_against`` B               how the item does with everyone counts against it
``fact``             F…              catalogue facts of the item
``current_fact``     F…              facts that change, as of a time [``as_of`` of the oldest]
``chosen_elsewhere`` R               another recommender chose the item; what follows is
                                     what our own model finds for or against it, not that
                                     recommender's reasons. Always first
``outside``          T               the item is not among the top ``k``: its exact rank
                                     among the candidates [``k``]
``speaks_for``       H…, A… or O     after ``outside`` or ``chosen_elsewhere``, in the place
                                     of "because": these add to the score, by the same rule
``no_single_cause``  T               abstention: many small terms of the history, none of
                                     which stands out
``rests_everyone``   B               abstention: the largest term by far is how the item
                                     does with everyone
``no_history``       B               abstention: nothing in the history can be used; the
                                     item is one of the best liked
``own_item``         H or F          abstention: the user knows this item already, so it
                                     is no recommendation
===================  ==============  ================================================

Fields of the evidence are listed in :class:`recx_agent.schemas.Evidence`; a ``B`` has
``liked_by`` (users with a positive event), ``users`` (all users) and ``share`` (part of
Σ|terms|); a ``T`` has ``count`` (history items) and ``share``.
"""

from __future__ import annotations

from typing import Literal

ClaimKind = Literal[
    "because_history",
    "because_attr",
    "weighed_most",
    "without",
    "in_common",
    "against",
    "because_others",
    "context",
    "support",
    "everyone",
    "everyone_against",
    "fact",
    "current_fact",
    "chosen_elsewhere",
    "outside",
    "speaks_for",
    "no_single_cause",
    "rests_everyone",
    "no_history",
    "own_item",
]

ABSTENTIONS = frozenset({"no_single_cause", "rests_everyone", "no_history", "own_item"})
"""Claims that say that there is no reason; they alone may name one to deny it."""

REASONS = frozenset({"because_history", "because_attr", "because_others", "speaks_for"})
"""Claims that give a reason; an explanation without one of them has abstained."""
