"""Doors for other programs, built on the facade; none yet."""
