"""Who asks, and what he may: for every server alike.

::

    caller    who it is, and his scopes
    tokens    users' tokens, signed and expiring
    keys      API keys of programs, kept as salted hashes
    gate      a caller from the credentials of a request
    pseudonym a user in logs and limits, without his id

A user is the subject of a verified token, the one an API key was made for, or the operator's
``serve.local_user``. Nothing else that comes with a request says who it is from.
"""

from __future__ import annotations

from recx_agent.serve.identity.caller import SCOPES, USER_SCOPES, Caller, Scope
from recx_agent.serve.identity.gate import Gate
from recx_agent.serve.identity.keys import ApiKey, KeyRing, keys_file
from recx_agent.serve.identity.tokens import Tokens

__all__ = [
    "SCOPES",
    "USER_SCOPES",
    "ApiKey",
    "Caller",
    "Gate",
    "KeyRing",
    "Scope",
    "Tokens",
    "keys_file",
]
