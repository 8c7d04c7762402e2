"""Explains an item from texts about a user and about the item; no recommender, no workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recx_agent.errors import UsageError
from recx_agent.factory import make_given_writer
from recx_agent.protocols import GivenCase
from recx_agent.schemas import GivenExplanation, Passage
from recx_agent.settings import Language, load_settings


def explain_given(
    item_title: str,
    *,
    about_user: Sequence[str],
    about_item: Sequence[str],
    language: Language | None = None,
    **overrides: Any,
) -> GivenExplanation:
    """Say why an item may suit a user, by nothing but the texts given.

    With ``RECX_LLM__BASE_URL`` set a language model writes, and only what the texts carry is
    shown; else templates quote them.

    Parameters
    ----------
    item_title : str
    about_user, about_item : sequence of str
        Texts in the language of the explanation, at least one of each.
    language : str, optional
        ``en`` or ``zh``; that of the settings if not given.
    **overrides
        Settings that win over file and environment, such as ``llm={"candidates": 4}``.

    Raises
    ------
    UsageError
        The title or all texts of a sort are empty.

    Examples
    --------
    >>> from recx_agent import explain_given
    >>> found = explain_given(
    ...     "A Song Unheard",
    ...     about_user=["Enjoys historical fiction with strong heroines."],
    ...     about_item=["A piece of historical fiction set in Wales."],
    ...     llm={"base_url": None},
    ... )
    >>> found.sentences[-1].text
    'Both mention historical fiction, so “A Song Unheard” may suit you.'
    """
    settings = load_settings(None, overrides)
    case = given_case(item_title, about_user, about_item, language or settings.wording.language)
    with make_given_writer(settings.llm) as writer:
        return writer.write(case)


def explain_given_all(cases: Sequence[GivenCase], **overrides: Any) -> list[GivenExplanation]:
    """Explain many at once, in the order given; see :func:`explain_given`."""
    settings = load_settings(None, overrides)
    with make_given_writer(settings.llm) as writer:
        return writer.write_all(cases)


def given_case(
    item_title: str,
    about_user: Sequence[str],
    about_item: Sequence[str],
    language: Language = "en",
) -> GivenCase:
    """An item and its passages, numbered ``U1``, … and ``I1``, ….

    Raises
    ------
    UsageError
        The title or all texts of a sort are empty.
    """
    if not item_title.strip():
        raise UsageError("the item has no title; give item_title a text")
    passages = []
    for about, texts in (("user", about_user), ("item", about_item)):
        if isinstance(texts, str):
            raise UsageError(f"about_{about}: give a list of texts, not one text")
        told = [" ".join(text.split()) for text in texts if text.strip()]
        if not told:
            raise UsageError(f"about_{about}: there is no text; give at least one")
        passages += [
            Passage.model_validate({"id": f"{about[0].upper()}{n}", "about": about, "text": text})
            for n, text in enumerate(told, 1)
        ]
    return GivenCase(" ".join(item_title.split()), tuple(passages), language)
