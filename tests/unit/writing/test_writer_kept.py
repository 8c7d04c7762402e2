"""What is kept of texts, when it is used again, and when it is not."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from recx_agent.errors import (
    LlmFaulty,
)
from recx_agent.llms import ScriptedChatModel
from recx_agent.stores import SqlAuditLog, SqlTextCache
from tests.unit.writing.conftest import GIVEN, GOOD, nobody, only_record, written
from tests.unit.writing.plans import (
    AGAINST,
    BECAUSE,
    COMMON,
    OWN,
    PRAISE,
    SHARES,
    plan,
    writer,
)


def test_a_verified_text_is_not_written_again(cache: SqlTextCache, log: SqlAuditLog) -> None:
    first = written(ScriptedChatModel([f"{OWN} {PRAISE}", SHARES]), cache=cache, audit=log)
    again = ScriptedChatModel([])
    second = written(again, cache=cache, audit=log)
    assert second == first
    assert again.asked == []
    assert only_record(log).steps[0].kind == "draft", "how it came about is not forgotten"


def test_how_a_kept_text_came_about_is_told_where_the_record_is_gone(
    cache: SqlTextCache, log: SqlAuditLog
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    draft = written(ScriptedChatModel([]), cache=cache, audit=log)
    record = only_record(log)
    assert [step.kind for step in record.steps] == ["cache", "draft"]
    assert record.text == draft.text


def test_a_kept_text_asked_for_again_and_again_costs_no_more_memory(
    cache: SqlTextCache, log: SqlAuditLog
) -> None:
    used = writer(ScriptedChatModel([GOOD]), cache=cache, audit=log)

    def ask(times: int) -> int:
        for _ in range(times):
            used.write(GIVEN)
        used.flush()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    ask(1)
    tracemalloc.start()
    try:
        before = ask(10)
        # Python keeps some hundred freed tuples at hand; one plan is twenty times as much.
        assert ask(20) - before < 20 * 4000, "bytes"
    finally:
        tracemalloc.stop()
        used.close()


@pytest.mark.parametrize("text", [PRAISE, LlmFaulty("no")])
def test_templates_and_faults_are_not_kept(text: Any, cache: SqlTextCache) -> None:
    written(ScriptedChatModel([text, text]), cache=cache, repair=False)
    model = ScriptedChatModel([GOOD])
    assert written(model, cache=cache, repair=False).verdict == "supported"


def test_what_is_kept_is_judged_before_it_is_shown(
    cache: SqlTextCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    (kept,) = cache.of_user("ann")
    with cache._database.writing() as connection:
        untrue = kept.replace(OWN, PRAISE)
        connection.exec_driver_sql("UPDATE texts SET text = ?", (untrue,))
    assert written(ScriptedChatModel([]), cache=cache).verdict == "template"


CHANGES: list[dict[str, Any]] = [
    {"temperature": 0.2},
    {"name": "another model"},
    {"claims": (BECAUSE, COMMON, AGAINST)},
    {"variant": 1},
    {"key": "k2"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_text_depends_on_makes_another_one(
    change: dict[str, Any], cache: SqlTextCache
) -> None:
    written(ScriptedChatModel([GOOD]), cache=cache)
    claims = change.get("claims", (BECAUSE, COMMON))
    of_plan = {name: change[name] for name in ("variant", "key") if name in change}
    model = ScriptedChatModel([GOOD], name=change.get("name", "scripted"))
    used = writer(model, cache=cache, temperature=change.get("temperature", 0.7))
    used.write(plan(*claims, **of_plan))
    used.close()
    assert len(model.asked) == 1


def test_a_model_nobody_can_name_is_asked_and_nothing_is_kept(cache: SqlTextCache) -> None:
    written(ScriptedChatModel([GOOD], name="?@http://nowhere"), cache=cache)
    assert cache.users() == frozenset()


def test_a_store_that_fails_costs_the_record_not_the_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "below"
    used = writer(
        ScriptedChatModel(lambda request: GOOD),
        cache=SqlTextCache(below, 9, nobody),
        audit=SqlAuditLog(below, 9.0, nobody),
    )
    for _ in range(3):
        assert used.write(GIVEN).verdict == "supported"
    used.close()
    assert len(caplog.records) == 2, "once for each store"
