from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import ArtefactDamaged
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.running import Service
from recx_agent.settings import Settings
from tests.unit.serve.rest.conftest import OFTEN, SECRET, Door, MakeDoor


async def test_a_reload_is_the_operators(make_door: MakeDoor, shared_recx: Recx) -> None:
    coming: list[Recx | Exception] = [
        shared_recx,
        ArtefactDamaged("/srv/w/versions/000002", "checksum"),
        shared_recx,
    ]

    def open_next() -> Recx:
        one = coming.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    door = make_door(open_next)
    async with door.of("u0", "recommend") as user:
        assert (await user.post("/v1/admin/reload")).status_code == 403
        async with door.of("boss", "operate") as boss:
            damaged = await boss.post("/v1/admin/reload")
            assert damaged.status_code == 409
            told = damaged.json()
            assert told["type"].endswith("reload-failed")
            assert "checksum" in told["detail"] and "version 000001 goes on" in told["detail"]
            assert (await user.post("/v1/recommendations", json={})).status_code == 200
            good = await boss.post("/v1/admin/reload")
            assert good.json() == {"before": "000001", "now": "000001"}
            page = (await boss.get("/metrics")).text
    assert 'recx_reloads_total{result="failed"} 1.0' in page
    assert 'recx_reloads_total{result="done"} 1.0' in page


async def test_metrics_have_short_labels(make_door: MakeDoor) -> None:
    door = make_door(open_metrics=True)
    async with door.of("u0") as client:
        await client.post("/v1/explanations/top", json={"k": 1})
        await client.get("/v1/users/u1/export")
        await client.request("SECRET", "/v1/secret/u1")
    async with door.client() as anybody:
        page = (await anybody.get("/metrics")).text
    assert 'recx_requests_total{method="other",route="none",status="404"} 1.0' in page
    for line in ('recx_stage_seconds_count{stage="write"} 1.0', "recx_in_flight 1.0"):
        assert line in page
    assert "u1" not in page and "SECRET" not in page and "secret" not in page


@pytest.fixture
def own_door(new_workspace: Callable[[], Path]) -> Door:
    serve = {**OFTEN, "tokens": {"secret": SECRET}}
    settings = Settings.model_validate({"workspace": new_workspace(), "serve": serve})
    service = Service.of(settings)
    service.holder.start()
    return Door(service)


async def test_who_is_erased_is_unknown_at_once(own_door: Door) -> None:
    async with own_door.of("u0") as own, own_door.of("u1") as other:
        await own.post("/v1/feedback", json={"kind": "exclude", "what": "i3"})
        assert (await own.delete("/v1/users/u1")).status_code == 403
        assert (await own.delete("/v1/users/u0?refit=true")).status_code == 403
        assert (await own.get("/v1/profile")).status_code == 200
        done = await own.delete("/v1/users/u0")
        assert done.status_code == 200
        for word in (str(own_door.service.settings.workspace), "000001", "recx fit", "--refit"):
            assert word not in done.text
        assert {one["kind"] for one in done.json()["remains"]} >= {"factors", "backup"}
        assert (await own.get("/v1/profile")).status_code == 404
        assert (await own.post("/v1/explanations/top", json={})).status_code == 404
        assert (await own.get("/v1/users/u0/export")).status_code == 404
        events = {"events": [{"item_id": "i0", "value": 5}]}
        assert (await own.post("/v1/events", json=events)).status_code == 404
        again = await own.delete("/v1/users/u0")
        assert again.json()["already_erased"] is True
        assert (await other.post("/v1/explanations/top", json={"k": 1})).status_code == 200
    own_door.service.close()


async def test_the_workspace_is_opened_and_closed_with_the_application(
    rest_workspace: Path,
) -> None:
    service = Service.of(Settings(workspace=rest_workspace))
    app = make_app(service)
    async with app.router.lifespan_context(app):
        assert service.holder.version == "000001"
    assert service.holder.version is None
