"""A planted world as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from recx_agent.errors import DataError
from recx_agent.evals.tables import write_whole
from recx_agent.evals.worlds.planting import Planted
from recx_agent.evals.worlds.rules import Rule

RULES_FILE = "rules.json"
_COLUMNS = ("user_id", "item_id", "value", "timestamp")


def write_world(folder: Path, planted: Planted) -> Path:
    """Write ``interactions.csv``, ``items.csv`` and, for nobody but the judges, the rules."""
    items = planted.items
    write_whole(folder / "interactions.csv", _csv(_COLUMNS, planted.interactions))
    write_whole(folder / "items.csv", _csv(tuple(items), zip(*items.values(), strict=True)))
    rules = {user: rule.as_dict() for user, rule in planted.rules.items()}
    write_whole(folder / RULES_FILE, json.dumps(rules, indent=1) + "\n")
    return folder


def read_rules(folder: Path) -> dict[str, Rule]:
    """Read the rules of a world that :func:`write_world` wrote, by external user id.

    Raises
    ------
    DataError
        There are none, or they are no rules.
    """
    path = folder / RULES_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {user: Rule.of_dict(rule) for user, rule in content.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"no rules of a planted world ({error})",
            source=path,
            remedy="delete the folder and run the suite again: it plants the world anew",
        ) from error


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue()
