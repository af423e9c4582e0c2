"""Accounts, declared for the assembly."""

from okno.accounts import models
from okno.accounts.config import AccountsSettings, ApiAddressSettings, IdentitySettings
from okno.accounts.jobs import JOBS
from okno.accounts.personal_data import AccountsData
from okno.accounts.provider import AccountsProvider
from okno.accounts.scopes import USERS
from okno.kit.capability import Capability

ACCOUNTS = Capability(
    name="accounts",
    provider=AccountsProvider,
    sections=(AccountsSettings, IdentitySettings, ApiAddressSettings),
    models=models,
    personal_data=AccountsData,
    jobs=JOBS,
    scopes=(USERS,),
)
