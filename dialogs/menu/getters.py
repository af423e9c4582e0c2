"""Reads the data of the menu."""

from okno.accounts.dto import Account


async def get_menu(account: Account, **_: object) -> dict[str, str]:
    return {"name": account.first_name}
