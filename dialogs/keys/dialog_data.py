"""The data of the keys' dialog: the name of the new key, and the open key."""

from aiogram_dialog import DialogManager

from okno.accounts.service.api_keys import MAX_NAME_LENGTH


def name(manager: DialogManager) -> str:
    """Return the name of the new key."""
    return str(manager.dialog_data.get("name", ""))


def give_name(manager: DialogManager, text: str) -> bool:
    """Take the name; return False when it does not fit."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(seen.split())
    fits = 0 < len(line) <= MAX_NAME_LENGTH
    if fits:
        manager.dialog_data["name"] = line
    refuse(manager, refused=not fits)
    return fits


def key_id(manager: DialogManager) -> int:
    """Return the id of the open key; 0, which no key has, when none is open."""
    return int(manager.dialog_data.get("key", 0))


def open_key(manager: DialogManager, key: int) -> None:
    manager.dialog_data["key"] = key


def is_refused(manager: DialogManager) -> bool:
    return bool(manager.dialog_data.get("refused"))


def refuse(manager: DialogManager, *, refused: bool) -> None:
    """Note whether the last input was refused."""
    manager.dialog_data["refused"] = refused
