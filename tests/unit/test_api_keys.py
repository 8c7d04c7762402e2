from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from recx_agent.api_keys import KeyFile
from recx_agent.errors import NotSignedIn, SettingsError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "keys.json"


def test_a_key_is_found_and_only_its_hash_is_kept(path: Path) -> None:
    ring = KeyFile(path)
    key = ring.add("web-shop", ["recommend", "feedback"])
    found = ring.find(key)
    assert (found.name, set(found.scopes), found.user_id) == (
        "web-shop",
        {"recommend", "feedback"},
        None,
    )
    secret = key.split("_", 2)[2]
    assert len(secret) >= 43  # 256 bits
    assert secret not in path.read_text() and secret not in repr(found)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_keys_of_the_same_secret_would_have_other_hashes(path: Path) -> None:
    ring = KeyFile(path)
    ring.add("one", ["recommend"])
    ring.add("two", ["recommend"])
    salts = {key["salt"] for key in json.loads(path.read_text())["keys"]}
    assert len(salts) == 2


def test_what_is_no_key_is_refused(path: Path) -> None:
    ring = KeyFile(path)
    key = ring.add("web-shop", ["recommend"])
    for sent in (key[:-1], key + "x", key.upper(), "", "recx_", "recx_00000000_x", key[5:], "ü"):
        with pytest.raises(NotSignedIn, match="the API key does not hold"):
            ring.find(sent)
    with pytest.raises(NotSignedIn):
        KeyFile(path.with_name("none.json")).find(key)


def test_another_process_removes_a_key(path: Path) -> None:
    serving, administering = KeyFile(path), KeyFile(path)
    key = administering.add("web-shop", ["recommend"])
    other = administering.add("batch", ["users"])
    serving.find(key)
    administering.remove("web-shop")
    with pytest.raises(NotSignedIn):
        serving.find(key)
    assert serving.find(other).name == "batch"
    with pytest.raises(SettingsError, match="there is no key 'web-shop'; there are: 'batch'"):
        administering.remove("web-shop")


def test_a_key_expires(path: Path) -> None:
    ring = KeyFile(path)
    assert ring.find(ring.add("new", ["recommend"], lifetime=timedelta(days=1))).name == "new"
    with pytest.raises(NotSignedIn, match="has expired"):
        ring.find(ring.add("old", ["recommend"], lifetime=timedelta(seconds=-1)))


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("web-shop", ["recommend"], "there is a key 'web-shop' already"),
        ("  ", ["recommend"], "a key needs a name"),
        ("a\nb", ["recommend"], "a key needs a name"),
        ("other", ["everything"], "there is no scope 'everything'; there are recommend, feedback"),
        ("other", [], "no scope is given"),
    ],
)
def test_what_cannot_be_added(path: Path, name: str, scopes: list[str], words: str) -> None:
    ring = KeyFile(path)
    ring.add("web-shop", ["recommend"])
    with pytest.raises(SettingsError, match=words):
        ring.add(name, scopes)
    assert [key.name for key in ring.keys()] == ["web-shop"]


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    key = KeyFile(path).add("web-shop", ["recommend"])
    os.chmod(path, 0o640)
    with pytest.raises(SettingsError, match="others than its owner can read it; chmod 600"):
        KeyFile(path).find(key)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 2, "keys": []}', '{"format": 1, "keys": [{"id": 1}]}']
)
def test_a_damaged_file_is_named(path: Path, content: str) -> None:
    key = KeyFile(path).add("web-shop", ["recommend"])
    path.write_text(content)
    with pytest.raises(SettingsError, match="no readable file of API keys"):
        KeyFile(path).find(key)
