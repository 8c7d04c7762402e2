"""Recommendations, explanations, comparisons, what-ifs, the profile."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from recx_agent.given import given_case
from recx_agent.schemas import (
    Comparison,
    Explanation,
    GivenExplanation,
    Profile,
    Recommendations,
    WhatIf,
)
from recx_agent.serve.rest import bodies
from recx_agent.serve.rest.asked import SIGNED_IN, ToRecommend
from recx_agent.serve.rest.document import answers

router = APIRouter(prefix="/v1", dependencies=SIGNED_IN, tags=["asking"])


@router.post("/recommendations", responses=answers("recommendations"))
async def recommendations(body: bodies.RecommendationsBody, asked: ToRecommend) -> Recommendations:
    """The best items that the user does not know."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.recommend(
            user_id,
            body.k,
            exclude=body.exclude,
            history=body.history,
            only=body.only,
            allow_cold=body.allow_cold,
            context=body.context,
        ),
        deadline_ms=body.deadline_ms,
    )


@router.post("/explanations", responses=answers("explanation"))
async def explanation(body: bodies.ExplanationBody, asked: ToRecommend) -> Explanation:
    """Why this item, for this user."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.explain(
            user_id,
            body.item,
            body.k,
            exclude=body.exclude,
            history=body.history,
            allow_cold=body.allow_cold,
            context=body.context,
            language=body.language,
            deadline_ms=left,
        ),
        deadline_ms=body.deadline_ms,
    )


@router.post("/explanations/top", responses=answers("explanations"))
async def explanations(body: bodies.TopBody, asked: ToRecommend) -> bodies.Explanations:
    """Why the best items, as one list: a cause that several share is told once."""
    user_id = asked.user_id
    found = await asked.ask(
        lambda recx, left: recx.explain_list(
            user_id,
            body.k,
            exclude=body.exclude,
            history=body.history,
            allow_cold=body.allow_cold,
            context=body.context,
            language=body.language,
            deadline_ms=left,
        ),
        deadline_ms=body.deadline_ms,
    )
    return bodies.Explanations(explanations=found)


@router.post("/explanations/candidates", responses=answers("candidates"))
async def candidates(body: bodies.CandidatesBody, asked: ToRecommend) -> bodies.Explanations:
    """What this model finds for and against items that another recommender chose."""
    user_id = asked.user_id
    found = await asked.ask(
        lambda recx, left: recx.explain_candidates(
            user_id,
            body.items,
            body.chosen_by,
            body.k,
            history=body.history,
            allow_cold=body.allow_cold,
            context=body.context,
            language=body.language,
            deadline_ms=left,
        ),
        deadline_ms=body.deadline_ms,
    )
    return bodies.Explanations(explanations=found)


@router.post("/explanations/given", responses=answers("given"))
async def given(body: bodies.GivenBody, asked: ToRecommend) -> GivenExplanation:
    """Why an item may suit somebody, by nothing but the texts sent."""
    service = asked.service
    language = body.language or service.settings.wording.language
    case = given_case(body.item_title, body.about_user, body.about_item, language)
    return await asked.ask(
        lambda recx, left: service.given_writer.write(case, deadline_ms=left),
        deadline_ms=body.deadline_ms,
    )


@router.post("/comparisons", responses=answers("comparison"))
async def comparison(body: bodies.ComparisonBody, asked: ToRecommend) -> Comparison:
    """Why this item and not that one: the difference of two exact scores, term by term."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.compare(
            user_id,
            body.item,
            body.other,
            view=body.view,
            exclude=body.exclude,
            history=body.history,
            context=body.context,
            language=body.language,
            deadline_ms=left,
        ),
        deadline_ms=body.deadline_ms,
    )


@router.post("/what-if", responses=answers("what_if"))
async def what_if(body: bodies.WhatIfBody, asked: ToRecommend) -> WhatIf:
    """The best items before and after a change, ranked anew exactly; nothing is changed."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.what_if(
            user_id,
            remove=body.remove,
            add=body.add,
            mute=body.mute,
            exclude=body.exclude,
            k=body.k,
            context=body.context,
            language=body.language,
            deadline_ms=left,
        ),
        deadline_ms=body.deadline_ms,
    )


@router.get("/profile", responses=answers("profile"))
async def profile(query: Annotated[bodies.ProfileQuery, Query()], asked: ToRecommend) -> Profile:
    """What is known of the user: the history with its weights, where it leans, and a text."""
    user_id = asked.user_id
    return await asked.ask(
        lambda recx, left: recx.profile(user_id, language=query.language, deadline_ms=left),
        deadline_ms=query.deadline_ms,
    )
