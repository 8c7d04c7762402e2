"""A user in logs and limits, without his id."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from recx_agent.artefacts import write_atomic
from recx_agent.errors import SettingsError

KEY_NAME = "serve.key"
_BYTES = 32
_DIGITS = 16


class Pseudonyms:
    """Keyed hashes of user ids: HMAC-SHA256 (RFC 2104), 64 bits of it.

    Parameters
    ----------
    key : bytes
        Without it nobody can test ids against the logs.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, workspace: Path) -> Pseudonyms:
        """With the key of a workspace, which is made the first time.

        Raises
        ------
        SettingsError
            The file is there and holds no key, or cannot be read.
        WriteFailed
            It cannot be made.
        """
        path = workspace / KEY_NAME
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            key = secrets.token_bytes(_BYTES)
            write_atomic(path, key.hex() + "\n")  # its owner's alone from the first moment
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"{path}: this is no key that can be read; remove it, and another one is made: "
                "users then have other pseudonyms in the logs"
            ) from error
        if len(key) != _BYTES:
            raise SettingsError(f"{path}: this is no key; remove it, and another one is made")
        return cls(key)

    def of_user(self, user_id: str) -> str:
        """The pseudonym of a user: the same in every log of this workspace."""
        return self._hash("user", user_id)

    def of_address(self, address: str) -> str:
        """The pseudonym of an address in the network."""
        return self._hash("address", address)

    def _hash(self, kind: str, text: str) -> str:
        told = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:_DIGITS]
