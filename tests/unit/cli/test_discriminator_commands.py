"""``recx discriminator`` from a file of pairs to scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recx_agent.cli.app import app
from recx_agent.errors import SettingsError
from tests.unit.discriminator.conftest import write_pairs


def run(*words: str, stdin: str | None = None) -> str:
    result = CliRunner().invoke(app, ["discriminator", *words], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_train_and_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, folder = write_pairs(tmp_path / "pairs.jsonl"), tmp_path / "discriminator"
    monkeypatch.setenv("RECX_XREC", str(data))
    printed = run("train", "--out", str(folder), "--epochs", "2")
    assert "discriminator" in printed and "length alone" in printed
    told = run("score", str(folder), stdin="One text.\n\nAnother text.\n").splitlines()
    assert [json.loads(line)["text"] for line in told] == ["One text.", "Another text."]


def test_a_file_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="RECX_XREC"):
        run("train", "--out", "d")
    with pytest.raises(SettingsError, match="no file is there"):
        run("train", "--out", "d", "--data", "nowhere.jsonl")
