"""Addresses of servers."""

from __future__ import annotations

from urllib.parse import urlsplit


def http_url(url: str, whose: str) -> str:
    """Check an address, and take the last slash off.

    Raises
    ------
    ValueError
        It is none of an HTTP server, or has a secret in it.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise ValueError(f"not http(s)://host:port of {whose}")
    return url.rstrip("/")
