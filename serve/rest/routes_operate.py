"""Health, metrics, reload."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from recx_agent.errors import ServerStopping
from recx_agent.serve.rest.asked import SIGNED_IN, ServiceDep, ToOperate
from recx_agent.serve.rest.bodies import Health, Readiness, ReloadAnswer
from recx_agent.serve.rest.document import METRICS, answers
from recx_agent.serve.running.meters import CONTENT_TYPE
from recx_agent.serve.running.reloading import reload_of

router = APIRouter(tags=["operating"])


@router.get("/healthz", responses=answers("health"))
async def healthz() -> Health:
    """Whether the process lives."""
    return Health(status="ok")


@router.get("/readyz", responses=answers("readiness"))
async def readyz(service: ServiceDep) -> Readiness:
    """Whether requests should be sent here: a workspace is open, and nobody shuts it down.

    A disk that does not take texts and audit records is told, and no reason to send none:
    answers do not wait for it.
    """
    if service.stopping:
        raise ServerStopping("the service is shutting down; ask another one")
    keeping = service.holder.keeping
    if keeping is None:
        raise ServerStopping("the service is not ready; try again in a moment")
    return Readiness(status="ok", keeping=keeping.state, not_kept=keeping.lost)


@router.get("/metrics", dependencies=SIGNED_IN, response_class=Response, responses=answers(METRICS))
async def metrics(request: Request, service: ServiceDep) -> Response:
    """What Prometheus reads; needs the scope ``operate`` unless the operator opened it."""
    caller = request.scope["state"].get("caller")
    return Response(service.metrics(caller), media_type=CONTENT_TYPE)


@router.post("/v1/admin/reload", dependencies=SIGNED_IN, responses=answers("reload"))
async def reload(asked: ToOperate) -> ReloadAnswer:
    """Answer with the version now in force; if it cannot be opened the old one goes on."""
    done = await reload_of(asked.service)
    return ReloadAnswer(before=done.before, now=done.now)
