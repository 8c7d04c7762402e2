"""All errors there are: whatever maps them has to have each."""

from __future__ import annotations

from recx_agent.errors import RecxError


def every_class() -> set[type[RecxError]]:
    """Every class of the tree that is recx-agent's own."""
    found: set[type[RecxError]] = {RecxError}
    waiting: list[type[RecxError]] = [RecxError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("recx_agent.") and kind not in found:
                found.add(kind)
                waiting.append(kind)
    return found
