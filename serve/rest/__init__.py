"""The REST service: one route a method of ``Recx``, and no logic of its own.

::

    app        the application: doors, routes, problems
    door       request ids, hosts, credentials, limits, sizes: before a route sees a request
    asked      what a route is handed: who asks, and the core
    bodies     what is sent, with examples; what comes back is recx_agent.schemas
    problems   errors as RFC 9457 problem details: one table
    routes_…   the routes
    document   OpenAPI, with an example of every answer
"""
