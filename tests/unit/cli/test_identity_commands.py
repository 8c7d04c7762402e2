from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recx_agent.api_keys import KeyFile
from recx_agent.cli.app import app
from recx_agent.errors import NotSignedIn, SettingsError
from recx_agent.serve.identity import Tokens
from recx_agent.settings import TokenSettings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"


def recx(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_token_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = recx("token", "alice", "-w", str(tmp_path))
    assert isinstance(missing.exception, SettingsError)
    monkeypatch.setenv("RECX_SERVE__TOKENS__SECRET", SECRET)
    tokens = Tokens(TokenSettings.model_validate({"secret": SECRET}))
    all_own = recx("token", "alice", "-w", str(tmp_path)).stdout
    assert tokens.read(all_own.strip()) == (
        "alice",
        frozenset({"recommend", "feedback", "own-data"}),
    )
    one = recx("token", "alice", "--scope", "users", "--minutes", "1", "-w", str(tmp_path)).stdout
    assert tokens.read(one.strip())[1] == frozenset({"users"})
    wrong = recx("token", "alice", "--scope", "everything", "-w", str(tmp_path))
    assert isinstance(wrong.exception, SettingsError)


def test_keys_are_added_listed_and_removed(tmp_path: Path) -> None:
    place = ("-w", str(tmp_path))
    added = recx("keys", "add", "web-shop", "--scope", "recommend", "--user", "bob", *place)
    key = added.stdout.strip()
    found = KeyFile(tmp_path / "keys.json").find(key)
    assert (found.name, found.user_id, found.scopes) == ("web-shop", "bob", ("recommend",))
    listed = recx("keys", "list", *place).stdout
    assert "web-shop" in listed and found.id in listed and "bob" in listed
    assert key not in listed and key.split("_", 2)[2] not in listed
    assert recx("keys", "remove", "web-shop", *place).exit_code == 0
    with pytest.raises(NotSignedIn):
        KeyFile(tmp_path / "keys.json").find(key)
    assert "no keys" in recx("keys", "list", *place).stdout
    assert isinstance(recx("keys", "add", "x", *place).exception, SettingsError)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--user", "alice", "--host", "0.0.0.0"), "lets everybody in who reaches 0.0.0.0"),
        (("--host", "192.0.2.1"), "nothing is fitted here yet"),
    ],
)
def test_a_server_that_cannot_start_says_why(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = recx("serve", *arguments, "-w", str(tmp_path))
    assert done.exit_code != 0 and words in str(done.exception)
