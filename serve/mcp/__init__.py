"""The tools as an MCP server.

::

    offers     the tools as MCP lists them: arguments, structured answers, hints
    structure  what of a record a client is given
    answering  one call: who asks, what may be told, in a thread
    server     the two requests that are answered: list and call
    stdio      for one user, beside the assistant
    http       streamable HTTP, for many users
    sign_in    who asks over HTTP
    resource   where his client gets a token
    metering   what Prometheus reads of it
"""
