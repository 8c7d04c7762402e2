"""What a language model makes of explanations: whose words they are, how true, how fast.

::

    blocks      plans so many at a time, each block done once
    texts       each plan written, checked and repaired; what became of its sentences
    baselines   the same plans by naive prompting, and by JSON with citations
    swapped     whether another user's evidence makes another text
    speed       the same prompts raw, with grammar, verified, repaired: how many a second
    measure     all of it, one after the other
    report      the tables
"""

from __future__ import annotations

from recx_agent.evals.writing.measure import run_writing

__all__ = ["run_writing"]
