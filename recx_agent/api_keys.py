"""The file of API keys: each is printed once, and kept as a salted hash."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock

from recx_agent.artefacts import write_atomic
from recx_agent.errors import NotSignedIn, SettingsError
from recx_agent.settings import Settings

FILE_NAME = "keys.json"
PREFIX = "recx_"
_FORMAT = 1
_ID_BYTES = 4
_SECRET_BYTES = 32
_SALT_BYTES = 16
_WAIT = 10.0  # seconds for another process that writes the file

Scope = Literal["recommend", "feedback", "own-data", "users", "operate", "audit"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What a key, or a user's token, can allow.

``recommend``: recommendations, explanations, comparisons, what-ifs, the profile, tools, chat;
``feedback``: feedback and events; ``own-data``: export and erasure of the user himself;
``users``: export and erasure of any user; ``operate``: metrics and reload; ``audit``: prompts
and rejected texts.
"""


def known_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes as the operator gave them.

    Raises
    ------
    SettingsError
        There are none, or there is no such scope.
    """
    given = frozenset(scopes)
    wrong = sorted(given - frozenset(SCOPES))
    if wrong or not given:
        said = f"there is no scope {wrong[0]!r}" if wrong else "no scope is given"
        raise SettingsError(f"{said}; there are {', '.join(SCOPES)}")
    return given


@dataclass(frozen=True)
class ApiKey:
    """A key, without what is secret of it.

    Attributes
    ----------
    id : str
        Part of the key, for limits and logs.
    name : str
        The operator's word for whoever uses it.
    scopes : tuple of str
    user_id : str or None
        The user it stands for; a program's stands for none.
    made, expires : str
        ISO, UTC; ``expires`` is ``None`` for a key that is good until it is removed.
    salt, digest : str
        Hexadecimal; ``digest`` is SHA-256 of the salt and the secret part. A slow hash is for
        passwords: nobody guesses 256 random bits.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    user_id: str | None
    made: str
    expires: str | None
    salt: str
    digest: str

    def fits(self, secret: str) -> bool:
        """Whether this is the secret part, in constant time."""
        return hmac.compare_digest(_digest(self.salt, secret), self.digest)

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and datetime.fromisoformat(self.expires) <= datetime.now(
            UTC
        )


_NOBODY = ApiKey("", "", (), None, "", None, "00" * _SALT_BYTES, "0" * 64)


class KeyFile:
    """The keys of a file; what another process adds or removes holds at once.

    Parameters
    ----------
    path : Path
        ``keys.json`` of the workspace; read by its owner alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(f".{path.name}.lock")
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, ApiKey] = {}

    def find(self, key: str) -> ApiKey:
        """The key that somebody sent.

        Raises
        ------
        NotSignedIn
            There is no such key, or its time is over.
        SettingsError
            The file cannot be read, or by others than its owner.
        """
        key_id, _, secret = key.removeprefix(PREFIX).partition("_")
        found = self._read().get(key_id) if key.startswith(PREFIX) else None
        # Without a key of that id as much is reckoned, so that time does not tell which there are.
        if not (found or _NOBODY).fits(secret) or found is None:
            raise NotSignedIn("the API key does not hold; ask the operator for one")
        if found.expired:
            raise NotSignedIn("the API key has expired; ask the operator for a new one")
        return found

    def keys(self) -> tuple[ApiKey, ...]:
        """All, oldest first."""
        return tuple(self._read().values())

    def add(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        user_id: str | None = None,
        lifetime: timedelta | None = None,
    ) -> str:
        """Make a key, and return it: it is kept nowhere.

        Raises
        ------
        SettingsError
            The name is empty or taken, or there is no such scope.
        WriteFailed
        """
        if not name.strip() or not name.isprintable():
            raise SettingsError("a key needs a name that can be printed, such as 'web-shop'")
        if user_id == "":
            raise SettingsError("the user's id is empty; leave it out for a program's key")
        now = datetime.now(UTC)
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        salt = secrets.token_hex(_SALT_BYTES)
        made = ApiKey(
            id=secrets.token_hex(_ID_BYTES),
            name=name,
            scopes=tuple(sorted(known_scopes(scopes))),
            user_id=user_id,
            made=now.isoformat(timespec="seconds"),
            expires=None if lifetime is None else (now + lifetime).isoformat(timespec="seconds"),
            salt=salt,
            digest=_digest(salt, secret),
        )
        with self._writing():
            keys = self._read()
            if any(key.name == name for key in keys.values()):
                raise SettingsError(
                    f"there is a key {name!r} already; choose another name, or remove that one"
                )
            while made.id in keys:
                made = replace(made, id=secrets.token_hex(_ID_BYTES))
            self._write({**keys, made.id: made})
        return f"{PREFIX}{made.id}_{secret}"

    def remove(self, name: str) -> None:
        """Remove a key; whoever uses it is refused from then on.

        Raises
        ------
        SettingsError
            There is none of that name.
        """
        with self._writing():
            keys = self._read()
            left = {key_id: key for key_id, key in keys.items() if key.name != name}
            if len(left) == len(keys):
                there = ", ".join(repr(key.name) for key in keys.values()) or "none"
                raise SettingsError(f"there is no key {name!r}; there are: {there}")
            self._write(left)

    def remove_of(self, user_id: str) -> int:
        """Remove every key that stands for a user; returns how many there were.

        Copies go too that a writer left who was killed: they have the ids of all.
        """
        if all(key.user_id != user_id for key in self.keys()) and not self._half_written():
            return 0  # a file that cannot be written is in nobody's way
        with self._writing():
            keys = self._read()
            left = {key_id: key for key_id, key in keys.items() if key.user_id != user_id}
            if len(left) < len(keys):
                self._write(left)
            for path in self._half_written():
                path.unlink()
        return len(keys) - len(left)

    def _half_written(self) -> list[Path]:
        """While the lock is held, nobody is at work at any of them."""
        beside = self._path.parent.glob(f".{self._path.name}.*")
        return [path for path in beside if path != self._lock]

    def _writing(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._lock, timeout=_WAIT)

    def _write(self, keys: dict[str, ApiKey]) -> None:
        told = {"format": _FORMAT, "keys": [asdict(key) for key in keys.values()]}
        write_atomic(self._path, json.dumps(told, indent=1) + "\n")  # mode 0600

    def _read(self) -> dict[str, ApiKey]:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return {}
        seen = (state.st_ino, state.st_mtime_ns, state.st_size)
        if seen != self._seen:
            if state.st_mode & 0o077:
                raise SettingsError(
                    f"{self._path}: others than its owner can read it; chmod 600 {self._path}"
                )
            self._keys = self._parsed()
            self._seen = seen
        return self._keys

    def _parsed(self) -> dict[str, ApiKey]:
        try:
            told: Any = json.loads(self._path.read_bytes())
            if told["format"] != _FORMAT:
                raise ValueError(f"format {told['format']!r}, this recx-agent reads {_FORMAT}")
            keys = [ApiKey(**{**key, "scopes": tuple(key["scopes"])}) for key in told["keys"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f"{self._path}: no readable file of API keys ({error}); restore it from a backup, "
                "or remove it and give out new keys"
            ) from error
        return {key.id: key for key in keys}


def keys_file(settings: Settings) -> Path:
    """Where the keys of a workspace are kept."""
    return settings.serve.keys or settings.workspace / FILE_NAME


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + secret.encode("utf-8", "surrogatepass")).hexdigest()
