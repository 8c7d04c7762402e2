"""Which example a request shows, and what it asks for: in turn by the plan's variant."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from recx_agent.errors import PromptError
from recx_agent.grounding import is_copy, skeleton
from recx_agent.prompts.style_bank import Style, StyleBank, shape_of
from recx_agent.protocols import Claim, Plan

_SHARE = 1.5
"""How Σ|terms| of an example compares with the sum of what it cites."""


def style_for(plan: Plan, bank: StyleBank) -> Style:
    """The style for a plan: of those for the shape nearest to its own, in turn by its variant.

    Raises
    ------
    PromptError
        There is no style for what the plan's reason rests on.
    """
    near = _near(plan, bank)
    return near[plan.variant % len(near)]


def saying_for(
    plan: Plan, style: Style, bank: StyleBank, example: str, beside: Sequence[str]
) -> str:
    """What to say of the item in the place of what the example says, in turn by the variant.

    A small model repeats what it is shown: with this saying, and told beside it what the example
    tells or what is noted, its text would still be no copy. Where there is no such saying, it is
    any other.

    Parameters
    ----------
    plan : Plan
    style : Style
        Whose example is shown.
    bank : StyleBank
    example : str
        The example's text.
    beside : sequence of str
        The sentences noted.
    """
    if not style.saying:
        return ""
    near = _near(plan, bank)
    # One that begins otherwise ("here is {ITEM}") would be taken for how to begin.
    sayings = dict.fromkeys(s.saying for s in near if s.saying.startswith(("{ITEM}", "把")))
    others = tuple(saying for saying in sayings if saying != style.saying)
    fitting = _no_copies(style.text, style.saying, others, example, tuple(beside)) or others
    return fitting[sum(divmod(plan.variant, len(near))) % len(fitting)] if fitting else ""


def _near(plan: Plan, bank: StyleBank) -> list[Style]:
    letter, count = shape_of(plan.claims)
    same = [style for style in bank.styles if style.shape[0] == letter]
    if not same:
        raise PromptError(f"no style for reasons of evidence {letter!r}; templates tell those")
    nearest = min(abs(style.shape[1] - count) for style in same)
    return [style for style in same if abs(style.shape[1] - count) == nearest]


@functools.lru_cache(maxsize=4096)
def _no_copies(
    text: str, own: str, sayings: tuple[str, ...], example: str, beside: tuple[str, ...]
) -> tuple[str, ...]:
    shown = [skeleton(example)]
    found = []
    for saying in sayings:
        first = text.replace(own, saying)
        rest = example.removeprefix(text)
        likely = (first + rest, " ".join([first, *beside]))
        if not any(is_copy(skeleton(each), shown) for each in likely):
            found.append(saying)
    return tuple(found)


def example_of(
    style: Style, bank: StyleBank, kinds: Sequence[str], number: int, wording: Mapping[str, Any]
) -> tuple[Plan, str]:
    """The example of a style: its own plan, and the text with placeholders.

    Parameters
    ----------
    style : Style
    bank : StyleBank
    kinds : sequence of str
        What it is to tell beside its reason; the first that it can is taken.
    number : int
        Of the wording of the sentence beside the reason, in turn.
    wording : mapping
        That of the plan it is shown for.
    """
    claims: list[Claim] = [style.reason]
    evidence = dict(style.evidence)
    text = style.text
    found = (each for kind in kinds if (each := bank.beside_claim(kind, style)))
    if beside := next(found, None):
        claim, more = beside
        claims.append(claim)
        evidence |= more
        joint = "" if wording.get("language") == "zh" else " "
        text += joint + bank.sentence(claim, number)
    total = _SHARE * sum(abs(piece.contribution or 0) for piece in evidence.values())
    totals = {"history": total, "attribute": total}
    return Plan(style.item, claims, evidence, wording, totals=totals, min_share=0.2), text
