"""Services and their keys: registered and rotated by administrators, used by programs."""

import asyncio
from typing import Any

import pytest

from okno.capabilities import SCOPES
from tests.support.api import Api, Reply, Someone
from tests.support.service_program import ServiceProgram

PATH = "/api/admin/services"
PASSPORT = "/api/auth/service"


async def register(api: Api, admin: Someone, program: ServiceProgram, **fields: Any) -> Reply:
    body = {
        "name": program.name,
        "publicKey": program.public_key,
        "scopes": ["users", "billing"],
        **fields,
    }
    return await api.post(PATH, body, admin.token)


def program_of(api: Api, name: str = "shop") -> ServiceProgram:
    return ServiceProgram(name, audience=api.address)


async def may_make_users(api: Api, token: str) -> bool:
    reply = await api.post("/api/users", {"externalId": "customer-1", "name": "Anna"}, token)
    return reply.status == 201


async def test_a_registered_service_signs_for_itself(api: Api) -> None:
    admin, shop = await api.make_admin(), program_of(api)
    reply = await register(api, admin, shop)
    assert reply.status == 201
    assert set(reply.body) == {"id", "name", "scopes", "keys"}
    assert (reply.body["name"], reply.body["scopes"]) == ("shop", ["billing", "users"])
    assert [key["id"] for key in reply.body["keys"]] == [shop.key_id]
    assert set(reply.body["keys"][0]) == {"id", "createdAt"}
    assert await may_make_users(api, shop.assertion())
    listed = await api.get(PATH, admin.token)
    assert (listed.status, listed.body) == (200, {"services": [reply.body]})


async def test_an_assertion_is_swapped_for_a_token(api: Api) -> None:
    shop = await api.make_service()
    reply = await api.post(PASSPORT, {"assertion": shop.assertion()})
    assert reply.status == 200
    assert set(reply.body) == {"token", "expiresIn"}
    for _ in range(2):
        assert await may_make_users(api, reply.body["token"])


async def test_an_assertion_is_good_once(api: Api) -> None:
    body = {"assertion": (await api.make_service()).assertion()}
    replies = await asyncio.gather(*(api.post(PASSPORT, body) for _ in range(5)))
    assert sorted(reply.status for reply in replies) == [200, 401, 401, 401, 401]
    assert {reply.code for reply in replies} == {None, "token-invalid"}


async def test_what_is_no_assertion_is_refused(api: Api) -> None:
    anna, shop, stranger = await api.register(), await api.make_service(), program_of(api)
    key = await api.make_api_key(anna)
    swapped = (await api.post(PASSPORT, {"assertion": shop.assertion()})).body["token"]
    for assertion in (anna.token, key, stranger.assertion(), swapped, "x", "a.b.c", "\0"):
        reply = await api.post(PASSPORT, {"assertion": assertion})
        assert (reply.status, reply.code) == (401, "token-invalid")
    for assertion in ("", None, 17, "x" * 4097):
        assert (await api.post(PASSPORT, {"assertion": assertion})).code == "request-invalid"
    late = shop.assertion(iat=1, exp=61)
    assert (await api.post(PASSPORT, {"assertion": late})).code == "token-expired"


async def test_keys_are_rotated_without_a_gap(api: Api) -> None:
    admin, shop = await api.make_admin(), await api.make_service(name="shop")
    swapped = (await api.post(PASSPORT, {"assertion": shop.assertion()})).body["token"]
    path = f"{PATH}/{shop.service_id}/keys"
    renewed, third = program_of(api), program_of(api)

    added = await api.post(path, {"publicKey": renewed.public_key}, admin.token)
    assert added.status == 201
    assert set(added.body) == {"id", "createdAt"}
    assert added.body["id"] == renewed.key_id
    assert await may_make_users(api, shop.assertion())
    assert await may_make_users(api, renewed.assertion())
    full = await api.post(path, {"publicKey": third.public_key}, admin.token)
    assert (full.status, full.code) == (409, "too-many-service-keys")

    assert (await api.delete(f"{path}/{shop.key_id}", admin.token)).status == 204
    assert not await may_make_users(api, shop.assertion())
    assert not await may_make_users(api, swapped)
    assert await may_make_users(api, renewed.assertion())
    again = await api.delete(f"{path}/{shop.key_id}", admin.token)
    assert (again.status, again.code) == (404, "service-key-not-found")


async def test_names_and_keys_are_taken_once(api: Api) -> None:
    admin, shop = await api.make_admin(), program_of(api)
    await register(api, admin, shop)
    same_name = await register(api, admin, program_of(api))
    assert (same_name.status, same_name.code) == (409, "service-name-taken")
    same_key = await register(api, admin, shop, name="another")
    assert (same_key.status, same_key.code) == (409, "service-key-taken")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "a shop"}, "service-name-invalid"),
        ({"name": "sh\0op"}, "service-name-invalid"),
        ({"name": ""}, "request-invalid"),
        ({"name": "x" * 65}, "request-invalid"),
        ({"name": 17}, "request-invalid"),
        ({"publicKey": "x"}, "public-key-invalid"),
        ({"publicKey": "\0"}, "public-key-invalid"),
        ({"publicKey": "x" * 1001}, "request-invalid"),
        ({"publicKey": None}, "request-invalid"),
        ({"scopes": ["everything"]}, "request-invalid"),
        ({"scopes": "users"}, "request-invalid"),
        ({"scopes": ["users"] * 5}, "request-invalid"),
        ({"scopes": None}, "request-invalid"),
    ],
)
async def test_what_is_no_service_is_refused(api: Api, fields: Any, code: str) -> None:
    admin = await api.make_admin()
    reply = await register(api, admin, program_of(api), **fields)
    assert (reply.status, reply.code) == (400, code)


async def test_an_unknown_service_has_no_keys(api: Api) -> None:
    admin, shop = await api.make_admin(), program_of(api)
    path = f"{PATH}/4711/keys"
    replies = [
        await api.post(path, {"publicKey": shop.public_key}, admin.token),
        await api.delete(f"{path}/{shop.key_id}", admin.token),
    ]
    assert {(reply.status, reply.code) for reply in replies} == {(404, "service-not-found")}
    for odd in ("0", "x", "9" * 19):
        reply = await api.delete(f"{PATH}/{odd}/keys/{shop.key_id}", admin.token)
        assert (reply.status, reply.code) == (400, "request-invalid")
    assert (await api.delete(f"{path}/a%00b", admin.token)).code == "request-invalid"


async def test_services_are_the_business_of_admins(api: Api) -> None:
    anna, shop, admin = (
        await api.register(),
        await api.make_service(*SCOPES),
        await api.make_admin(),
    )
    key = await api.make_api_key(admin)
    for token in (anna.token, shop.assertion(), key):
        assert (await api.get(PATH, token)).code == "forbidden"
    keys = f"{PATH}/{shop.service_id}/keys"
    replies = [
        await register(api, anna, program_of(api)),
        await api.post(keys, {"publicKey": program_of(api).public_key}, anna.token),
        await api.delete(f"{keys}/{shop.key_id}", anna.token),
    ]
    assert {reply.code for reply in replies} == {"forbidden"}
