"""The use cases of accounts."""

from okno.accounts.service.accounts import AccountsService
from okno.accounts.service.api_keys import ApiKeysService
from okno.accounts.service.audit import AuditService
from okno.accounts.service.authentication import AuthenticationService
from okno.accounts.service.confirmations import ConfirmationsService
from okno.accounts.service.jwt_keys import JwtKeysService
from okno.accounts.service.passwords import PasswordsService
from okno.accounts.service.personal_data import PersonalDataService
from okno.accounts.service.services import ServicesService
from okno.accounts.service.sessions import SessionsService

__all__ = [
    "AccountsService",
    "ApiKeysService",
    "AuditService",
    "AuthenticationService",
    "ConfirmationsService",
    "JwtKeysService",
    "PasswordsService",
    "PersonalDataService",
    "ServicesService",
    "SessionsService",
]
