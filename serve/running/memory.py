"""What is kept of the garbage collector's time."""

from __future__ import annotations

import gc


def settle() -> None:
    """Have the collector pass over what is there now: a workspace and libraries stay.

    Without it every full collection looks at all of it: with MovieLens 100K a tenth of a second,
    in which nobody is answered, for every hundredth explanation. What was passed over before is
    looked at again now.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
