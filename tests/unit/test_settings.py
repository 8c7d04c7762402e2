"""A setting that cannot be used is named, with the place it comes from and a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from recx_agent.errors import SettingsError
from recx_agent.settings import DataSettings, load_settings


def load_with(content: str | bytes, folder: Path, overrides: dict[str, Any] | None = None) -> Any:
    folder.mkdir(exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "recx.toml").write_bytes(data)
    return load_settings(folder, overrides)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[model]\nepoch = 5", "setting 'model.epoch': there is no such setting; did you mean "),
        ("[modle]\nepochs = 5", "setting 'modle': there is no such setting; did you mean 'model'?"),
        ("[model]\nzzz = 5", "setting 'model.zzz': there is no such setting; there are context, "),
        ("[model]\nepochs = 'many'", "setting 'model.epochs': Input should be a valid integer"),
        ("model = 5", "setting 'model': Input should be a valid dictionary"),
        ("[evidence]\nmin_share = nan", "setting 'evidence.min_share': Input should be a finite"),
        ("[data]\nattributes = 'genre'", "setting 'data.attributes': Input should be a valid"),
    ],
)
def test_a_bad_setting_of_a_file_is_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_with(content, tmp_path / "w")
    assert str(caught.value).startswith(f"{tmp_path / 'w' / 'recx.toml'}, {words}")


def test_the_file_of_the_current_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recx.toml").write_text("[model]\nepochs = 0")
    with pytest.raises(SettingsError, match=r"^recx\.toml, setting 'model\.epochs': Input should"):
        load_settings()
    (tmp_path / "recx.toml").write_text("workspace = 5")
    with pytest.raises(SettingsError, match=r"^recx\.toml, setting 'workspace': Input is not a"):
        load_settings()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[model\nepochs = 5", "not readable as TOML: Expected ']' at the end of a table decl"),
        ("[wording]\nitem = 'película'".encode("latin-1"), "not UTF-8; save the file as UTF-8"),
        ("[wording]".encode("utf-16"), "not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_with(content, tmp_path / "w")
    assert str(caught.value).startswith(f"{tmp_path / 'w' / 'recx.toml'}: {words}")


def test_a_folder_and_a_path_that_cannot_be_are_told(tmp_path: Path) -> None:
    (tmp_path / "recx.toml").mkdir()
    with pytest.raises(SettingsError, match="not readable as TOML: Is a directory; mend the file"):
        load_settings(tmp_path)
    with pytest.raises(SettingsError, match="not readable as TOML: embedded null byte"):
        load_settings("a\0b")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RECX_MODEL__EPOCHS", "many", "environment, setting 'model.epochs': Input should be"),
        ("RECX_MODEL__EPOCH", "5", "environment, setting 'model.epoch': there is no such setting"),
        ("RECX_MODLE__EPOCHS", "5", "environment, setting 'modle': .* did you mean 'model'"),
        ("RECX_WORKSPCE", "w", "environment, setting 'workspce': .* did you mean 'workspace'"),
        ("RECX_MODEL", "{bad", "environment, RECX_MODEL…: a list, table or section must be JSON"),
        ("RECX_DATA__MAP", "user_id=who", "environment, RECX_DATA…: .*such as RECX_DATA__MAP="),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{words}"):
        load_settings(tmp_path)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECX_WORKSPACE", "")
    assert load_settings().workspace == Path("recx-workspace")


def test_what_the_caller_passes_wins_and_is_named_alone(tmp_path: Path) -> None:
    settings = load_with("[model]\nepochs = 5", tmp_path / "w", {"model": {"epochs": 7}})
    assert settings.model.epochs == 7
    with pytest.raises(SettingsError, match=r"^setting 'model\.epochs': Input should be greater"):
        load_with("[model]\nepochs = 5", tmp_path / "w", {"model": {"epochs": 0}})


@pytest.mark.parametrize(
    "settings", [{"positive_from": float("nan")}, {"scale": (0, float("inf"))}]
)
def test_numbers_are_finite(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="should be a finite number"):
        DataSettings(**settings)


URL = "postgresql://recx:s%40cret@db.example:5432/recx"


def test_the_password_of_a_database_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECX_USERS__URL", URL)
    settings = load_settings()
    assert settings.users.url is not None
    assert settings.users.url.get_secret_value() == URL
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "s%40cret" not in shown and "s@cret" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "mysql://recx:quixley@db/recx",
        "postgresql://recx:quixley@db",
        "postgresql://recx:qui@xley@db/recx",
        "postgresql://recx:qui/xley@db/recx",
        "postgresql://recx:quixley@db:port/recx",
        "quixley",
    ],
)
def test_what_is_no_address_of_a_database_is_told_without_it(url: str) -> None:
    with pytest.raises(SettingsError, match=r"users\.url.*percent-encode") as caught:
        load_settings(overrides={"users": {"url": url}})
    assert "xley" not in str(caught.value)
