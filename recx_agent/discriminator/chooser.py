"""Chooses among texts by how much they read like references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recx_agent.discriminator.manner import Vocabulary, manner_of
from recx_agent.discriminator.pairs import part_of
from recx_agent.errors import SettingsError

if TYPE_CHECKING:
    from recx_agent.discriminator.network import Network


class Discriminator:
    """A trained discriminator; a chooser for a writer that has several texts to choose from.

    Use :func:`load_discriminator`.

    Parameters
    ----------
    network : Network
        Ready to judge, not to train.
    vocabulary : Vocabulary
    name : str
        What identifies it in records and caches.
    """

    def __init__(self, network: Network, vocabulary: Vocabulary, name: str) -> None:
        self._network, self._vocabulary, self._name = network, vocabulary, name

    @property
    def name(self) -> str:
        """``discriminator-`` and the beginning of its checksum."""
        return self._name

    def scores(self, texts: Sequence[str]) -> list[float]:
        """One figure for each text: large where it reads like a reference (a logit).

        Thread-safe. Four texts take a few milliseconds on one CPU core.
        """
        import torch

        from recx_agent.discriminator.network import one_thread

        if not texts:
            return []
        length = self._network.shape.length
        rows = [self._vocabulary.encode(manner_of(text), length) for text in texts]
        with one_thread(), torch.inference_mode():
            found: list[float] = self._network(torch.tensor(rows)).tolist()
        return found


def load_discriminator(folder: Path) -> Discriminator:
    """Read a discriminator that ``recx discriminator train`` wrote.

    Raises
    ------
    SettingsError
        PyTorch is not installed.
    ArtefactDamaged, ArtefactVersion
        The folder cannot be used.
    """
    need_torch()
    from recx_agent.discriminator.saved import WEIGHTS, load

    network, vocabulary, manifest = load(Path(folder))
    name = f"discriminator-{manifest['files'][WEIGHTS][:12]}"
    return Discriminator(network, vocabulary, name)


def held_out_users(folder: Path) -> Callable[[str], bool]:
    """Whether a user's rows were held out: neither learnt from nor used to choose the epoch.

    For users of the file that the discriminator was trained on. Nothing else tells of a choice
    what it is worth: references it has learnt it may know by heart.

    Raises
    ------
    SettingsError, ArtefactDamaged, ArtefactVersion
        As :func:`load_discriminator`.
    """
    need_torch()
    from recx_agent.discriminator.saved import load

    seed = int(load(Path(folder))[2]["task"]["seed"])
    return lambda user_id: part_of(user_id, seed) == "test"


def need_torch() -> None:
    """Say how to get PyTorch where it is missing.

    Raises
    ------
    SettingsError
        PyTorch or safetensors is not installed.
    """
    try:
        import safetensors  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            f"a discriminator needs {error.name}, which is not installed; "
            "pip install 'recx-agent[torch]'"
        ) from error
