"""Planted worlds: users who each follow a rule that is known, and may be unknowable.

::

    spec        how large a world is, and how noisy
    rules       what users follow, and whether a recommender could know it
    catalogue   items with attributes, some of which say nothing
    planting    who likes what
    files       a world as files: interactions, items, and the rules beside them
"""

from __future__ import annotations

from recx_agent.evals.worlds.files import read_rules, write_world
from recx_agent.evals.worlds.planting import Planted, plant
from recx_agent.evals.worlds.rules import KNOWABLE, RULES, UNKNOWABLE, Rule
from recx_agent.evals.worlds.spec import WorldSpec

__all__ = [
    "KNOWABLE",
    "RULES",
    "UNKNOWABLE",
    "Planted",
    "Rule",
    "WorldSpec",
    "plant",
    "read_rules",
    "write_world",
]
