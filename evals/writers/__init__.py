"""Writers under test: each is given the same cases, and none knows who judges it.

::

    base        what a writer is; what it wrote
    template    ours, by templates
    model       ours, by a language model, checked and repaired
    baselines   the same model: a naive prompt, and JSON with citations
    ranking     no words of its own: the evidence that weighs most, as it stands
    texts       texts of somebody else: of a file, or such as come with the cases
    making      which of them, from what a suite says
"""

from __future__ import annotations

from recx_agent.evals.writers.base import LeftOut, WriterUnderTest, Written
from recx_agent.evals.writers.making import WriterSpec, make_writers

__all__ = ["LeftOut", "WriterSpec", "WriterUnderTest", "Written", "make_writers"]
