"""Recommenders whose score is an exact sum: train, serve, save."""

from __future__ import annotations
