"""Language models, and the discriminator that chooses among their drafts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recx_agent.errors import SettingsError
from recx_agent.llms import open_chat_model
from recx_agent.protocols import (
    ChatModel,
    Chooser,
    Progress,
)
from recx_agent.settings import (
    LlmSettings,
)

if TYPE_CHECKING:
    from recx_agent.llms.endpoint_check import Finding


def make_chat_model(settings: LlmSettings) -> ChatModel:
    """The language model of the settings.

    Raises
    ------
    SettingsError
        None is set.
    """
    model = open_chat_model(settings)
    if model is None:
        raise SettingsError("no language model: set llm.base_url, such as http://localhost:8000/v1")
    return model


def check_chat_endpoint(settings: LlmSettings) -> AsyncIterator[Finding]:
    """Ask the endpoint of a language model for what explanations need of it.

    Raises
    ------
    SettingsError
        There is no address, or a package is missing.
    """
    from recx_agent.llms.endpoint_check import check_endpoint

    return check_endpoint(settings)


def make_chooser(folder: Path) -> Chooser:
    """The discriminator that chooses among drafts.

    Raises
    ------
    SettingsError, ArtefactDamaged, ArtefactVersion
        PyTorch is missing, or the folder holds no discriminator that can be used.
    """
    from recx_agent.discriminator import load_discriminator

    return load_discriminator(folder)


def held_out_users(folder: Path) -> Callable[[str], bool]:
    """Of which users a discriminator has seen nothing.

    Raises
    ------
    SettingsError, ArtefactDamaged, ArtefactVersion
        See :func:`make_chooser`.
    """
    from recx_agent.discriminator import held_out_users

    return held_out_users(folder)


def train_discriminator(
    data: Path, folder: Path, *, epochs: int, seed: int, progress: Progress | None = None
) -> dict[str, Any]:
    """Train a discriminator; see :func:`recx_agent.discriminator.training.train`.

    Raises
    ------
    SettingsError, DataError, WriteFailed
    """
    from recx_agent.discriminator import need_torch, train

    need_torch()
    return train(data, folder, epochs=epochs, seed=seed, progress=progress)
