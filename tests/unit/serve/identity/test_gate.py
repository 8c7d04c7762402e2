from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from recx_agent.api_keys import KeyFile
from recx_agent.errors import Forbidden, NotSignedIn, SettingsError
from recx_agent.serve.identity import SCOPES, USER_SCOPES, Caller, Gate, Tokens
from recx_agent.serve.identity.pseudonym import KEY_NAME, Pseudonyms
from recx_agent.settings import Settings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"workspace": tmp_path, "serve": {"tokens": {"secret": SECRET}}})


def token_of(settings: Settings, user_id: str, *scopes: str) -> str:
    return "Bearer " + Tokens(settings.serve.tokens).mint(
        user_id, scopes or USER_SCOPES, timedelta(minutes=5)
    )


def key_of(settings: Settings, name: str, *scopes: str, user_id: str | None = None) -> str:
    return KeyFile(settings.workspace / "keys.json").add(name, scopes, user_id=user_id)


def test_a_token_tells_the_user(settings: Settings) -> None:
    caller = Gate.of(settings).caller(token_of(settings, "alice", "recommend"), None)
    assert (caller.user(), caller.scopes) == ("alice", frozenset({"recommend"}))
    caller.require("recommend")
    with pytest.raises(Forbidden, match="does not have the scope 'feedback'") as refused:
        caller.require("feedback")
    assert refused.value.scope == "feedback"


def test_a_key_stands_for_no_user(settings: Settings) -> None:
    gate, key = Gate.of(settings), key_of(settings, "metrics", "operate")
    for caller in (gate.caller(None, key), gate.caller(f"Bearer {key}", None)):
        assert (caller.user_id, caller.scopes) == (None, frozenset({"operate"}))
        with pytest.raises(Forbidden, match="stands for no user"):
            caller.user()


def test_a_key_that_was_made_for_a_user(settings: Settings) -> None:
    key = key_of(settings, "chat", "recommend", user_id="bob")
    assert Gate.of(settings).caller(f"bearer  {key}", None).user() == "bob"
    with pytest.raises(NotSignedIn, match="different users"):
        Gate.of(settings).caller(token_of(settings, "alice"), key)


def test_both_must_hold_and_what_both_allow_is_allowed(settings: Settings) -> None:
    gate = Gate.of(settings)
    key = key_of(settings, "shop", "recommend", "users")
    token = token_of(settings, "alice", "recommend", "feedback")
    caller = gate.caller(token, key)
    assert (caller.user(), caller.scopes) == ("alice", frozenset({"recommend"}))
    with pytest.raises(NotSignedIn):
        gate.caller(token, key + "x")
    with pytest.raises(NotSignedIn):
        gate.caller(token + "x", key)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic YWxpY2U6eA==", "alice", "Bearer recx_1_2", "Bearer x.y.z"],
)
def test_what_is_no_credential(settings: Settings, authorization: str) -> None:
    local = settings.model_copy(
        update={"serve": settings.serve.model_copy(update={"local_user": "alice"})}
    )
    for gate in (Gate.of(settings), Gate.of(local)):  # a wrong one is not as good as none
        with pytest.raises(NotSignedIn):
            gate.caller(authorization, None)


def test_no_credential(settings: Settings) -> None:
    with pytest.raises(NotSignedIn, match="no credential came"):
        Gate.of(settings).caller(None, None)
    with pytest.raises(NotSignedIn, match="two API keys"):
        Gate.of(settings).caller("Bearer recx_1_2", "recx_1_2")
    with pytest.raises(NotSignedIn):
        Gate.of(settings).caller(None, "recx_" + "x" * 10_000)


def test_the_operator_names_the_user(tmp_path: Path) -> None:
    settings = Settings.model_validate({"workspace": tmp_path, "serve": {"local_user": "alice"}})
    caller = Gate.of(settings).caller(None, None)
    assert (caller.user(), caller.scopes) == ("alice", frozenset(USER_SCOPES))
    assert Gate.of(settings).local("bob").user() == "bob"
    with pytest.raises(ValidationError, match="lets everybody in who reaches"):
        Settings.model_validate({"serve": {"local_user": "alice", "host": "0.0.0.0"}})


def test_logs_and_limits_have_a_pseudonym(settings: Settings, tmp_path: Path) -> None:
    gate = Gate.of(settings)
    first, again, other = (
        gate.caller(token_of(settings, user), None) for user in ("alice", "alice", "bob")
    )
    assert first.key_id == again.key_id != other.key_id
    assert Gate.of(settings).caller(token_of(settings, "alice"), None).key_id == first.key_id
    elsewhere = Pseudonyms.of(tmp_path / "elsewhere")
    assert elsewhere.of_user("alice") not in first.key_id
    for told in (repr(first), first.key_id):
        assert "alice" not in told
    assert gate.pseudonyms.of_user("1.2.3.4") != gate.pseudonyms.of_address("1.2.3.4")


def test_a_key_of_pseudonyms_that_is_none_is_named(settings: Settings) -> None:
    for content in ("", "00ff", "no key"):
        (settings.workspace / KEY_NAME).write_text(content)
        with pytest.raises(SettingsError, match="this is no key"):
            Gate.of(settings)


def test_each_scope_is_asked_for_by_its_name() -> None:
    for scope in SCOPES:
        Caller(None, frozenset({scope}), "key:1").require(scope)
        with pytest.raises(Forbidden):
            Caller(None, frozenset(SCOPES) - {scope}, "key:1").require(scope)
