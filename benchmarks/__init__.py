"""How time and memory grow, and how the ways taken compare with the plain ones.

::

    sizes           which data sets, how much is asked of each
    synthetic       the data sets, made up
    stopwatch       durations by name, ratios of pairs
    process         a stage in a process of its own, with its peak of memory
    plan            the stages in order; what is done already is kept
    fitting         stages: data sets and models
    indexing        stage: the evidence index
    serving         what is asked: top-k, evidence, attribution
    requests        stages: requests by size and kind, and of all sizes in turn
    by_query        evidence against one filtered vector query for each candidate
    by_predict      top-k against LightFM's own predict
    same_lists      whether two ranked lists are the same
    shapley         contributions against SHAP's exact values
    names           what is timed, in the words of the report
    promises        which ratios and figures were to be reached
    machine         what it was measured on
    report          the Markdown page
    picture         the SVG beside it

Run with ``python -m benchmarks``, or ``make bench``.
"""

from __future__ import annotations
