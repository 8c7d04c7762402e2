from __future__ import annotations

import errno
from pathlib import Path

import pytest

from recx_agent import errors
from recx_agent.errors import BadRow, ReasonCandidate, RecxError
from recx_agent.serve.rest.problems import OPERATORS, TABLE, headers_of, problem_of
from tests.unit.every_error import every_class

HIDDEN_PATH, HIDDEN_USER = "/srv/secret/workspace", "user-4711"
ID = "6a1f0d5e-6c0b-4c5e-9d57-0f6f3f3d4f10"


def test_every_error_is_mapped() -> None:
    assert {kind.__name__ for kind in every_class() ^ set(TABLE)} == set()


def test_a_name_is_of_one_status() -> None:
    pairs = {(kind.name, kind.status) for kind in TABLE.values()}
    assert len({name for name, _ in pairs}) == len(pairs)


CALLERS: list[RecxError] = [
    errors.UsageError("it is one item twice"),
    errors.UnknownUser(HIDDEN_USER),
    errors.UnknownItem("Alein", ["Alien"]),
    errors.UnknownAttribute("genre=Comdy", ["genre=Comedy"]),
    errors.UnknownFeedback("x"),
    errors.UnknownAudit("x"),
    errors.NotOffered("the attribute view", "als"),
    errors.NoHistory(HIDDEN_USER),
    errors.NotInHistory("Heat", HIDDEN_USER),
    errors.TurnedDown("Heat"),
    errors.Withheld("Heat"),
    errors.UnclearReason("Heat", [ReasonCandidate("m1", "Fargo")]),
    errors.DataError("there are values", source=HIDDEN_PATH),
    errors.BadRows([BadRow(1, "value", "off the scale")], source=HIDDEN_PATH, allowed=0),
    errors.ErasureUnfinished(HIDDEN_PATH, ValueError(HIDDEN_PATH)),
    errors.NotSignedIn("no credential"),
    errors.Forbidden("not allowed", "users"),
    errors.UnfitRequest((("body.k", "too small"),)),
    errors.RequestTooLarge(1024),
    errors.NoJson("text/plain"),
    errors.WrongHost("not called so"),
    errors.TooManyRequests("slow down", 2.2),
    errors.ServerBusy("not now"),
    errors.ServerStopping("not ready"),
]


@pytest.mark.parametrize("error", CALLERS, ids=lambda e: type(e).__name__)
def test_the_caller_is_told_what_he_can_mend(error: RecxError) -> None:
    told = problem_of(error, ID)
    assert told.status < 500 or told.status == 503
    assert told.detail != OPERATORS
    text = told.model_dump_json()
    assert HIDDEN_PATH not in text and HIDDEN_USER not in text and "recx " not in told.detail


def test_no_command_line_is_told() -> None:
    """The messages of the core are for those who have its command line."""
    for error in CALLERS:
        assert "--" not in problem_of(error, ID).detail, type(error)


OPERATORS_OWN: list[Exception] = [
    errors.SettingsError(f"{HIDDEN_PATH} is wrong"),
    errors.IndexMissing(HIDDEN_PATH),
    errors.ArtefactDamaged(HIDDEN_PATH, "checksum"),
    errors.UserStoreUnreachable(HIDDEN_PATH, "no answer"),
    errors.WriteFailed(HIDDEN_PATH, OSError(errno.ENOSPC, "full")),
    errors.WorkspaceEmpty(HIDDEN_PATH),
    ZeroDivisionError(HIDDEN_USER),
    OSError(HIDDEN_PATH),
]


@pytest.mark.parametrize("error", OPERATORS_OWN, ids=lambda e: type(e).__name__)
def test_what_is_the_operators_is_told_to_nobody_else(error: Exception) -> None:
    told = problem_of(error, ID)
    assert told.status in (500, 503) and told.detail == OPERATORS
    assert HIDDEN_PATH not in told.model_dump_json()
    to_operator = problem_of(error, ID, to_operator=True)
    assert (HIDDEN_PATH in to_operator.detail) == isinstance(error, RecxError)


def test_an_error_of_no_class_here_is_a_fault() -> None:
    class New(errors.UnknownItem):
        pass

    assert problem_of(New("x"), ID).status == 500


def test_one_is_told_when_to_try_again() -> None:
    assert headers_of(errors.TooManyRequests("slow down", 2.2)) == {"Retry-After": "3"}
    assert headers_of(errors.ServerBusy("not now", 0)) == {"Retry-After": "1"}
    assert headers_of(errors.IndexMissing(Path("x"))) == {"Retry-After": "5"}
    assert "WWW-Authenticate" in headers_of(errors.NotSignedIn("no credential"))


def test_members_are_those_of_the_error() -> None:
    assert problem_of(errors.UnknownItem("Alein", ["Alien"]), ID).closest == ["Alien"]
    assert problem_of(errors.Forbidden("no", "users"), ID).scope == "users"
    rows = errors.BadRows([BadRow(3, "value", "bad")] * 500, source="x", allowed=0)
    told = problem_of(rows, ID)
    assert told.errors is not None and len(told.errors) == 100
    assert told.errors[0].where == "body.events.3.value"
