"""The way back: whatever happened, a user can always be shown a window that works."""

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, ShowMode, StartMode

from dialogs.menu.states import Menu
from dialogs.registration.states import Registration
from okno.accounts.dto import Account


def home_state(account: Account) -> State:
    """Choose the menu, or the registration as long as it is not finished."""
    return Menu.main if account.onboarded else Registration.language


async def go_home(manager: DialogManager, account: Account) -> None:
    """Forget the open windows and send the first one anew."""
    await open_root(manager, home_state(account))


async def open_root(
    manager: DialogManager, state: State, data: dict[str, str | int] | None = None
) -> None:
    """Open a window as the only one, in a message of its own below the user's.

    `data`: what the window starts with.
    """
    await manager.start(state, data=data, mode=StartMode.RESET_STACK, show_mode=ShowMode.SEND)
