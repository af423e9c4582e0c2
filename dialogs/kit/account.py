"""The account of the user in front of the window."""

from aiogram_dialog import DialogManager

from dialogs.kit.middleware_data import i18n_of
from okno.accounts.dto import Account


def account_of(manager: DialogManager) -> Account:
    """Return the account that the middleware recognised."""
    account: Account = manager.middleware_data["account"]
    return account


def account_changed(manager: DialogManager, account: Account) -> None:
    """Make the redraw at the end of this update show the new account, in its language."""
    manager.middleware_data["account"] = account
    i18n_of(manager).locale = account.language
