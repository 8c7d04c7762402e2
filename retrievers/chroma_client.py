"""Opens Chroma, embedded or on a server: no telemetry, no traces, no downloads.

Everything is spelt out, so that neither the environment nor a file named ``.env``
decides it. ``chromadb`` is imported where it is first used: it takes a second, which a
command that explains nothing, or finds no index, need not wait for.
"""

from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from recx_agent.retrievers.chroma_faults import told
from recx_agent.settings import RetrieverSettings

if TYPE_CHECKING:
    from chromadb.api.client import Client

# Chroma shares what it opened by path and counts the users of it, without a lock.
_opening = threading.Lock()

_NOTHING_GOES_OUT: dict[str, Any] = {
    "_env_file": None,
    "anonymized_telemetry": False,
    "allow_reset": False,
    "chroma_product_telemetry_impl": "chromadb.telemetry.product.posthog.Posthog",
    "chroma_otel_collection_endpoint": "",
}


@dataclass(frozen=True)
class Server:
    """A Chroma server, and as whom it is spoken to.

    Attributes
    ----------
    url : str
        Such as ``http://localhost:8000``.
    tenant, database : str
    timeout : float
        Seconds that one request may take.
    headers : mapping of str to str
        Sent with each request; not shown.
    """

    url: str
    tenant: str
    database: str
    timeout: float
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, settings: RetrieverSettings) -> Server | None:
        """The server of the settings, ``None`` if Chroma is embedded."""
        if settings.url is None:
            return None
        token = None if settings.token is None else settings.token.get_secret_value()
        return cls(
            url=settings.url,
            tenant=settings.tenant,
            database=settings.database,
            timeout=settings.timeout_seconds,
            headers=(("Authorization", f"Bearer {token}"),) if token else (),
        )

    def __repr__(self) -> str:
        return f"Server({self.url!r}, {self.tenant!r}, {self.database!r})"


def open_folder(folder: Path) -> Client:
    """Open, or make, the Chroma files in a folder.

    Raises
    ------
    StoreDamaged
    """
    with told(), _opening:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        chosen = {
            **_NOTHING_GOES_OUT,
            "chroma_api_impl": "chromadb.api.rust.RustBindingsAPI",
            "migrations": "apply",
        }
        try:
            client = chromadb.PersistentClient(path=str(folder), settings=Settings(**chosen))
        except BaseException:
            # Chroma keeps what it could not open, and would give it out for the same path.
            if str(folder) not in SharedSystemClient._identifier_to_refcount:
                SharedSystemClient._identifier_to_system.pop(str(folder), None)
            raise
        return cast("Client", client)


def open_server(server: Server) -> Client:
    """Speak to a server; it has answered, and knows tenant and database, when this returns.

    Raises
    ------
    IndexUnreachable
        It does not answer in time, or is no Chroma server, or refuses.
    """
    with told(server.url, opening=True), _opening:
        from chromadb.config import Settings

        chosen = {
            **_NOTHING_GOES_OUT,
            "chroma_api_impl": "chromadb.api.fastapi.FastAPI",
            # Taken as a whole URL, path included, because of its scheme; the port beside
            # it is asked for all the same.
            "chroma_server_host": server.url,
            "chroma_server_http_port": 8000,
            "chroma_server_headers": dict(server.headers),
        }
        return cast("Client", _timed_client()(server, Settings(**chosen)))


def close(client: Client) -> None:
    """Let go of files and connections.

    Raises
    ------
    StoreDamaged
    """
    with told(), _opening:
        client.close()


def give_memory_back() -> None:
    """Hand freed memory back to the machine.

    glibc keeps what Chroma's library frees, in pieces too small for it to use again: an
    index that is read through would take as much memory as if nothing had been closed.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries have none
        trim(0)


@cache
def _timed_client() -> Any:
    """What ``chromadb.HttpClient`` makes, but no request of it waits for ever."""
    from chromadb.api.client import Client
    from chromadb.api.fastapi import FastAPI
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.auth import UserIdentity
    from httpx import Timeout

    class TimedClient(Client):
        def __init__(self, server: Server, settings: Any) -> None:
            self._timeout = Timeout(server.timeout)
            try:
                super().__init__(server.tenant, server.database, settings)
            except BaseException:
                if hasattr(self, "_server"):
                    cast(FastAPI, self._server)._session.close()
                raise

        def get_user_identity(self) -> UserIdentity:
            # The first request of all: there is no session before the one it is made with.
            cast(FastAPI, self._server)._session.timeout = self._timeout
            return super().get_user_identity()

        def _validate_tenant_database(self, tenant: str, database: str) -> None:
            # Chroma's own asks through a second connection, which would wait for ever.
            self._server.get_tenant(name=tenant)
            self._server.get_database(name=database, tenant=tenant)

        def close(self) -> None:
            session, system = cast(FastAPI, self._server)._session, self._system
            super().close()
            session.close()
            shared = SharedSystemClient._identifier_to_system
            for name in [name for name, known in shared.items() if known is system]:
                del shared[name]  # Chroma forgets the name it gave its second connection

    return TimedClient
