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
``unforetold``       T               abstention: by models that have not seen the user, the
                                     history does not foretell itself; no cause is told,
                                     though the score has its terms
``no_history``       B               abstention: nothing in the history can be used; the
                                     item is one of the best liked
``own_item``         H or F          abstention: the user knows this item already, so it
                                     is no recommendation
===================  ==============  ================================================

Of the other tasks; ``I₁`` is the item that is ahead, ``I₂`` the other:

========================  =============  ===============================================
kind                      evidence       asserts
========================  =============  ===============================================
*compare*
``ahead``                 I₁ I₂          the exact score of I₁ is higher; both ranks, where
                                         both are candidates
``level``                 I₁ I₂          both scores are exactly the same
``because_more``          I₁ I₂ H… or    each of these (1 to 3) adds to the score of I₁, and
                          A…             more than to that of I₂; together (where
                                         ``because_others_more`` follows: with those) the
                                         differences are at least a fifth of Σ|differences|
                                         of the view
``because_others_more``   I₁ I₂ O        the same of items that are not to be named
``more_for_other``        I₂ I₁ H        this adds to I₂, and more than to I₁: at least a
                                         twentieth of Σ|differences|
``everyone_more``         I I E          how they do with everyone favours the first named
``no_single_difference``  I₁ I₂ T        abstention: of no history item, named or not, does
                                         the difference reach a fifth
*what if*
``list_replaced``         W L            with the change, so many of the top ``k`` are others
``list_same``             W L            the same items in the same order
``list_reordered``        W L            the same items in another order
``list_grows``            W L            nothing leaves, something comes in
``leaves``, ``enters``    W L I          the item leaves, comes into the top ``k``; its exact
                                         ranks before and after
``gone``                  W L I          the item is no candidate any more
``moves``                 W L I          exact ranks of an item in the list before and after
*profile*
``history_counts``        T              so many items of the history count
``leans_to``              A… (1 to 3)    ⟨p_u, q_f⟩ is positive, and items of the history
                                         have it
``leans_away``            A… (1 or 2)    ⟨p_u, q_f⟩ is negative
``weighs_now``            H… (1 to 3)    these count now [``most``: nothing else in the
                                         history, named or not, weighs more]
``nothing_counts``        T              abstention: nothing in the history counts
========================  =============  ===============================================

Fields of the evidence are listed in :class:`recx_agent.schemas.Evidence`; a ``B`` has
``liked_by`` (users with a positive event), ``users`` (all users) and ``share`` (part of
Σ|terms|); a ``T`` has ``count`` (history items) and ``share``, and where it was judged
``foretold`` (how likely it is that the history foretells itself) and ``likes_judged``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

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
    "unforetold",
    "no_history",
    "own_item",
]

CompareKind = Literal[
    "ahead",
    "level",
    "because_more",
    "because_others_more",
    "more_for_other",
    "everyone_more",
    "no_single_difference",
]
WhatIfClaimKind = Literal[
    "list_replaced",
    "list_same",
    "list_reordered",
    "list_grows",
    "leaves",
    "enters",
    "gone",
    "moves",
]
ProfileKind = Literal["history_counts", "leans_to", "leans_away", "weighs_now", "nothing_counts"]

TASK_KINDS: Mapping[str, tuple[str, ...]] = {
    "compare": get_args(CompareKind),
    "what_if": get_args(WhatIfClaimKind),
    "profile": get_args(ProfileKind),
}
"""The kinds of the tasks that are no explanation of an item."""

ABSTENTIONS = frozenset(
    {"no_single_cause", "rests_everyone", "unforetold", "no_history", "own_item"}
)
"""Claims that say that there is no reason; they alone may name one to deny it."""

REASONS = frozenset({"because_history", "because_attr", "because_others", "speaks_for"}) | {
    "level",
    "because_more",
    "because_others_more",
    *TASK_KINDS["what_if"],
    *("history_counts", "leans_to", "leans_away"),
}
"""Claims that give a reason or an answer; a text without one of them has abstained."""
