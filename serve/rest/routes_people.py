"""Export and erasure: of oneself, or by the operator of anybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from recx_agent.erasure import forget
from recx_agent.errors import Forbidden
from recx_agent.export import export_user
from recx_agent.schemas import Forgotten, Remains, UserExport
from recx_agent.serve.rest import bodies
from recx_agent.serve.rest.asked import SIGNED_IN, Anyone, Asked
from recx_agent.serve.rest.document import answers

router = APIRouter(prefix="/v1/users", dependencies=SIGNED_IN, tags=["people"])
UserId = Annotated[str, Path(min_length=1, max_length=512)]

_REMAINS = {
    "factors": "the trained model, until it is trained anew",
    "source": "the file that the data were read from, or may have been",
    "server": "freed pages of the evidence index's server",
    "database": "what a database server keeps of deleted rows",
    "backup": "backups",
}


@router.get("/{user_id:path}/export", responses=answers("export"))
async def export(user_id: UserId, asked: Anyone) -> UserExport:
    """Everything that is known of the user.

    Drafts and prompts of a language model are in it for the scope ``audit`` alone.
    """
    _may(asked, user_id)
    settings = asked.service.settings
    found = await asked.service.work(
        lambda: export_user(settings.workspace, user_id, **_overrides(asked))
    )
    if "audit" in asked.caller.scopes:
        return found
    return found.model_copy(update={"audit": (), "texts": ()})


@router.delete("/{user_id:path}", responses=answers("forgotten"))
async def erase(
    user_id: UserId,
    query: Annotated[bodies.ErasureQuery, Query()],
    asked: Anyone,
    request: Request,
) -> Forgotten:
    """Erase the user from everything, for good; ``refit`` needs the scope ``users``."""
    _may(asked, user_id)
    if query.refit:
        asked.caller.require("users")
    settings = asked.service.settings
    done = await asked.service.work(
        lambda: forget(settings.workspace, user_id, refit=query.refit, **_overrides(asked))
    )
    talks = getattr(request.app.state, "talks", None)
    if talks is not None:  # there is a chat endpoint, which remembers what was said
        talks.forget(user_id)
    return done if "users" in asked.caller.scopes else _without_places(done)


def _may(asked: Asked, user_id: str) -> None:
    """See that it is the caller himself, or an operator."""
    if "users" in asked.caller.scopes:
        return
    asked.caller.require("own-data")
    if asked.user_id != user_id:
        raise Forbidden("the credential stands for another user", "users")


def _overrides(asked: Asked) -> dict[str, Any]:
    """The settings in force, as those that win over file and environment."""
    return asked.service.settings.model_dump(exclude={"workspace"})


def _without_places(done: Forgotten) -> Forgotten:
    """Without the operator's paths and addresses."""
    remains = {(one.kind, _REMAINS[one.kind]) for one in done.remains}
    told = tuple(Remains(kind=kind, what=what) for kind, what in sorted(remains))
    return done.model_copy(update={"remains": told})
