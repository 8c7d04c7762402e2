"""MCP over standard input and output, for one user."""

from __future__ import annotations

import anyio
from mcp.server.stdio import stdio_server

from recx_agent.errors import SettingsError
from recx_agent.serve.identity import Gate
from recx_agent.serve.mcp.answering import Answering, WhoAsks
from recx_agent.serve.mcp.server import make_server


def one_user(gate: Gate, user_id: str | None, token: str | None) -> WhoAsks:
    """Who asks over stdio: whom the operator names, or the subject of a token.

    A token is read again for each message, so that one that has expired ends the session.

    Raises
    ------
    SettingsError
        Neither is there, or both.
    NotSignedIn, Forbidden
        The token does not hold now, or stands for no user.
    """
    if (user_id is None) == (token is None):
        raise SettingsError(
            "say once whom it is for: --user ID, or a user's token in RECX_MCP__TOKEN"
        )
    if user_id is not None:
        local = gate.local(user_id)
        return lambda _: local
    authorization = f"Bearer {token}"
    gate.caller(authorization, None).user()
    return lambda _: gate.caller(authorization, None)


def serve_stdio(answering: Answering) -> None:
    """Answer until standard input is closed.

    While it serves nothing else reaches standard output: what a library prints goes to stderr.
    """

    async def serve() -> None:
        server = make_server(answering)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)
