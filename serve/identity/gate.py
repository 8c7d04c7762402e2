"""A caller from the credentials that come with a request."""

from __future__ import annotations

from recx_agent.api_keys import PREFIX, ApiKey, KeyFile, keys_file
from recx_agent.errors import NotSignedIn
from recx_agent.serve.identity.caller import USER_SCOPES, Caller
from recx_agent.serve.identity.pseudonym import Pseudonyms
from recx_agent.serve.identity.tokens import Tokens
from recx_agent.settings import Settings

_LONGEST_KEY = 256


class Gate:
    """Tells who asks.

    Parameters
    ----------
    tokens : Tokens
    keys : KeyFile
    pseudonyms : Pseudonyms
    local_user : str, optional
        Whoever brings no credential at all; see ``serve.local_user``.
    """

    def __init__(
        self,
        tokens: Tokens,
        keys: KeyFile,
        pseudonyms: Pseudonyms,
        *,
        local_user: str | None = None,
    ) -> None:
        self._tokens = tokens
        self._keys = keys
        self.pseudonyms = pseudonyms
        self._local_user = local_user

    @classmethod
    def of(cls, settings: Settings) -> Gate:
        """The gate of a workspace.

        Raises
        ------
        SettingsError
            A key cannot be read.
        """
        serve = settings.serve
        return cls(
            Tokens(serve.tokens),
            KeyFile(keys_file(settings)),
            Pseudonyms.of(settings.workspace),
            local_user=serve.local_user,
        )

    def caller(self, authorization: str | None, api_key: str | None) -> Caller:
        """Who asks.

        A program may send its own key beside the token of the user it asks for: both must
        hold then, the user is the token's, and what both allow is allowed.

        Parameters
        ----------
        authorization : str, optional
            The header of that name: ``Bearer`` and a user's token, or an API key.
        api_key : str, optional
            The header ``X-API-Key``.

        Raises
        ------
        NotSignedIn
            There is no credential, or one of them does not hold.
        """
        token = None
        if authorization is not None:
            kind, _, bearer = authorization.strip().partition(" ")
            bearer = bearer.strip()
            if kind.lower() != "bearer" or not bearer:
                raise NotSignedIn("send the credential as 'Authorization: Bearer …'")
            if not bearer.startswith(PREFIX):
                token = bearer
            elif api_key is not None:
                raise NotSignedIn("two API keys came with one request; send one")
            else:
                api_key = bearer
        if token is None and api_key is None:
            return self._nobody()
        key = None if api_key is None else self._key(api_key)
        if token is None:
            assert key is not None
            return self._of_key(key)
        user_id, scopes = self._tokens.read(token)
        user = f"user:{self.pseudonyms.of_user(user_id)}"
        if key is None:
            return Caller(user_id, scopes, user)
        if key.user_id not in (None, user_id):
            raise NotSignedIn("the API key and the token stand for different users")
        return Caller(user_id, scopes & frozenset(key.scopes), f"key:{key.id}/{user}")

    def local(self, user_id: str) -> Caller:
        """A user whom the operator named himself: on a command line, over stdio."""
        user = f"user:{self.pseudonyms.of_user(user_id)}"
        return Caller(user_id, frozenset(USER_SCOPES), user)

    def _nobody(self) -> Caller:
        if self._local_user is None:
            raise NotSignedIn(
                "no credential came with the request; send a user's token as "
                "'Authorization: Bearer …', or an API key as 'X-API-Key: …'"
            )
        return self.local(self._local_user)

    def _key(self, sent: str) -> ApiKey:
        if len(sent) > _LONGEST_KEY:
            raise NotSignedIn("the API key does not hold; ask the operator for one")
        return self._keys.find(sent)

    @staticmethod
    def _of_key(key: ApiKey) -> Caller:
        return Caller(key.user_id, frozenset(key.scopes), f"key:{key.id}")
