"""Who has sent a request, when it came through proxies.

Every proxy adds the address that it was called from to `X-Forwarded-For`; whatever stands left of
the first one that is not ours may be invented.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers

Network = IPv4Network | IPv6Network
RawHeaders = list[tuple[bytes, bytes]]


class Proxies:
    """Knows which peers may speak for others."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)
        self._is_trusted = lru_cache(maxsize=4096)(self._look_up)

    def client_of(self, peer: str, raw: RawHeaders) -> tuple[str, bool]:
        """Return the client's address, and whether it came by HTTPS, as far as that is known."""
        if not self._trusted or not self._is_trusted(peer):
            return peer, False
        headers = Headers(raw=raw)
        is_secure = headers.get("x-forwarded-proto", "").strip().lower() == "https"
        address = peer
        for hop in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            if _address(hop.strip()) is None:
                break
            address = hop.strip()
            if not self._is_trusted(address):
                break
        return address, is_secure

    def _look_up(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # How a socket for both protocols shows an IPv4 client.
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address: str) -> str:
    """Return what one person has: an IPv4 address, or the /64 that providers give to a household.

    Without this, whoever has IPv6 has 2^64 addresses to be counted by.
    """
    parsed = _address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return address
