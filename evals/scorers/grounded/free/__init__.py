"""Sentences in free words: every mark of one is accounted for."""

from __future__ import annotations
