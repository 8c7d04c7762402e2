"""Run by the interpreter that has vLLM, which may be another one than ours.

``launcher.py probe MODEL`` tells on stdout, in JSON, what is there: vLLM, the device, and
whether the model can be had from its hub. ``launcher.py serve PARENT FLAGS…`` becomes the
server. It needs nothing but the standard library, as recx-agent need not be installed there.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import json
import os
import signal
import sys
from typing import Any

# Not the command "vllm": that of some distributions looks for metadata they do not have.
SERVER = "vllm.entrypoints.openai.api_server"
_PR_SET_PDEATHSIG = 1


def probe(model: str) -> dict[str, Any]:
    """What this interpreter has; ``model`` is a hub id, or empty where none is needed."""
    found: dict[str, Any] = {"python": sys.executable, "vllm": None}
    if importlib.util.find_spec("vllm") is None:
        return found
    owners = importlib.metadata.packages_distributions().get("vllm", ["vllm"])
    found["vllm"] = importlib.metadata.version(owners[0])
    found |= _devices()
    if model:
        found["hub"] = _on_the_hub(model)
    return found


def _devices() -> dict[str, Any]:
    try:
        import torch
    except Exception as error:  # noqa: BLE001 - a broken build raises whatever it likes
        return {"device": "none", "trouble": f"PyTorch cannot be imported: {error}"}
    if not torch.cuda.is_available():  # those of AMD answer to this name too
        return {"device": "cpu"}
    gpus = range(torch.cuda.device_count())
    memory = [torch.cuda.get_device_properties(number).total_memory for number in gpus]
    return {"device": "gpu", "memory": memory}


def _on_the_hub(model: str) -> str:
    """Nothing if the model's configuration is had, from the cache or the hub; else why not."""
    try:
        from huggingface_hub import hf_hub_download

        hf_hub_download(model, "config.json")
    except Exception as error:  # noqa: BLE001 - of the hub, the network, the disk
        return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
    return ""


def serve(parent: int, flags: list[str]) -> None:
    """Become the server; it ends when the process that started it does."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it has ended meanwhile
            sys.exit(1)
    os.execv(sys.executable, [sys.executable, "-m", SERVER, *flags])


if __name__ == "__main__":
    task, argument, *rest = sys.argv[1:]
    if task == "probe":
        print(json.dumps(probe(argument)))  # noqa: T201 - read by whoever started this
    else:
        serve(int(argument), rest)
