from __future__ import annotations

from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.schemas import (
    Comparison,
    EventsAdded,
    Explanation,
    FeedbackGiven,
    GivenExplanation,
    Profile,
    Recommendations,
    UserExport,
    WhatIf,
)
from tests.unit.serve.rest.conftest import Door


async def posted(door: Door, path: str, body: dict[str, Any], user: str = "u0") -> Any:
    async with door.of(user) as client:
        answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_a_list_is_the_cores(door: Door, shared_recx: Recx) -> None:
    body = {"k": 3, "only": ["genre=Comedy"], "exclude": ["Comedy 0"]}
    found = await posted(door, "/v1/recommendations", body)
    wanted = shared_recx.recommend("u0", 3, only=["genre=Comedy"], exclude=["Comedy 0"])
    assert Recommendations.model_validate(found) == wanted


async def test_an_explanation_is_the_cores(door: Door, shared_recx: Recx) -> None:
    item = shared_recx.recommend("u0", 1).items[0].title
    found = await posted(door, "/v1/explanations", {"item": item, "language": "zh"})
    assert Explanation.model_validate(found) == shared_recx.explain("u0", item, language="zh")


async def test_a_list_is_explained(door: Door, shared_recx: Recx) -> None:
    found = await posted(door, "/v1/explanations/top", {"k": 2})
    wanted = shared_recx.explain_list("u0", 2)
    assert [Explanation.model_validate(one) for one in found["explanations"]] == wanted


async def test_others_candidates_are_explained(door: Door, shared_recx: Recx) -> None:
    items = [one.item_id for one in shared_recx.recommend("u0", 2).items]
    body = {"items": items, "chosen_by": "our shop"}
    found = await posted(door, "/v1/explanations/candidates", body)
    wanted = shared_recx.explain_candidates("u0", items, "our shop")
    assert [Explanation.model_validate(one) for one in found["explanations"]] == wanted


async def test_given_texts_are_explained(door: Door) -> None:
    body = {
        "item_title": "A Song Unheard",
        "about_user": ["Enjoys historical fiction."],
        "about_item": ["A piece of historical fiction set in Wales."],
    }
    found = GivenExplanation.model_validate(await posted(door, "/v1/explanations/given", body))
    assert "historical fiction" in found.text and found.verdict == "template"


async def test_a_comparison_and_a_what_if(door: Door, shared_recx: Recx) -> None:
    one, other = (item.title for item in shared_recx.recommend("u0", 2).items)
    compared = await posted(door, "/v1/comparisons", {"item": one, "other": other})
    assert Comparison.model_validate(compared) == shared_recx.compare("u0", one, other)
    old = shared_recx.profile("u0").history[0].title
    changed = await posted(door, "/v1/what-if", {"remove": [old], "k": 4})
    assert WhatIf.model_validate(changed) == shared_recx.what_if("u0", remove=[old], k=4)


async def test_the_profile_is_the_tokens_users(door: Door, shared_recx: Recx) -> None:
    for user in ("u0", "u1"):
        async with door.of(user) as client:
            answer = await client.get("/v1/profile", params={"language": "en"})
        assert Profile.model_validate(answer.json()) == shared_recx.profile(user)


async def test_feedback_is_in_force_at_once_and_undone(door: Door, shared_recx: Recx) -> None:
    best = shared_recx.recommend("u2", 1).items[0]
    given = await posted(door, "/v1/feedback", {"kind": "dislike", "what": best.title}, "u2")
    said = FeedbackGiven.model_validate(given).feedback
    after = await posted(door, "/v1/recommendations", {"k": 5}, "u2")
    assert best.item_id not in [item["item_id"] for item in after["items"]]
    async with door.of("u2") as client:
        listed = (await client.get("/v1/feedback")).json()["feedback"]
        assert [one["id"] for one in listed] == [said.id]
        undone = await client.delete(f"/v1/feedback/{said.id}")
        assert undone.json()["undone"] is not None
        assert (await client.get("/v1/feedback")).json() == {"feedback": []}
        both = (await client.get("/v1/feedback", params={"undone": True})).json()["feedback"]
        assert len(both) == 1
        assert (await client.delete("/v1/feedback/last")).status_code == 404
    assert shared_recx.recommend("u2", 1).items[0] == best


async def test_events_are_in_force_at_once_and_taken_back(door: Door, shared_recx: Recx) -> None:
    best = shared_recx.recommend("u4", 1).items[0]
    event = {"item_id": best.item_id, "value": 5, "timestamp": "2024-05-01", "text": "good"}
    added = await posted(door, "/v1/events", {"events": [event]}, "u4")
    assert EventsAdded.model_validate(added).added == 1
    again = await posted(door, "/v1/events", {"events": [event]}, "u4")
    assert (again["added"], again["already_present"]) == (0, 1)
    assert best.title in [entry.title for entry in shared_recx.profile("u4").history]
    async with door.of("u4") as client:
        (listed,) = (await client.get("/v1/events")).json()["events"]
        assert (listed["text"], listed["value"]) == ("good", 5)
        taken = await client.delete(f"/v1/events/{listed['id']}")
        assert (taken.status_code, taken.content) == (204, b"")
        assert (await client.delete(f"/v1/events/{listed['id']}")).status_code == 404
    assert shared_recx.recommend("u4", 1).items[0] == best


async def test_one_bad_event_and_none_is_added(door: Door) -> None:
    bad = [{"item_id": "nothing", "value": 5}, {"item_id": "i2", "value": 9}]
    events = [{"item_id": "i0", "value": 5}, *bad]
    async with door.of("u6") as client:
        answer = await client.post("/v1/events", json={"events": events})
        assert answer.status_code == 422
        assert {one["where"] for one in answer.json()["errors"]} == {
            "body.events.1.item_id",
            "body.events.2.value",
        }
        assert (await client.get("/v1/events")).json() == {"events": []}


async def test_an_unknown_user_is_known_from_his_first_event_on(door: Door) -> None:
    async with door.of("new one") as client:
        assert (await client.get("/v1/profile")).status_code == 404
        cold = await client.post("/v1/recommendations", json={"k": 2, "allow_cold": True})
        assert cold.json()["fallback"] == "popularity"
        await client.post("/v1/events", json={"events": [{"item_id": "i0", "value": 5}]})
        assert (await client.get("/v1/profile")).json()["events_total"] == 1


async def test_one_exports_oneself_without_the_operators_records(door: Door) -> None:
    async with door.of("u8", "own-data") as client:
        own = await client.get("/v1/users/u8/export")
        assert UserExport.model_validate(own.json()).user_id == "u8"
        assert own.json()["audit"] == []
        for path in (
            "/v1/users/u9/export",
            "/v1/users/../u9/export",
            "/v1/users/u8%2F..%2Fu9/export",
        ):
            other = await client.get(path)
            assert (other.status_code, other.json()["title"]) in (
                (403, "The credential does not allow this"),
                (404, "Not Found"),
            )
            assert "u9" not in other.text
    async with door.of("boss", "users") as client:
        assert (await client.get("/v1/users/u9/export")).json()["user_id"] == "u9"
        assert (await client.get("/v1/users/nobody/export")).status_code == 404


CASES: list[tuple[str, dict[str, Any], int, str]] = [
    ("/v1/explanations", {"item": "Comedi 4"}, 404, "unknown-item"),
    ("/v1/recommendations", {"only": ["Comedyy"]}, 404, "unknown-attribute"),
    ("/v1/what-if", {"remove": ["Western 1"]}, 409, "not-in-history"),
    ("/v1/comparisons", {"item": "Comedy 4", "other": "i4"}, 422, "not-possible"),
    ("/v1/recommendations", {"context": {"device": "tv"}}, 409, "not-offered"),
    ("/v1/feedback", {"kind": "like"}, 422, "unfit-request"),
    ("/v1/recommendations", {"k": 0}, 422, "unfit-request"),
    ("/v1/recommendations", {"k": 101}, 422, "unfit-request"),
    ("/v1/recommendations", {"k": True}, 422, "unfit-request"),
    ("/v1/explanations", {"item": ""}, 422, "unfit-request"),
    ("/v1/explanations", {"item": "x", "language": "fr"}, 422, "unfit-request"),
    ("/v1/explanations", {"item": "x", "deadline_ms": 0}, 422, "unfit-request"),
]


@pytest.mark.parametrize(("path", "body", "status", "name"), CASES, ids=lambda v: str(v)[:30])
async def test_what_cannot_be(
    door: Door, path: str, body: dict[str, Any], status: int, name: str
) -> None:
    async with door.of() as client:
        answer = await client.post(path, json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status)
    assert told["type"] == f"urn:recx-agent:problem:{name}"
    assert told["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert "u0" not in answer.text


async def test_the_closest_titles_are_told(door: Door) -> None:
    async with door.of() as client:
        answer = await client.post("/v1/explanations", json={"item": "Comedi 4"})
    assert "Comedy 4" in answer.json()["closest"]


async def test_several_reasons_are_told_as_candidates(door: Door, shared_recx: Recx) -> None:
    best = shared_recx.recommend("u0", 1).items[0].title
    async with door.of() as client:
        answer = await client.post("/v1/feedback", json={"kind": "mute", "about": best})
    assert answer.status_code == 409
    assert {"what", "label"} == set(answer.json()["candidates"][0])
    assert (await posted(door, "/v1/recommendations", {"k": 1}))["items"][0]["title"] == best
