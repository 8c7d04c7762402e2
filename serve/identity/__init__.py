"""Who asks, and what he may: for every server alike.

::

    caller    who it is, and his scopes
    tokens    users' tokens, signed and expiring
    gate      a caller from the credentials of a request
    pseudonym a user in logs and limits, without his id

A user is the subject of a verified token, the one an API key was made for, or the operator's
``serve.local_user``. Nothing else that comes with a request says who it is from. The keys are
those of :mod:`recx_agent.api_keys`.
"""

from __future__ import annotations

from recx_agent.api_keys import SCOPES, Scope
from recx_agent.serve.identity.caller import USER_SCOPES, Caller
from recx_agent.serve.identity.gate import Gate
from recx_agent.serve.identity.tokens import Tokens

__all__ = [
    "SCOPES",
    "USER_SCOPES",
    "Caller",
    "Gate",
    "Scope",
    "Tokens",
]
