"""What the windows of the settings show."""

from datetime import date
from typing import Any

from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from okno.accounts.dto import Account
from okno.kit.clock import Clock


@inject
async def get_settings(account: Account, clock: FromDishka[Clock], **_: object) -> dict[str, Any]:
    """`registered`: the date in UTC; `days`: whole days since then."""
    registered: date = account.registered_at.date()
    return {
        "name": account.first_name,
        "role": account.role.value,
        "registered": registered,
        "days": (clock.now() - account.registered_at).days,
    }
