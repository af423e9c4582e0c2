"""Opens the window from which a user can go on, whatever has happened before."""

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, ShowMode, StartMode

from dialogs.menu.states import Menu
from dialogs.registration.states import Registration
from okno.accounts.dto import Account


def home_state(account: Account) -> State:
    """Return the state of the menu, or of the registration until it is finished."""
    return Menu.main if account.onboarded else Registration.language


async def go_home(manager: DialogManager, account: Account) -> None:
    """Close all windows and send the first one anew."""
    await open_root(manager, home_state(account))


async def open_root(
    manager: DialogManager, state: State, data: dict[str, str | int] | None = None
) -> None:
    """Open a window in place of all others, in a message of its own below the user's.

    `data`: the start data of the window.
    """
    await manager.start(state, data=data, mode=StartMode.RESET_STACK, show_mode=ShowMode.SEND)
