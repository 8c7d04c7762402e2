from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from recx_agent.cli.app import app
from recx_agent.errors import Forbidden, NotSignedIn, RecxError, SettingsError, UsageError

SECRET = "a secret of the tests, which is long enough"


@pytest.mark.parametrize(
    ("arguments", "token", "kind", "words"),
    [
        ([], None, SettingsError, "say once whom it is for"),
        (["--user", "u0"], "some token", SettingsError, "say once whom it is for"),
        ([], "some token", NotSignedIn, "the token does not hold"),
        (["--user", "u0", "--http"], None, UsageError, "leave --user out"),
        (["--user", "u0", "--port", "1"], None, UsageError, "are for --http"),
        (["--user", "u0", "--host", "::"], None, UsageError, "are for --http"),
        (["--http", "--host", "0.0.0.0"], None, SettingsError, "set serve.hosts"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_opened(
    arguments: list[str],
    token: str | None,
    kind: type[RecxError],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RECX_SERVE__TOKENS__SECRET", SECRET)
    if token is not None:
        monkeypatch.setenv("RECX_MCP__TOKEN", token)
    done = CliRunner().invoke(app, ["mcp", "-w", str(tmp_path), *arguments])
    assert type(done.exception) is kind
    assert words in str(done.exception)
    assert SECRET not in str(done.exception)


def test_a_programs_key_stands_for_no_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from recx_agent.api_keys import KeyFile

    monkeypatch.setenv("RECX_MCP__TOKEN", KeyFile(tmp_path / "keys.json").add("x", ["recommend"]))
    done = CliRunner().invoke(app, ["mcp", "-w", str(tmp_path)])
    assert type(done.exception) is Forbidden
