"""Reads the data of the windows of the settings."""

from datetime import date
from typing import Any

from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.devices import device_name
from okno.accounts.dto import Account, Session
from okno.accounts.service import AccountsService, SessionsService
from okno.kit.clock import Clock

MAX_SESSIONS_SHOWN = 5
"""Of further sessions only the number is shown."""


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


@inject
async def get_access(
    account: Account,
    accounts: FromDishka[AccountsService],
    sessions: FromDishka[SessionsService],
    **_: object,
) -> dict[str, Any]:
    """Read the sign-ins; `login`: the name to sign in with, if there is a password."""
    person = await accounts.details(account.actor)
    found = await sessions.list(account.actor)
    return {
        "password": "yes" if person.has_password else "no",
        "login": person.login or str(person.telegram_id),
        "sessions": [_line(session) for session in found[:MAX_SESSIONS_SHOWN]],
        "has_sessions": bool(found),
        "more": len(found) - MAX_SESSIONS_SHOWN,
        "has_more": len(found) > MAX_SESSIONS_SHOWN,
    }


def _line(session: Session) -> dict[str, Any]:
    return {
        "device": device_name(session.device),
        "address": session.device.address,
        "used": session.used_at.date(),
    }
