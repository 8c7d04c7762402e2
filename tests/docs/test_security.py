"""The examples of docs/security.md are run; its tables are those in force."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from recx_agent.serve.identity import SCOPES, USER_SCOPES, Tokens
from recx_agent.settings import ServeSettings, TokenSettings
from tests.docs.pages import Page, run

PAGE = Page("security.md")
ROOT = Path(__file__).parents[2]


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("films").mkdir()
    monkeypatch.setenv("RECX_SERVE__TOKENS__SECRET", "s" * 40)
    assert len(PAGE.commands) == 4
    tokens = Tokens(TokenSettings.model_validate({"secret": "s" * 40}))
    said = []
    for line in PAGE.commands:
        done = run(line)
        assert done.exit_code == 0, f"{line}: {done.output}"
        said.append(done.stdout.strip())
    assert tokens.read(said[0]) == ("alice", frozenset(USER_SCOPES))
    assert tokens.read(said[1]) == ("alice", frozenset({"recommend"}))
    assert said[2].startswith("recx_") and "web-shop" in said[3]


def test_the_settings_and_the_example_fit_one_another(tmp_path: Path) -> None:
    signing, network = (tomllib.loads(block)["serve"] for block in PAGE.blocks("toml"))
    assert TokenSettings(**signing["tokens"]).algorithm == "RS256"
    assert ServeSettings(**network).rate == ServeSettings().rate
    names = PAGE.run_examples()
    public = (
        names["private_key"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "idp.pem").write_bytes(public)
    settings = {**signing["tokens"], "algorithm": "EdDSA", "public_key": tmp_path / "idp.pem"}
    read = Tokens(TokenSettings(**settings)).read(names["token"])
    assert read == ("alice", frozenset({"recommend", "feedback"}))


def test_every_scope_is_listed_once() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \|", PAGE.text, re.MULTILINE)
    assert tuple(listed) == SCOPES
    assert tuple(listed[:3]) == USER_SCOPES


def test_the_tests_it_names_are_there() -> None:
    named = re.findall(r"`?(test_\w+\.py)`?", PAGE.text)
    assert len(named) >= 3
    assert [name for name in named if not (ROOT / "tests/e2e/serve" / name).is_file()] == []
