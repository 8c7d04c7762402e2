"""Witnesses: models that have not seen a user, to judge whether his history foretells itself.

A model that was fitted on a user's likes has learnt them, by whatever they came about. So the
users are dealt into two folds, and for each fold one single run is fitted on all the others.

::

    places      where a like stands: how much the other likes speak for it, against the usual
    usual       the usual: what histories say of each item, as quantiles
    mixture     histories that foretell themselves, and chance: which of the two a history is of
    witnesses   both folds and the mixture: judging, saving, loading
    fitting     the fits
"""
