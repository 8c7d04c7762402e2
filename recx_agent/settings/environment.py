"""The environment that programs we start are given."""

from __future__ import annotations

import os
from collections.abc import Mapping


def environment_with(values: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process, with ``values`` laid over it."""
    return {**os.environ, **values}
