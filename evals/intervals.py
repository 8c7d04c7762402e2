"""Intervals of a mean over users: the same as training chooses by."""

from __future__ import annotations

from recx_agent.intervals import LEVEL, RESAMPLES, Interval, bootstrap_mean

__all__ = ["LEVEL", "RESAMPLES", "Interval", "bootstrap_mean"]
