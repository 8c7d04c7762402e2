"""What every server needs while it runs, without any HTTP.

::

    holder    the workspace that answers, and another one in its place without a dropped request
    turns     as many requests at once as there are threads, and as many waiting as may
    limits    how often a caller may ask
    meters    what Prometheus reads
    traces    OpenTelemetry, if it is switched on
    logs      lines of JSON without personal data
    memory    what the garbage collector need not look at
    service   all of it in one: what routes and tools ask
    reloading, serving   with uvicorn: signals, a shutdown that lets requests finish
"""

from __future__ import annotations

from recx_agent.serve.running.holder import Holder, Reloaded
from recx_agent.serve.running.limits import CallerLimits
from recx_agent.serve.running.meters import Meters
from recx_agent.serve.running.service import Service
from recx_agent.serve.running.turns import Turns

__all__ = ["CallerLimits", "Holder", "Meters", "Reloaded", "Service", "Turns"]
