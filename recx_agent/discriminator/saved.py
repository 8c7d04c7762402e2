"""A trained discriminator in a folder: safetensors and a manifest, no pickle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from recx_agent.artefacts import new_folder, read_manifest, write_manifest
from recx_agent.discriminator.manner import Vocabulary
from recx_agent.discriminator.network import Network, Shape
from recx_agent.errors import ArtefactDamaged, ArtefactVersion

FORMAT_VERSION = 1
WEIGHTS = "network.safetensors"
REMEDY = "train it again with 'recx discriminator train'"


def save(folder: Path, network: Network, vocabulary: Vocabulary, notes: Mapping[str, Any]) -> None:
    """Write the folder, whole or not at all.

    Raises
    ------
    WriteFailed
        There is no room or no permission, or the folder holds something already.
    """
    with new_folder(folder) as scratch:
        save_file(
            {name: t.contiguous() for name, t in network.state_dict().items()}, scratch / WEIGHTS
        )
        content = {**notes, "shape": network.shape.as_dict(), "vocabulary": vocabulary.words}
        write_manifest(scratch, FORMAT_VERSION, {"kind": "discriminator", **content})


def load(folder: Path) -> tuple[Network, Vocabulary, dict[str, Any]]:
    """Read network, vocabulary and manifest, every file checked.

    Raises
    ------
    ArtefactDamaged
        Something is missing, or not as it was written.
    ArtefactVersion
        It was written by another format version.
    """
    with _reworded():
        manifest = read_manifest(folder, FORMAT_VERSION)
    if manifest.get("kind") != "discriminator":
        raise ArtefactDamaged(folder, "this is no discriminator", REMEDY)
    try:
        vocabulary = Vocabulary(manifest["vocabulary"])
        network = Network(Shape(**manifest["shape"]))
        network.load_state_dict(load_file(folder / WEIGHTS))
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError, OSError) as error:
        raise ArtefactDamaged(folder, f"its parts do not fit ({error})", REMEDY) from error
    finite = all(bool(torch.isfinite(tensor).all()) for tensor in network.state_dict().values())
    if not finite or len(vocabulary) != network.shape.words:
        raise ArtefactDamaged(folder, "its parts do not fit", REMEDY)
    network.eval()
    return network, vocabulary, manifest


@contextmanager
def _reworded() -> Iterator[None]:
    """Tell a discriminator's remedy in the place of a model's."""
    try:
        yield
    except ArtefactDamaged as error:
        raise ArtefactDamaged(error.path, error.problem, REMEDY) from error
    except ArtefactVersion as error:
        raise ArtefactVersion(error.path, error.found, error.wanted, REMEDY) from error
