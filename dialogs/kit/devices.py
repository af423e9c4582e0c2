"""Devices by what they say of themselves."""

from okno.accounts.dto import Device

_LONGEST = 80


def device_name(device: Device) -> str:
    """Return the name in one short line: it is the text of a stranger, and may be any."""
    name = " ".join(device.name.split()) or "?"
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST].rstrip()}…"
