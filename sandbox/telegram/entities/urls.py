"""Checks and normalises URLs as Telegram does.

The rules and the error texts are those of TDLib (LinkManager::check_link and HttpUrl.cpp).
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

from sandbox.telegram.entities.scanner import SPACE, ascii_lower

_APP_LINK = re.compile(r"(tg|ton|tonsite):(?://)?(.*)", re.DOTALL | re.IGNORECASE | re.ASCII)
_NOT_IN_PROTOCOL = set(":/?#@[]")
_WITH_PORT = re.compile(r"(.+):([^:\]@]*)", re.DOTALL)
_CHARACTER = r"[\w.\-!$,~*'();&+=]|[^\x00-\x7f]|%[0-9A-Fa-f]{2}"
_HOST = re.compile(rf"(?:{_CHARACTER})*", re.ASCII)
_USER = re.compile(rf"(?:{_CHARACTER}|:)*", re.ASCII)
_MAX_PORT = 65535


class LinkError(ValueError):
    """Telegram refuses the URL; the text is its reason."""


@dataclass(frozen=True, slots=True)
class _Url:
    protocol: str
    user: str
    host: str
    port: int | None
    path: str


def check_url(url: str) -> str:
    """Return the URL as Telegram stores it. Raises LinkError."""
    if app_link := _APP_LINK.fullmatch(url):
        return _check_app_link(ascii_lower(app_link[1]), app_link[2])
    parts = _parse(url)
    if "." not in parts.host and not _is_ipv6(parts.host):
        raise LinkError("Wrong HTTP URL")
    user = f"{parts.user}@" if parts.user else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.protocol}://{user}{parts.host}{port}{parts.path}"


def _check_app_link(scheme: str, rest: str) -> str:
    """Check a tg:, ton: or tonsite: link, which has only a host and a path."""
    parts = _parse(rest)
    says_http = ascii_lower(rest).startswith("http://") or parts.protocol == "https"
    if says_http or parts.user or parts.port or _is_ipv6(parts.host):
        raise LinkError("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    dot = "." if scheme == "tonsite" else ""
    if not re.fullmatch(rf"[\w{dot}-]+", parts.host, re.ASCII):
        raise LinkError("Unallowed characters in URL host")
    path = parts.path[1:] if parts.path.startswith("/?") else parts.path
    return f"{scheme}://{parts.host}{path}"


def _parse(url: str) -> _Url:
    protocol, rest = _split_protocol(url)
    if protocol not in {"http", "https"}:
        raise LinkError("Unsupported URL protocol")
    authority_end = next((i for i, char in enumerate(rest) if char in "/?#"), len(rest))
    place, port = _split_port(rest[:authority_end])
    user, _, host = place.rpartition("@")
    host = ascii_lower(host)
    _check_host(host)
    _check_characters(user, "userinfo", _USER)
    return _Url(protocol, user, host, port, _path(rest[authority_end:]))


def _split_protocol(url: str) -> tuple[str, str]:
    protocol, separator, rest = url.partition("://")
    if not separator or set(protocol) & _NOT_IN_PROTOCOL:
        return "http", url
    return ascii_lower(protocol), rest


def _split_port(authority: str) -> tuple[str, int | None]:
    with_port = _WITH_PORT.fullmatch(authority)
    if not with_port:
        return authority, None
    digits = with_port[2].lstrip("0")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", digits) or int(digits) > _MAX_PORT:
        raise LinkError("Wrong port number specified in the URL")
    return with_port[1], int(digits)


def _check_host(host: str) -> None:
    if not host:
        raise LinkError("URL host is empty")
    if host == ".":
        raise LinkError("Host is invalid")
    if not _is_ipv6(host):
        _check_characters(host, "host", _HOST)
        return
    try:
        IPv6Address(host[1:-1])
    except AddressValueError as error:
        raise LinkError("Wrong IPv6 address specified in the URL") from error


def _is_ipv6(host: str) -> bool:
    return host.startswith("[") and host.endswith("]")


def _check_characters(part: str, name: str, allowed: re.Pattern[str]) -> None:
    good = allowed.match(part)
    end = good.end() if good else 0
    if end < len(part):
        reason = "Wrong percent-encoded symbol" if part[end] == "%" else "Disallowed character"
        raise LinkError(f"{reason} in URL {name}")


def _path(path: str) -> str:
    path = path.rstrip(SPACE)
    if not path.startswith("/"):
        path = "/" + path
    return "".join(f"%{ord(char):02X}" if char <= " " else char for char in path)
