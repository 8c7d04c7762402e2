from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pydantic import ValidationError

from recx_agent.errors import NotSignedIn, SettingsError
from recx_agent.serve.identity import Tokens
from recx_agent.settings import TokenSettings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"
HOUR = timedelta(hours=1)


def tokens(**settings: Any) -> Tokens:
    return Tokens(TokenSettings(**{"secret": SECRET, **settings}))


def claims(**changed: Any) -> dict[str, Any]:
    """Those of a good token; ``None`` takes one away."""
    good = {"sub": "alice", "aud": "recx-agent", "exp": time.time() + 60, "scope": "recommend"}
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(secret: str = SECRET, algorithm: str = "HS256", **changed: Any) -> str:
    return jwt.encode(claims(**changed), secret, algorithm=algorithm)


def test_what_is_minted_is_read() -> None:
    token = tokens().mint("Ælice 4711", ["recommend", "feedback"], HOUR)
    assert tokens().read(token) == ("Ælice 4711", frozenset({"recommend", "feedback"}))


def test_scopes_that_do_not_exist_are_passed_over() -> None:
    assert tokens().read(signed(scope="recommend admin openid"))[1] == {"recommend"}
    assert tokens().read(signed(scope=None))[1] == set()


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": time.time() - 60},
    "no exp": {"exp": None},
    "exp is no number": {"exp": "soon"},
    "no sub": {"sub": None},
    "empty sub": {"sub": ""},
    "sub too long": {"sub": "x" * 513},
    "no aud": {"aud": None},
    "another aud": {"aud": "another-service"},
    "not yet": {"nbf": time.time() + 86_400},
    "from the future": {"iat": time.time() + 86_400},
    "scope is a list": {"scope": ["users"]},
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_a_token_that_does_not_hold_is_refused(name: str) -> None:
    tokens().read(signed())  # the same token without the fault
    with pytest.raises(NotSignedIn, match=r"^the token (does not hold|has expired); sign in"):
        tokens().read(signed(**BAD_CLAIMS[name]))


def test_a_forged_token_is_refused() -> None:
    good = signed()
    head, body, signature = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims(sub="bob")).encode()).decode().rstrip("=")
    unsigned = jwt.encode(claims(), "", algorithm="none")
    for token in (
        signed(secret="another secret, which is as long as that one of the operator"),
        f"{head}.{other}.{signature}",
        f"{head}.{body}.",
        unsigned,
        unsigned.rstrip("."),
        signed(algorithm="HS512"),
        "",
        "no token",
        "a.b.c",
        "\ud800.\ud800.\ud800",
    ):
        with pytest.raises(NotSignedIn):
            tokens().read(token)


def test_a_header_of_nested_lists_is_no_crash() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 6000).decode().rstrip("=")
    for token in (f"{deep}.{deep}.{deep}", f"{deep * 2}.e30.e30"):
        with pytest.raises(NotSignedIn):
            tokens().read(token)


def test_the_error_has_nothing_of_the_token() -> None:
    token = signed(sub="alice", exp=1)
    with pytest.raises(NotSignedIn) as caught:
        tokens().read(token)
    assert "alice" not in str(caught.value) and token[:10] not in str(caught.value)


def test_clocks_may_differ_by_the_leeway() -> None:
    late = signed(exp=time.time() - 20)
    assert tokens(leeway_seconds=60).read(late)[0] == "alice"
    with pytest.raises(NotSignedIn):
        tokens(leeway_seconds=0).read(late)


def test_the_issuer_counts_where_one_is_set() -> None:
    ours = tokens(issuer="https://id.example")
    assert ours.read(ours.mint("alice", ["recommend"], HOUR))[0] == "alice"
    for other in (None, "https://id.example.evil"):
        with pytest.raises(NotSignedIn):
            ours.read(signed(iss=other))


KINDS: dict[str, Any] = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def pems(private: Any) -> tuple[bytes, bytes]:
    return (
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


@pytest.mark.parametrize("algorithm", KINDS)
def test_tokens_of_a_key_pair(algorithm: str, tmp_path: Path) -> None:
    private, public = pems(KINDS[algorithm]())
    path = tmp_path / "public.pem"
    path.write_bytes(public)
    reading = Tokens(TokenSettings(algorithm=algorithm, public_key=path))
    assert reading.read(jwt.encode(claims(), private, algorithm=algorithm))[0] == "alice"

    # The old trick: the public key, which anybody may have, as the secret of an HMAC.
    pieces = [{"alg": "HS256", "typ": "JWT"}, claims(sub="bob")]
    told = b".".join(
        base64.urlsafe_b64encode(json.dumps(piece).encode()).rstrip(b"=") for piece in pieces
    )
    mac = jwt.get_algorithm_by_name("HS256").sign(told, public)
    forged = (told + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()
    foreign = jwt.encode(claims(), pems(KINDS[algorithm]())[0], algorithm=algorithm)
    for token in (forged, foreign, signed()):
        with pytest.raises(NotSignedIn):
            reading.read(token)
    with pytest.raises(SettingsError, match="whoever has the private key makes the tokens"):
        reading.mint("alice", ["recommend"], HOUR)


def test_a_key_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    settings = TokenSettings(algorithm="RS256", public_key=path)
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        Tokens(settings)
    private, _ = pems(KINDS["RS256"]())
    path.write_bytes(private)
    with pytest.raises(SettingsError, match="this is a private key"):
        Tokens(settings)
    for content in (b"nothing", pems(KINDS["ES256"]())[1]):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="no public key for RS256 in PEM form"):
            Tokens(settings)


def test_without_a_key_no_token_is_taken() -> None:
    nothing = Tokens(TokenSettings())
    assert not nothing.taken
    with pytest.raises(NotSignedIn, match="no tokens are taken here"):
        nothing.read(signed())
    with pytest.raises(SettingsError, match=r"set serve\.tokens\.secret"):
        nothing.mint("alice", ["recommend"], HOUR)


def test_what_cannot_be_minted() -> None:
    for user_id, scopes, lifetime, words in (
        ("alice", ["recommend", "admin"], HOUR, "there is no scope 'admin'"),
        ("alice", [], HOUR, "no scope is given"),
        ("", ["recommend"], HOUR, "a user's id has 1 to 512 characters"),
        ("alice", ["recommend"], timedelta(0), "more than 0 minutes"),
    ):
        with pytest.raises(SettingsError, match=words):
            tokens().mint(user_id, scopes, lifetime)


def test_settings_that_contradict_are_refused(tmp_path: Path) -> None:
    for settings, words in (
        ({"secret": "x" * 31}, "shorter than 32 bytes"),
        ({"algorithm": "none"}, "Input should be 'HS256'"),
        ({"public_key": tmp_path}, "public_key is of RS256"),
        ({"algorithm": "RS256", "secret": SECRET}, "secret is of HS256"),
    ):
        with pytest.raises(ValidationError, match=words) as caught:
            TokenSettings.model_validate(settings)
        assert SECRET not in str(caught.value)
