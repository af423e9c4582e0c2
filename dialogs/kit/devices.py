"""Shows the devices from which a user has signed in."""

from okno.accounts.dto import Device

_MAX_CHARACTERS = 80


def device_name(device: Device) -> str:
    """Return the name in one short line: the device itself has sent it, and it may be any text."""
    name = " ".join(device.name.split()) or "?"
    return name if len(name) <= _MAX_CHARACTERS else f"{name[:_MAX_CHARACTERS].rstrip()}…"
