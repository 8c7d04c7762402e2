"""Where templates run: they read what they are handed, and can change or reach nothing else."""

from __future__ import annotations

from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; an unknown name is an error, and nothing is escaped.

    Whether an attribute may be read hangs on its name and the type of the object alone. Jinja
    finds it out at each access, which is a third of the time that a text takes: here it is
    remembered.

    Parameters
    ----------
    loader : jinja2.BaseLoader, optional
    """

    def __init__(self, loader: jinja2.BaseLoader | None = None) -> None:
        super().__init__(
            loader=loader,
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute."""
        key = type(obj), attr
        found = self._safe.get(key)
        if found is None:
            found = self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return found
