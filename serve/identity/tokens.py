"""Users' tokens: JWT (RFC 7519), signed by the operator, expiring."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from recx_agent.api_keys import SCOPES, known_scopes
from recx_agent.errors import NotSignedIn, SettingsError
from recx_agent.settings import TokenSettings

_REQUIRED = ("exp", "sub", "aud")
_LONGEST = 8192  # characters; what is longer is not even parsed
_LONGEST_SUBJECT = 512


class Tokens:
    """Reads tokens, and makes them where the secret is here.

    Parameters
    ----------
    settings : TokenSettings

    Raises
    ------
    SettingsError
        The public key cannot be read, or is not one of the algorithm.
    """

    def __init__(self, settings: TokenSettings) -> None:
        self._settings = settings
        self._key = _key(settings)

    @property
    def taken(self) -> bool:
        """Whether there is a key, so that a token can be verified at all."""
        return self._key is not None

    def read(self, token: str) -> tuple[str, frozenset[str]]:
        """The subject of a token, and its scopes; scopes that do not exist are passed over.

        The scopes are the claim ``scope``, divided by spaces (RFC 8693, section 4.2). Of the
        header nothing is used: neither its algorithm nor a key or address in it.

        Raises
        ------
        NotSignedIn
            It is expired, forged, for somebody else, or no token.
        """
        if self._key is None:
            raise NotSignedIn("no tokens are taken here; the operator sets serve.tokens first")
        try:
            if len(token) > _LONGEST or not token.isascii():
                raise jwt.DecodeError
            claims = self._decoded(token)
        except jwt.ExpiredSignatureError as error:
            raise NotSignedIn("the token has expired; sign in again") from error
        # Deeply nested JSON in a header that nobody has signed.
        except (jwt.PyJWTError, RecursionError) as error:
            raise NotSignedIn("the token does not hold; sign in again") from error
        subject, scope = claims["sub"], claims.get("scope", "")
        if not subject or len(subject) > _LONGEST_SUBJECT or not isinstance(scope, str):
            raise NotSignedIn("the token does not hold; sign in again")
        return subject, frozenset(scope.split()) & frozenset(SCOPES)

    def mint(self, user_id: str, scopes: Iterable[str], lifetime: timedelta) -> str:
        """Make a token with the secret of the settings.

        Raises
        ------
        SettingsError
            There is no secret, a scope does not exist, or the id or the lifetime is not usable.
        """
        secret = self._settings.secret
        if secret is None:
            raise SettingsError(
                "there is no secret to sign with: set serve.tokens.secret or "
                "RECX_SERVE__TOKENS__SECRET"
                if self._settings.algorithm == "HS256"
                else f"serve.tokens.algorithm is {self._settings.algorithm}: whoever has the "
                "private key makes the tokens"
            )
        if not 0 < len(user_id) <= _LONGEST_SUBJECT:
            raise SettingsError(f"a user's id has 1 to {_LONGEST_SUBJECT} characters")
        if lifetime <= timedelta(0):
            raise SettingsError("a token must be good for some time; give it more than 0 minutes")
        now = datetime.now(UTC)
        claims = {
            "sub": user_id,
            "aud": self._settings.audience,
            "iat": now,
            "exp": now + lifetime,
            "scope": " ".join(sorted(known_scopes(scopes))),
        }
        if self._settings.issuer is not None:
            claims["iss"] = self._settings.issuer
        return jwt.encode(claims, secret.get_secret_value(), algorithm="HS256")

    def _decoded(self, token: str) -> dict[str, Any]:
        assert self._key is not None
        settings = self._settings
        required = _REQUIRED if settings.issuer is None else (*_REQUIRED, "iss")
        return jwt.decode(
            token,
            self._key,
            algorithms=[settings.algorithm],
            audience=settings.audience,
            issuer=settings.issuer,
            leeway=settings.leeway_seconds,
            options={"require": list(required), "enforce_minimum_key_length": True},
        )


def _key(settings: TokenSettings) -> Any:
    """What signatures are verified with; ``None`` if nothing is set."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.public_key
    if path is None:
        return None
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"serve.tokens.public_key, {path}: cannot be read: {error.strerror}"
        ) from error
    if b"PRIVATE KEY" in pem:
        raise SettingsError(
            f"serve.tokens.public_key, {path}: this is a private key; put the public one here, "
            "which is all that is needed to verify"
        )
    try:
        return jwt.get_algorithm_by_name(settings.algorithm).prepare_key(pem)
    except (jwt.InvalidKeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"serve.tokens.public_key, {path}: no public key for {settings.algorithm} in PEM form"
        ) from error
