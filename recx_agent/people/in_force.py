"""The rules that hold for a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recx_agent.datasets import Dataset
from recx_agent.explainer.wording import wording_in_force
from recx_agent.sensitive import Sensitive, rules_in_force
from recx_agent.settings import Settings


def sensitive_in_force(
    dataset: Dataset, settings: Settings, fitted: Mapping[str, Any]
) -> Sensitive:
    """What must not be told of a version.

    Parameters
    ----------
    dataset : Dataset
    settings : Settings
    fitted : mapping
        The wording the version was fitted with: the domain may have rules of its own.
    """
    domain = wording_in_force(settings, fitted).domain
    return Sensitive.compile(rules_in_force(settings.privacy, domain), dataset)
