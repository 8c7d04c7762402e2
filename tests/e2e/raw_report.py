"""What the tests of sentences share: the public JSON, counts, and the planting of untruths."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from recx_agent.evals.scorers.grounded.known.check import ListCheck
from tests.e2e.raw_scene import Lies, Scene


def public(explanation: Any) -> dict[str, Any]:
    """The JSON, less the largest view: it is not needed and takes longest."""
    left_out: Any = {"attribution": {"contributions": True, "views": {"pair": True}}}
    found: dict[str, Any] = explanation.model_dump(mode="json", exclude=left_out)
    return found


def problems_of(checks: Iterable[ListCheck]) -> list[str]:
    return [problem for check in checks for problem in check.problems()]


def shown_first(problems: list[str]) -> str:
    return f"{len(problems)} problems\n" + "\n".join(problems[:40])


def kinds(lists: Iterable[ListCheck]) -> Counter[str]:
    told = (told for check in lists for shown in check.shown for told in shown.told)
    return Counter(told.kind for told in told if told)


def report(title: str, counts: Counter[str] | dict[str, str]) -> None:
    lines = [f"  {name}: {count}" for name, count in counts.items()]
    sys.stdout.write("\n".join(["", title, *lines, ""]))


def scenes(lists: Iterable[ListCheck], dice: random.Random) -> Iterator[Scene]:
    for check in lists:
        for n, shown in enumerate(check.shown):
            for position in range(len(shown.told)):
                yield Scene(check, n, position, dice)


def plant(
    checks: list[ListCheck], lies: Lies, times: int, dice: random.Random
) -> tuple[Counter[str], dict[str, list[str]]]:
    """Plant each kind of untruth into true sentences, each in its own place.

    Returns how many of each kind were planted, and those that the checker missed.
    """
    places = list(scenes(checks, dice))
    dice.shuffle(places)
    planted: Counter[str] = Counter()
    missed: dict[str, list[str]] = {}
    for scene in places:
        wanted = [name for name in lies if planted[name] < times]
        if wanted and not scene.check.sentence(scene.n, scene.position):
            for name in wanted:
                untrue = lies[name](scene)
                if untrue is not None and untrue != scene.text:
                    planted[name] += 1
                    text, cited = (untrue, None) if isinstance(untrue, str) else untrue
                    if not scene.check.sentence(scene.n, scene.position, text, cited):
                        missed.setdefault(name, []).append(text)
    found = {name: f"{planted[name] - len(missed.get(name, ()))}/{planted[name]}" for name in lies}
    report("untruths found", found)
    return planted, missed
