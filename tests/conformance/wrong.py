"""Parts with one fault each, for the tests that should find it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

FOUND = (AssertionError, pytest.fail.Exception)
"""How a test of the suite fails, a missing exception included."""


class Wrong:
    """A good part with some members replaced; a function gets the good part first."""

    def __init__(self, good: Any, **faults: Any) -> None:
        self._good = good
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        fault = self._faults.get(name)
        if name not in self._faults:
            return getattr(self._good, name)
        return partial(fault, self._good) if inspect.isfunction(fault) else fault


def inherited_tests(suite: type) -> set[str]:
    """Names of the tests that a subclass of the suite inherits."""
    return {name for name in dir(suite) if name.startswith("test_")}


def run(suite: object, test: str, given: Mapping[str, Any]) -> None:
    """Call one test of a suite with what it asks for."""
    method: Callable[..., None] = getattr(suite, test)
    method(**{name: given[name] for name in inspect.signature(method).parameters})
