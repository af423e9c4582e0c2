"""The webhook that the bot has set; `sandbox.telegram.webhook` delivers to it."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.shapes import Wire

DEFAULT_CONNECTIONS: Final = 40
MAX_CONNECTIONS: Final = 100
_PORTS: Final = frozenset({80, 88, 443, 8443})


@dataclass(slots=True)
class Webhook:
    """The webhook; an empty URL means none."""

    url: str = ""
    secret_token: str | None = None
    max_connections: int = DEFAULT_CONNECTIONS
    has_certificate: bool = False
    last_error_date: int | None = None
    last_error_message: str | None = None

    def info(self, *, pending: int, allowed_updates: list[str] | None) -> Wire:
        """Return the official WebhookInfo."""
        info: Wire = {
            "url": self.url,
            "has_custom_certificate": self.has_certificate,
            "pending_update_count": pending,
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error_date is not None:
            info["last_error_date"] = self.last_error_date
            info["last_error_message"] = self.last_error_message
        if allowed_updates is not None:
            info["allowed_updates"] = allowed_updates
        return info

    def note_error(self, message: str, at: int) -> None:
        self.last_error_date = at
        self.last_error_message = message


def check_url(url: str) -> None:
    """Raises ApiError for an invalid URL. On this machine, http and all ports are accepted."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise bad_request("invalid webhook URL specified")
    if is_loopback(parts):
        return
    if parts.scheme == "http":
        raise _bad_webhook("An HTTPS URL must be provided for webhook")
    if port is not None and port not in _PORTS:
        raise _bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443")


def is_loopback(url: SplitResult) -> bool:
    host = url.hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bad_webhook(reason: str) -> ApiError:
    return bad_request(f"bad webhook: {reason}")
