"""What is kept of a training after each epoch, to go on with after an interruption."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from recx_agent.artefacts import new_folder, read_manifest, write_manifest
from recx_agent.discriminator.network import Network
from recx_agent.errors import ArtefactError

_FORMAT = 1
_PARTS = ("now", "best")


class Checkpoint:
    """The state of a training, in a folder with one folder for each epoch.

    Parameters
    ----------
    folder : Path
        Beside that of the result; removed when the training is done.
    task : dict
        What is trained, of which file and how: the state of another task is dropped.
    """

    def __init__(self, folder: Path, task: dict[str, Any]) -> None:
        self.folder, self.task = folder, task
        self._best: dict[str, torch.Tensor] = {}
        self._lowest = float("inf")

    def restore(self, network: Network, optimiser: torch.optim.Optimizer) -> int:
        """Bring network and optimiser to where the training stood; how many epochs are done."""
        for place in sorted(self.folder.glob("epoch-*"), reverse=True):
            try:
                manifest = read_manifest(place, _FORMAT)
            except ArtefactError:
                continue  # it was interrupted, or damaged: an earlier one will do
            if manifest["task"] == self.task:
                self._take(place, network, optimiser)
                self._lowest = float(manifest["lowest"])
                return int(manifest["epoch"])
        shutil.rmtree(self.folder, ignore_errors=True)
        return 0

    def _take(self, place: Path, network: Network, optimiser: torch.optim.Optimizer) -> None:
        now, self._best = (load_file(place / f"{part}.safetensors") for part in _PARTS)
        own = {name for name in now if name.startswith("network.")}
        network.load_state_dict({name.removeprefix("network."): now[name] for name in own})
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for name in now.keys() - own:
            number, _, field = name.removeprefix("optimiser.").partition(".")
            moments.setdefault(int(number), {})[field] = now[name]
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def keep(
        self, network: Network, optimiser: torch.optim.Optimizer, epoch: int, loss: float
    ) -> None:
        """Keep the state after an epoch, and the network if none was better before.

        Raises
        ------
        WriteFailed
            There is no room or no permission; what was kept before stays.
        """
        weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        if loss < self._lowest:
            self._best, self._lowest = weights, loss
        moments = {
            f"optimiser.{number}.{field}": tensor.contiguous()
            for number, fields in optimiser.state_dict()["state"].items()
            for field, tensor in fields.items()
        }
        place = self.folder / f"epoch-{epoch:04}"
        shutil.rmtree(place, ignore_errors=True)
        with new_folder(place) as scratch:
            now = {f"network.{name}": tensor for name, tensor in weights.items()}
            save_file({**now, **moments}, scratch / "now.safetensors")
            save_file(self._best, scratch / "best.safetensors")
            notes = {"task": self.task, "epoch": epoch, "lowest": self._lowest}
            write_manifest(scratch, _FORMAT, notes)
        for earlier in self.folder.glob("epoch-*"):
            if earlier.name < place.name:
                shutil.rmtree(earlier, ignore_errors=True)

    def restore_best(self, network: Network) -> None:
        """Give the network the weights with the lowest validation loss."""
        network.load_state_dict(self._best)
