"""The address of a client behind proxies.

Every proxy appends the address of its peer to `X-Forwarded-For`. Read from the right, the first
address that is no trusted proxy is the client; a client can invent all that stands left of it.
ADR 21 says why it is not uvicorn's middleware that does it.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers

Network = IPv4Network | IPv6Network
RawHeaders = list[tuple[bytes, bytes]]


class Proxies:
    """Reads the headers of trusted proxies."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)
        self._is_trusted = lru_cache(maxsize=4096)(self._look_up)

    def client_of(self, peer: str, raw: RawHeaders) -> tuple[str, bool]:
        """Return the address of the client, and True if its proxy was called by HTTPS."""
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
    """Return the network of one person: an IPv4 address, or the /64 that providers assign.

    A person with IPv6 has 2^64 addresses, so rate limits can't count by address.
    """
    parsed = _address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return address
