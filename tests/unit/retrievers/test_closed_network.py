"""Nothing goes out: no telemetry, no trace, no download of an embedding model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers.chroma_store import ChromaStore

WATCHED = """
import os, sys
from pathlib import Path

seen = []
def watch(event, arguments):
    if event == "socket.gethostname":  # asks this machine alone
        return
    if event.startswith("socket.") or event == "urllib.Request":
        seen.append((event, str(arguments)))
sys.addaudithook(watch)

from recx_agent.datasets import Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever

folder, data, model, control = sys.argv[1:]
dataset, model = Dataset.load(Path(data)), FactorModel.load(Path(model))
ChromaIndex(folder).build(dataset, model)
retriever = ChromaRetriever(folder, model.fingerprint)
ids = [event.id for event in dataset.describe_terms(1)]
assert len(retriever.fetch("u1", ids).events) == len(ids) > 0
import socket
if control == "control":
    kept = socket.socket()
asked = sorted({event for event, _ in seen})
# What Chroma's own library opens, below Python, shows here. It talks to itself through
# a pair of Unix sockets; any other family would lead out.
opened, families = [], set()
for fd in os.listdir("/proc/self/fd"):
    name = os.path.realpath(f"/proc/self/fd/{fd}")
    opened.append(name)
    if "socket:" in name:
        with socket.socket(fileno=os.dup(int(fd))) as found:
            families.add(found.family.name)
assert any("chroma.sqlite3" in name for name in opened)
print(asked, sorted(families))
"""


@pytest.mark.parametrize(
    ("control", "wanted"),
    [
        ("no", "[] ['AF_UNIX']\n"),
        ("control", "['socket.__new__'] ['AF_INET', 'AF_UNIX']\n"),
    ],
)
def test_no_socket_is_opened(
    control: str, wanted: str, sample: Dataset, model: FactorModel, tmp_path: Path
) -> None:
    sample.save(tmp_path / "data")
    model.save(tmp_path / "model")
    arguments = [str(tmp_path / name) for name in ("evidence", "data", "model")]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments, control],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, wanted), done.stderr


def test_neither_the_environment_nor_a_file_switches_it_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched = {
        "ANONYMIZED_TELEMETRY": "True",
        "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://collector.invalid:4317",
        "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
        "ALLOW_RESET": "TRUE",
    }
    (tmp_path / ".env").write_text("".join(f"{k}={v}\n" for k, v in switched.items()))
    monkeypatch.chdir(tmp_path)
    for name, value in switched.items():
        monkeypatch.setenv(name, value)
    with ChromaStore.in_folder(tmp_path / "store") as store, store.client() as client:
        settings = client._system.settings
    assert settings.anonymized_telemetry is False
    assert settings.allow_reset is False
    assert settings.chroma_otel_collection_endpoint == ""
    assert settings.chroma_api_impl == "chromadb.api.rust.RustBindingsAPI"
