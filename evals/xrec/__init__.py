"""Explanations from given texts beside those of XRec, on its Amazon test rows.

XRec (Ma et al. 2024) was trained on references that are rewritten from a review which no
system sees, so closeness to the reference also rewards what nobody could know. That is why
three things stand side by side: how much of a text the given summaries carry, how varied the
texts are, and how near they come to the reference.
"""

from __future__ import annotations

from recx_agent.evals.xrec.measure import run_xrec
from recx_agent.evals.xrec.report import XrecReport

__all__ = ["XrecReport", "run_xrec"]
