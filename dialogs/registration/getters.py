"""What the windows of the registration show."""

from okno.accounts.dto import Account


async def get_name(account: Account, **_: object) -> dict[str, str]:
    return {"name": account.first_name}
