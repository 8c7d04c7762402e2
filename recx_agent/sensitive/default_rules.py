"""Rules that hold without being asked for, where what people look at tells of their trouble."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from recx_agent.settings import PrivacySettings, SensitiveRule

_FOLDER = Path(__file__).parent / "defaults"

DOMAINS = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
"""Domains (``wording.domain``) that have such rules."""


def rules_in_force(privacy: PrivacySettings, domain: str) -> tuple[SensitiveRule, ...]:
    """The operator's rules, and those of the domain unless they are switched off.

    Parameters
    ----------
    privacy : PrivacySettings
    domain : str
        ``wording.domain``; one of :data:`DOMAINS`, or any other, which has no rules.
    """
    if not privacy.default_rules or domain not in DOMAINS:
        return privacy.sensitive
    return (*privacy.sensitive, *_rules_of(domain))


@cache
def _rules_of(domain: str) -> tuple[SensitiveRule, ...]:
    content = tomllib.loads((_FOLDER / f"{domain}.toml").read_text(encoding="utf-8"))
    words, attributes = (
        tuple(dict.fromkeys(word for own in content[name].values() for word in own))
        for name in ("words", "attributes")
    )
    return (
        SensitiveRule(words=words, event_types=tuple(content["event_types"])),
        SensitiveRule(attributes=attributes, cover_items=False),
    )
