"""Devices by what they say of themselves."""

from okno.accounts.dto import Device

_MAX_CHARACTERS = 80


def device_name(device: Device) -> str:
    """Return the name in one short line: it is the text of a stranger, and may be any."""
    name = " ".join(device.name.split()) or "?"
    return name if len(name) <= _MAX_CHARACTERS else f"{name[:_MAX_CHARACTERS].rstrip()}…"
