"""A title that is the id of another item: in a conversation it means the title."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.llms.scripted_tools import calls
from tests.unit.assistant.conftest import USER, Talk
from tests.unit.conftest import build_planted, planted_frames


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    interactions, items = planted_frames()
    liked = interactions[interactions["user_id"].eq(USER) & interactions["value"].ge(4)]
    items.loc[items["item_id"].eq(liked["item_id"].iloc[-1]), "title"] = "i1"
    return build_planted(tmp_path_factory.mktemp("shadowed"), (interactions, items))


@pytest.fixture
def recx(workspace: Path) -> Iterator[Recx]:
    with Recx.open(workspace, assistant={"routing": "free", "own_words": False}) as recx:
        assert recx.dataset.catalogue.titles[recx.dataset.catalogue.find("i1")] == "Western 1"
        assert "i1" in {item.title for item in recx.profile(USER).history}
        yield recx


def test_it_is_what_people_mean(recx: Recx) -> None:
    reply = Talk(recx).say("And if I had not seen “i1”?")
    assert reply.results[0].ok
    assert "Western" not in reply.text
    assert reply.text.startswith("Without “i1” in your history")


def test_and_what_models_mean(recx: Recx) -> None:
    talk = Talk(recx, [calls("what_if", remove=["i1"]), ""])
    reply = talk.say("And if I had not seen “i1”?")
    assert reply.text.startswith("Without “i1” in your history")


def test_feedback_is_about_it(recx: Recx) -> None:
    talk = Talk(recx)
    assert talk.say("Not because of “i1” again.").text == "Kept: “i1” is no reason any more."
    assert "i1" not in talk.say("What do you know about me?").text
    talk.say("Undo that.")
