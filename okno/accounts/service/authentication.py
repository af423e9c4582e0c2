"""Recognises the sender of each request, and checks for which users the sender may act.

It is done with every request, so it costs little: what a token proves by itself is checked once and
remembered, and what can change at any moment is looked up each time.
"""

from okno.accounts.dto import Principal
from okno.accounts.errors import TokenInvalid, UserNotFound
from okno.accounts.service.access_tokens import AccessTokens
from okno.accounts.service.assertions import TYPE as ASSERTION
from okno.accounts.service.assertions import Assertions
from okno.accounts.service.principal_lookup import PrincipalLookup
from okno.accounts.tokens import API_KEY_PREFIX, MAX_TOKEN_LENGTH, hash_of, type_of
from okno.kit.actor import Actor, Forbidden, Role


class AuthenticationService:
    """Recognises callers; one per process."""

    def __init__(
        self, access_tokens: AccessTokens, assertions: Assertions, principals: PrincipalLookup
    ) -> None:
        self._access_tokens = access_tokens
        self._assertions = assertions
        self._principals = principals

    async def authenticate(self, token: str) -> Principal:
        """Recognise the bearer of an API key, an access token or an assertion.

        Raises `TokenInvalid`, `TokenExpired`, `TemporarilyUnavailable`.
        """
        if len(token) > MAX_TOKEN_LENGTH:
            raise TokenInvalid
        if token.startswith(API_KEY_PREFIX):
            return await self._principals.of_api_key(hash_of(token))
        claims = self._access_tokens.recall(token)
        if claims is None:
            if type_of(token) == ASSERTION:
                return await self._assertions.check(token)
            claims = await self._access_tokens.read(token)
        if claims.role is Role.SERVICE:
            return await self._principals.of_service_key(claims.subject_id, claims.credential_id)
        return await self._principals.of_session(claims.subject_id, claims.credential_id)

    async def act_for(self, actor: Actor, user_id: int) -> Actor:
        """Return the actor for a use case of a user: the user, an admin, or the user's service.

        Raises `Forbidden`, which does not tell whether the user exists, and for an admin
        `UserNotFound`. Raises `TemporarilyUnavailable`.
        """
        if actor.user_id == user_id:
            return actor
        match actor:
            case Actor(role=Role.ADMIN):
                if await self._principals.user(user_id) is None:
                    raise UserNotFound
            case Actor(role=Role.SERVICE, service_id=int(service_id)):
                user = await self._principals.user(user_id)
                if user is None or user.service_id != service_id:
                    raise Forbidden
            case _:
                raise Forbidden
        return Actor(Role.USER, user_id)
