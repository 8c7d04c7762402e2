"""Health, metrics, reload."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from recx_agent.errors import ServerStopping
from recx_agent.serve.rest.asked import SIGNED_IN, ServiceDep, ToOperate, asked
from recx_agent.serve.rest.bodies import Health, ReloadAnswer
from recx_agent.serve.rest.document import METRICS, answers
from recx_agent.serve.running.meters import CONTENT_TYPE
from recx_agent.serve.running.reloading import reload_of

router = APIRouter(tags=["operating"])


@router.get("/healthz", responses=answers("health"))
async def healthz() -> Health:
    """Whether the process lives."""
    return Health(status="ok")


@router.get("/readyz", responses=answers("health"))
async def readyz(service: ServiceDep) -> Health:
    """Whether requests should be sent here: a workspace is open, and nobody shuts it down."""
    if service.stopping:
        raise ServerStopping("the service is shutting down; ask another one")
    if service.holder.version is None:
        raise ServerStopping("the service is not ready; try again in a moment")
    return Health(status="ok")


@router.get("/metrics", dependencies=SIGNED_IN, response_class=Response, responses=answers(METRICS))
async def metrics(request: Request, service: ServiceDep) -> Response:
    """What Prometheus reads; needs the scope ``operate`` unless the operator opened it."""
    if not service.settings.serve.open_metrics:
        asked(request).caller.require("operate")
    service.look()
    return Response(service.meters.page(), media_type=CONTENT_TYPE)


@router.post("/v1/admin/reload", dependencies=SIGNED_IN, responses=answers("reload"))
async def reload(asked: ToOperate) -> ReloadAnswer:
    """Answer with the version now in force; if it cannot be opened the old one goes on."""
    done = await reload_of(asked.service)
    return ReloadAnswer(before=done.before, now=done.now)
