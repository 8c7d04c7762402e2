"""Where what users say and do is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from recx_agent.settings.section import Section

_WORDS = (
    "not postgresql://user:password@host:port/database; percent-encode what is special in the "
    "password"
)


class UsersSettings(Section):
    """The store of feedback, added events and erased users: SQLite in the workspace, or a server.

    Whoever shares a server's store shares ``tombstone.key`` of the workspace too.
    """

    url: SecretStr | None = Field(
        None,
        description="PostgreSQL database, postgresql://user:password@host/database; "
        "users.sqlite3 in the workspace if unset",
    )
    db_schema: str = Field(
        "recx",
        pattern=r"^[a-z_][a-z0-9_]{0,62}$",
        description="of the database; workspaces that share one need different ones",
    )

    @field_validator("url")
    @classmethod
    def _of_a_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        try:
            parts = urlsplit(url.get_secret_value())
            # More of these come from a password that is not encoded: part of it would be shown.
            ats = url.get_secret_value().count("@")
            usable = (
                parts.scheme in ("postgresql", "postgres")
                and parts.port != 0
                and ats == parts.netloc.count("@") <= 1
                and parts.path.strip("/") != ""
                and not parts.fragment
            )
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(_WORDS)  # without the address: there is a password in it
        return url
