"""Put first on a program's path: whatever leaves this machine is refused, and written down.

Python imports it when it starts, in every process that the program starts too.
"""

from __future__ import annotations

import os
import sys
from typing import Any

NOTES = os.environ["CLOSED_NETWORK_NOTES"]
HERE = ("127.", "::1", "localhost", "0.0.0.0", "::")
LOOKS_UP = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): libraries cannot go round it by another name of a function."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a Unix socket
    elif event in LOOKS_UP:
        host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host.startswith(HERE):
        return
    with open(NOTES, "a", encoding="utf-8") as notes:
        notes.write(f"{event} {host} from {sys.argv[:2]}\n")
    raise OSError(f"closed network: {event} {host}")


sys.addaudithook(refuse)
