"""The provider of accounts for the container."""

from collections.abc import Iterator

from dishka import Provider, Scope, provide, provide_all

from okno.accounts.cache import AccountCache, PrincipalCache
from okno.accounts.config import ApiAddressSettings, Issuer
from okno.accounts.passwords import PasswordHasher
from okno.accounts.service import (
    AccountsService,
    ApiKeysService,
    AuditService,
    AuthenticationService,
    ConfirmationsService,
    JwtKeysService,
    PasswordsService,
    PersonalDataService,
    ServicesService,
    SessionsService,
)
from okno.accounts.service.access_tokens import AccessTokens
from okno.accounts.service.assertions import Assertions
from okno.accounts.service.confirmed_passwords import ConfirmedPasswords
from okno.accounts.service.joining import Joining
from okno.accounts.service.jwt_keys import JwtKeyRing
from okno.accounts.service.principal_lookup import PrincipalLookup
from okno.accounts.service.session_lifecycle import SessionLifecycle
from okno.accounts.store.api_keys import ApiKeyStore
from okno.accounts.store.audit import AuditStore
from okno.accounts.store.confirmations import ConfirmationStore
from okno.accounts.store.joining import JoiningStore
from okno.accounts.store.jwt_keys import JwtKeyStore
from okno.accounts.store.passwords import PasswordStore
from okno.accounts.store.principals import PrincipalStore
from okno.accounts.store.services import ServiceStore, ServiceUserStore
from okno.accounts.store.sessions import SessionStore
from okno.accounts.store.user_list import UserListStore
from okno.accounts.store.users import UserStore


class AccountsProvider(Provider):
    """Services keep nothing between two calls, so one of each serves a process."""

    scope = Scope.APP

    cache = provide(AccountCache)
    principal_cache = provide(PrincipalCache)
    users = provide_all(AccountsService, UserStore, UserListStore)
    sessions = provide_all(
        PasswordsService, PasswordStore, SessionsService, SessionStore, SessionLifecycle
    )
    api_keys = provide_all(ApiKeysService, ApiKeyStore)
    jwt_keys = provide_all(JwtKeysService, JwtKeyStore)
    callers = provide_all(
        AuthenticationService, AccessTokens, JwtKeyRing, PrincipalLookup, PrincipalStore
    )
    confirmations = provide_all(ConfirmationsService, ConfirmationStore, ConfirmedPasswords)
    joining = provide_all(Joining, JoiningStore)
    personal_data = provide(PersonalDataService)
    services = provide_all(ServicesService, ServiceStore, ServiceUserStore)
    assertions = provide(Assertions)
    audit = provide_all(AuditService, AuditStore)

    @provide
    def hasher(self) -> Iterator[PasswordHasher]:
        hasher = PasswordHasher()
        yield hasher
        hasher.close()

    @provide
    def issuer(self, settings: ApiAddressSettings) -> Issuer:
        return Issuer(settings.url)
