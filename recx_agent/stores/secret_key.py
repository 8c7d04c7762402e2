"""The key of the keyed hashes: whoever has the store alone cannot test ids against it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from recx_agent.artefacts import write_atomic
from recx_agent.errors import UserStoreDamaged, UserStoreError

_BYTES = 32
_CHECKED = b"recx-agent tombstones"


def read_key(path: Path) -> bytes | None:
    """Read the key; ``None`` if there is none.

    Raises
    ------
    UserStoreDamaged
        The file holds something else.
    UserStoreError
        It cannot be read.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except OSError as error:
        words = f"it cannot be read ({error.strerror}); run as the owner of the workspace"
        raise UserStoreError(path, words) from error
    except ValueError as error:
        raise UserStoreDamaged(path, "this is no key") from error
    if len(key) != _BYTES:
        raise UserStoreDamaged(path, "this is no key")
    return key


def make_key(path: Path) -> bytes:
    """Make a random key; its file can be read by its owner alone."""
    key = secrets.token_bytes(_BYTES)
    # A file of write_atomic is its owner's alone from the first moment.
    write_atomic(path, key.hex() + "\n")
    return key


def keyed_hash(key: bytes, user_id: str) -> str:
    """HMAC-SHA256 (RFC 2104) of an id, in hexadecimal digits."""
    return hmac.digest(key, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()


def key_check(key: bytes) -> str:
    """What tells this key from another one, and nothing else."""
    return hashlib.sha256(_CHECKED + key).hexdigest()
