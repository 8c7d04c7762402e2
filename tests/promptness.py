"""How soon after a deadline an answer has to be there, in a test.

The promise is :data:`PROMISED` at p95 of a machine that is free to answer. A test shares its
processor with other programs, so none hangs on a single measured time being so short.
"""

PROMISED = 0.1
"""Seconds after the deadline."""
LATE = 10.0
"""Seconds that other programs may take; whoever does not heed his deadline takes longer."""
