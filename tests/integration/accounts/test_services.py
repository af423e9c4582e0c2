"""Services: registered with a key, served with their users, their keys changed without a gap."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from okno.accounts.dto import Language, Service
from okno.accounts.errors import (
    ExternalIdInvalid,
    PublicKeyInvalid,
    ServiceKeyNotFound,
    ServiceKeyTaken,
    ServiceNameInvalid,
    ServiceNameTaken,
    ServiceNotFound,
    TokenInvalid,
    TooManyServiceKeys,
)
from okno.accounts.scopes import USERS
from okno.accounts.service import AuthenticationService, ServicesService
from okno.assistant.scopes import CHAT
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.settings import Settings
from tests.support.bank import WELCOME, Bank
from tests.support.service_keys import ServiceKeys

SCOPES = frozenset({CHAT, USERS})


@pytest.fixture
async def bank(settings: Settings, clean: None) -> AsyncIterator[Bank]:
    bank = Bank(settings)
    yield bank
    await bank.close()


@asynccontextmanager
async def services_of(bank: Bank) -> AsyncIterator[ServicesService]:
    yield await bank.container.get(ServicesService)


@pytest.fixture
def keys() -> ServiceKeys:
    return ServiceKeys()


@pytest.fixture
async def shop(bank: Bank, keys: ServiceKeys) -> Service:
    async with services_of(bank) as services:
        return await services.register(SYSTEM, "shop", keys.pem, SCOPES)


def actor_of(service: Service) -> Actor:
    return Actor(Role.SERVICE, service_id=service.id, scopes=service.scopes)


async def create(bank: Bank, actor: Actor, external_id: str = "u-1", name: str = "Anna") -> int:
    async with services_of(bank) as services:
        return await services.create_user(actor, external_id, name, Language.RU)


async def test_a_key_is_known_by_its_thumbprint(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    assert (shop.name, shop.scopes) == ("shop", SCOPES)
    assert [key.id for key in shop.keys] == [keys.id]
    async with services_of(bank) as services:
        assert await services.list(SYSTEM) == (shop,)
        assert await services.find(SYSTEM, "shop") == shop
        with pytest.raises(ServiceNotFound):
            await services.find(SYSTEM, "other")


@pytest.mark.parametrize("name", ["a", "Shop-2.test_x", "x" * 64])
async def test_a_name_is_short_and_plain(bank: Bank, keys: ServiceKeys, name: str) -> None:
    async with services_of(bank) as services:
        assert (await services.register(SYSTEM, name, keys.pem, SCOPES)).name == name


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 65, "shop!", "магазин", "-shop", "a b", "x\n", "é"]
)
async def test_other_names_are_refused(bank: Bank, keys: ServiceKeys, name: str) -> None:
    async with services_of(bank) as services:
        with pytest.raises(ServiceNameInvalid):
            await services.register(SYSTEM, name, keys.pem, SCOPES)


async def test_of_two_who_take_a_name_at_once_one_gets_it(bank: Bank) -> None:
    async def register() -> Service:
        async with services_of(bank) as services:
            return await services.register(SYSTEM, "shop", ServiceKeys().pem, SCOPES)

    outcomes = await asyncio.gather(*(register() for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(one, Service) for one in outcomes) == 1
    assert sum(isinstance(one, ServiceNameTaken) for one in outcomes) == 4
    assert await bank.scalar("SELECT count(*) FROM service_keys") == 1


async def test_a_key_belongs_to_one_service_for_ever(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    new = ServiceKeys()
    async with services_of(bank) as services:
        with pytest.raises(ServiceKeyTaken):
            await services.register(SYSTEM, "other", keys.pem, SCOPES)
    async with services_of(bank) as services:
        await services.add_key(SYSTEM, shop.id, new.pem)
        await services.revoke_key(SYSTEM, shop.id, keys.id)
        with pytest.raises(ServiceKeyTaken):
            await services.add_key(SYSTEM, shop.id, keys.pem)
    assert await bank.scalar("SELECT count(*) FROM services") == 1


async def test_two_keys_are_good_at_once_and_no_more(bank: Bank, shop: Service) -> None:
    async def add() -> object:
        async with services_of(bank) as services:
            return await services.add_key(SYSTEM, shop.id, ServiceKeys().pem)

    outcomes = await asyncio.gather(*(add() for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(one, TooManyServiceKeys) for one in outcomes) == 4
    async with services_of(bank) as services:
        (known,) = await services.list(SYSTEM)
        assert len(known.keys) == 2
        await services.revoke_key(SYSTEM, shop.id, known.keys[0].id)
        await services.add_key(SYSTEM, shop.id, ServiceKeys().pem)


async def test_only_a_key_that_is_good_and_its_own_is_revoked(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    async with services_of(bank) as services:
        other = await services.register(SYSTEM, "other", ServiceKeys().pem, SCOPES)
        for service_id, key_id, error in (
            (404, keys.id, ServiceNotFound),
            (other.id, keys.id, ServiceKeyNotFound),
            (shop.id, "unknown", ServiceKeyNotFound),
        ):
            with pytest.raises(error):
                await services.revoke_key(SYSTEM, service_id, key_id)
        await services.revoke_key(SYSTEM, shop.id, keys.id)
        with pytest.raises(ServiceKeyNotFound):
            await services.revoke_key(SYSTEM, shop.id, keys.id)
        assert (await services.find(SYSTEM, "shop")).keys == ()
        with pytest.raises(ServiceNotFound):
            await services.add_key(SYSTEM, 404, ServiceKeys().pem)


def private_pem() -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ServiceKeys().private.private_bytes(*form).decode()


def rsa_pem() -> str:
    public = generate_private_key(65537, 2048).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "shop",
        "x" * 100_000,
        private_pem(),
        rsa_pem(),
        "-----BEGIN PUBLIC KEY-----",
        "é\ud800\0",
    ],
    ids=["empty", "word", "long", "private", "rsa", "torn", "nonsense"],
)
async def test_no_other_key_is_taken(bank: Bank, shop: Service, pem: str) -> None:
    async with services_of(bank) as services:
        with pytest.raises(PublicKeyInvalid):
            await services.add_key(SYSTEM, shop.id, pem)


async def test_a_key_may_have_spaces_around_it(bank: Bank) -> None:
    keys = ServiceKeys()
    async with services_of(bank) as services:
        shop = await services.register(SYSTEM, "shop", f"\r\n{keys.pem}\n\n", SCOPES)
    assert [key.id for key in shop.keys] == [keys.id]
    assert await bank.scalar("SELECT public_key FROM service_keys") == keys.pem


async def test_a_service_has_a_user_per_external_id(bank: Bank, shop: Service) -> None:
    actor = actor_of(shop)
    first = await create(bank, actor)

    assert await create(bank, actor, name="Somebody else") == first
    assert await create(bank, actor, "u-2") != first
    async with services_of(bank) as services:
        other = await services.register(SYSTEM, "other", ServiceKeys().pem, SCOPES)
    assert await create(bank, actor_of(other)) != first
    assert await bank.scalar(f"SELECT first_name FROM users WHERE id = {first}") == "Anna"  # noqa: S608


async def test_ten_requests_at_once_make_one_user(bank: Bank, shop: Service) -> None:
    made = await asyncio.gather(*(create(bank, actor_of(shop)) for _ in range(10)))

    assert len(set(made)) == 1
    assert await bank.scalar("SELECT count(*) FROM users") == 1


async def test_a_user_of_a_service_has_a_balance_and_gets_the_welcome_grant_once(
    bank: Bank, shop: Service
) -> None:
    for external_id, welcome in (("u-1", WELCOME), ("u-1", 0), ("u-2", WELCOME)):
        user = Actor(Role.USER, await create(bank, actor_of(shop), external_id))
        async with bank.billing() as billing:
            assert (await billing.balance(user)).balance == welcome
        await bank.delete(user)


@pytest.mark.parametrize("external_id", ["", " ", "\n", "a\0b", "x" * 129, "\ud800", "a\tb"])
async def test_an_external_id_can_be_seen(bank: Bank, shop: Service, external_id: str) -> None:
    with pytest.raises(ExternalIdInvalid):
        await create(bank, actor_of(shop), external_id)


@pytest.mark.parametrize(
    ("name", "stored"),
    [("  Anna ", "Anna"), ("Anna\0\n\ud800", "Anna"), ("x" * 200, "x" * 128), ("\0", "u-1")],
    ids=["spaces", "invisible", "long", "nothing"],
)
async def test_a_name_is_made_storable(bank: Bank, shop: Service, name: str, stored: str) -> None:
    await create(bank, actor_of(shop), name=name)

    assert await bank.scalar("SELECT first_name FROM users") == stored


async def test_only_a_service_with_the_scope_makes_users(bank: Bank, shop: Service) -> None:
    chatty = Actor(Role.SERVICE, service_id=shop.id, scopes=frozenset({CHAT}))
    for actor in (chatty, Actor(Role.USER, 1), Actor(Role.ADMIN, 1), SYSTEM):
        with pytest.raises(Forbidden):
            await create(bank, actor)


async def test_an_assertion_is_swapped_for_a_token_which_ends_with_its_key(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    authentication = await bank.container.get(AuthenticationService)
    assertion = keys.assertion("shop")
    async with services_of(bank) as services:
        access = await services.exchange(assertion)
        assert access.expires_in == 600
        for _ in range(2):
            principal = await authentication.authenticate(access.token)
            assert (principal.actor, principal.credential_id) == (actor_of(shop), keys.id)
        with pytest.raises(TokenInvalid):
            await services.exchange(assertion)

        await services.revoke_key(SYSTEM, shop.id, keys.id)

    with pytest.raises(TokenInvalid):
        await authentication.authenticate(access.token)


async def test_an_assertion_is_as_good_as_a_token_once(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    authentication = await bank.container.get(AuthenticationService)
    assertion = keys.assertion("shop")

    assert (await authentication.authenticate(assertion)).actor == actor_of(shop)
    with pytest.raises(TokenInvalid):
        await authentication.authenticate(assertion)


async def test_services_are_the_business_of_administrators(
    bank: Bank, shop: Service, keys: ServiceKeys
) -> None:
    for actor in (Actor(Role.USER, 1), actor_of(shop)):
        async with services_of(bank) as services:
            for use_case in (
                services.register(actor, "mine", ServiceKeys().pem, SCOPES),
                services.add_key(actor, shop.id, ServiceKeys().pem),
                services.revoke_key(actor, shop.id, keys.id),
                services.list(actor),
                services.find(actor, "shop"),
            ):
                with pytest.raises(Forbidden):
                    await use_case
