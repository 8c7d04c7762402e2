"""Intervals of a mean: the same as training chooses by."""

from __future__ import annotations

from recx_agent.intervals import LEVEL, RESAMPLES, Interval, bootstrap_mean, gain_of_runs

__all__ = ["LEVEL", "RESAMPLES", "Interval", "bootstrap_mean", "gain_of_runs"]
