"""A small recurrent network that tells explanations written by people from generated ones.

Generator and discriminator of adversarial networks (Goodfellow et al. 2014, section 3), with
the language model as a generator that stays as it is: the discriminator is trained once and
then chooses among several verified texts. It judges manner: names and numbers are masked, and
what a text may say is the verifier's affair alone.

pairs → manner (words, masked) → network (embedding, GRU) → training → held-out figures
(:mod:`~recx_agent.discriminator.judging`) → a folder without pickle
(:mod:`~recx_agent.discriminator.saved`) → :class:`Discriminator`, which chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recx_agent.discriminator.chooser import (
        Discriminator,
        held_out_users,
        load_discriminator,
        need_torch,
    )
    from recx_agent.discriminator.training import train

__all__ = ["Discriminator", "held_out_users", "load_discriminator", "need_torch", "train"]


def __getattr__(name: str) -> Any:
    """Import on first use: PyTorch is large, and an extra."""
    if name in ("Discriminator", "held_out_users", "load_discriminator", "need_torch"):
        from recx_agent.discriminator import chooser

        return getattr(chooser, name)
    if name == "train":
        from recx_agent.discriminator.training import train

        return train
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
