"""Sentences of the templates, read by tables and held against the raw files."""

from __future__ import annotations
