"""The payload of an invoice, which comes back with the payment: a package and its units."""

import re
from dataclasses import dataclass

_PAYLOAD = re.compile(r"topup:(?P<package>[a-z0-9-]{1,32}):(?P<tokens>[0-9]{1,13})")


@dataclass(frozen=True, slots=True)
class Payload:
    """The promise of an invoice, which holds even if the package has changed since."""

    package_id: str
    tokens: int

    def __str__(self) -> str:
        return f"topup:{self.package_id}:{self.tokens}"


def parse_payload(text: str) -> Payload | None:
    """Read a payload; None when the invoice was not one of ours."""
    match = _PAYLOAD.fullmatch(text)
    return None if match is None else Payload(match["package"], int(match["tokens"]))
