"""A run as one HTML page that needs nothing from anywhere: figures, pictures, texts to read."""

from __future__ import annotations

from recx_agent.evals.report.page import write_report

__all__ = ["write_report"]
