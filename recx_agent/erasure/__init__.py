"""Erases a user from everything a workspace holds.

::

    places      what holds something of users, in the order in which it is cleaned
    forgetting  forget, lift, and an erasure that was cut short taken up again
    remains     what is not erased, by design
"""

from __future__ import annotations

from recx_agent.erasure.forgetting import (
    complete_pending,
    erased_among,
    forget,
    forget_again,
    lift,
)

__all__ = ["complete_pending", "erased_among", "forget", "forget_again", "lift"]
