"""API keys of programs, and what each may do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from recx_agent.api_keys import PREFIX, ApiKey, KeyFile, keys_file
from recx_agent.serve.identity.caller import known_scopes

__all__ = ["PREFIX", "ApiKey", "KeyRing", "keys_file"]


class KeyRing(KeyFile):
    """The keys of a file, with scopes that there are."""

    def add(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        user_id: str | None = None,
        lifetime: timedelta | None = None,
    ) -> str:
        """Make a key, and return it: it is kept nowhere.

        Raises
        ------
        SettingsError
            The name is empty or taken, or there is no such scope.
        WriteFailed
        """
        return super().add(name, known_scopes(scopes), user_id=user_id, lifetime=lifetime)
