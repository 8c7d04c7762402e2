"""The tools: what each is called, what it takes, and what it asks of the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from recx_agent.errors import UsageError
from recx_agent.protocols import FeedbackKind
from recx_agent.schemas import (
    Comparison,
    Explanation,
    FeedbackGiven,
    FeedbackRef,
    Profile,
    Recommendations,
    WhatIf,
)
from recx_agent.tools.answers import Answer, feedback_kept, feedback_undone, suggestions
from recx_agent.tools.arguments import (
    Arguments,
    CompareItems,
    DescribeMyTaste,
    ExplainRecommendation,
    GiveFeedback,
    RecommendItems,
    Said,
    WhatIfChange,
    as_meant,
)
from recx_agent.tools.core import Core


@dataclass(frozen=True)
class Options:
    """What the operator decides for all calls.

    Attributes
    ----------
    language : str or None
        Of the verified texts; that of the settings if ``None``.
    allow_cold : bool
        Suggest to a stranger what everyone likes.
    """

    language: str | None = None
    allow_cold: bool = False


@dataclass(frozen=True)
class ToolSpec:
    """One tool.

    Attributes
    ----------
    name, description : str
        For the model.
    arguments : type of Arguments
    ask : callable
        Core, user id, arguments and options to the answer.
    records : tuple of types
        The artifact is one of them.
    is_verified : bool
        Whether the content is verified text, which can be shown to the user as it is.
    """

    name: str
    description: str
    arguments: type[Arguments]
    ask: Callable[[Core, str, Any, Options], Answer]
    records: tuple[type[BaseModel], ...]
    is_verified: bool = True

    def answer(
        self, core: Core, user_id: str, given: Mapping[str, Any], options: Options
    ) -> Answer:
        """Answer a call.

        Raises
        ------
        RecxError
            As the core does; a :class:`UsageError` if the arguments do not fit.
        """
        try:
            arguments = self.arguments.model_validate(dict(given))
        except ValidationError as error:
            raise UsageError(misfit(error)) from None
        return self.ask(core, user_id, arguments, options)


def misfit(error: ValidationError) -> str:
    """What is wrong with arguments, without a word of what was given."""
    parts = []
    for each in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in each["loc"])
        what = each["msg"].removeprefix("Value error, ")
        parts.append(f"{where}: {what}" if where else what)
    return "; ".join(parts)


def _recommend(core: Core, user: str, given: RecommendItems, options: Options) -> Answer:
    found = core.recommend(
        user, given.k, exclude=given.exclude, only=given.only, allow_cold=options.allow_cold
    )
    return Answer.of(suggestions(found), found)


def _explain(core: Core, user: str, given: ExplainRecommendation, options: Options) -> Answer:
    found = core.explain(user, given.item, allow_cold=options.allow_cold, language=options.language)
    return Answer.of(found.text, found)


def _compare(core: Core, user: str, given: CompareItems, options: Options) -> Answer:
    found = core.compare(user, given.item, given.other, language=options.language)
    return Answer.of(found.told.text, found)


def _what_if(core: Core, user: str, given: WhatIfChange, options: Options) -> Answer:
    found = core.what_if(
        user,
        remove=given.remove,
        add=given.add,
        mute=given.mute,
        exclude=given.exclude,
        language=options.language,
    )
    assert found.told is not None
    return Answer.of(found.told.text, found)


def _describe(core: Core, user: str, given: DescribeMyTaste, options: Options) -> Answer:
    found = core.profile(user, language=options.language)
    assert found.told is not None
    return Answer.of(found.told.text, found)


_KINDS: Mapping[Said, FeedbackKind] = {
    "like": "like",
    "dislike": "dislike",
    "not_because_of": "mute",
    "never_suggest": "exclude",
}


def _feedback(core: Core, user: str, given: GiveFeedback, options: Options) -> Answer:
    if given.kind == "undo":
        undone = core.undo_feedback(user)
        return Answer.of(feedback_undone(undone), undone)
    # A model that names the reason often names the suggestion beside it.
    what, about = as_meant(given.what) or None, as_meant(given.about) or None
    kept = core.feedback(user, _KINDS[given.kind], what, about=None if what else about)
    return Answer.of(feedback_kept(kept), kept)


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        "recommend_items",
        "Suggest new items for the user. Titles only; for a reason use explain_recommendation.",
        RecommendItems,
        _recommend,
        (Recommendations,),
        is_verified=False,
    ),
    ToolSpec(
        "explain_recommendation",
        "Why is this item suggested? Gives a checked text; repeat it word by word.",
        ExplainRecommendation,
        _explain,
        (Explanation,),
    ),
    ToolSpec(
        "compare_items",
        "Why this item and not that one? Gives a checked text; repeat it word by word.",
        CompareItems,
        _compare,
        (Comparison,),
    ),
    ToolSpec(
        "what_if",
        "What would be suggested if the user's history or wishes were different? "
        "Changes nothing. Gives a checked text; repeat it word by word.",
        WhatIfChange,
        _what_if,
        (WhatIf,),
    ),
    ToolSpec(
        "describe_my_taste",
        "What is known of the user's taste? Gives a checked text; repeat it word by word.",
        DescribeMyTaste,
        _describe,
        (Profile,),
    ),
    ToolSpec(
        "give_feedback",
        "Keep what the user says: liked, disliked, 'not because of that again', never again.",
        GiveFeedback,
        _feedback,
        (FeedbackGiven, FeedbackRef),
        is_verified=False,
    ),
)
"""In the order they are offered."""
