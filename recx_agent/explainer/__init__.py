"""From evidence to an explanation: what may be claimed, in which order, and by whom written."""

from __future__ import annotations
