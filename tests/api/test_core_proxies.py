"""The address of a client: clients cannot forge it, and trusted proxies pass it on."""

from ipaddress import ip_network

import pytest

from api.proxies import Proxies, network_of
from okno.kit.settings import Settings
from tests.support.api import Api, open_api
from tests.support.probe import probe

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def client_of(peer: str, *forwarded: str, trusted: tuple = OURS) -> str:  # type: ignore[type-arg] # of networks
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Proxies(trusted).client_of(peer, headers)[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
    ],
)
def test_the_nearest_address_that_is_not_ours_is_the_client(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert client_of(peer, *forwarded) == client


def test_without_proxies_of_ours_nobody_is_believed() -> None:
    assert client_of("10.0.0.1", "203.0.113.9", trusted=()) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_an_invented_address_is_not_believed(probed: Api) -> None:
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    reply = await probed.get("/probe/client", headers=told)

    assert reply.body == {"address": "127.0.0.1", "secure": False}
    assert "Strict-Transport-Security" not in reply.headers


async def test_our_proxy_tells_the_address_and_the_scheme(settings: Settings, clean: None) -> None:
    trusted = (ip_network("127.0.0.0/8"),)
    async with open_api(settings, routes=probe, trusted_proxies=trusted) as api:
        told = {"X-Forwarded-For": "1.2.3.4, 203.0.113.9", "X-Forwarded-Proto": "https"}
        reply = await api.get("/probe/client", headers=told)
        assert reply.body == {"address": "203.0.113.9", "secure": True}
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"

        reply = await api.get("/probe/client", headers={**told, "X-Forwarded-Proto": "http"})
        assert "Strict-Transport-Security" not in reply.headers
