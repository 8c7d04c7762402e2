"""Chooses where an index is, by the settings."""

from __future__ import annotations

from pathlib import Path

from recx_agent.retrievers.chroma_client import Server
from recx_agent.retrievers.folder_place import FolderPlace
from recx_agent.retrievers.index_place import IndexPlace
from recx_agent.retrievers.server_place import ServerPlace
from recx_agent.settings import RetrieverSettings


def place_of(folder: Path, settings: RetrieverSettings) -> IndexPlace:
    """The server of the settings, else the folder."""
    server = Server.of(settings)
    if server is None:
        return FolderPlace(folder)
    return ServerPlace(server, settings.index_name, folder)
