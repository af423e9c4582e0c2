"""The accounts service on real PostgreSQL and Valkey."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import pytest
from dishka import AsyncContainer
from sqlalchemy import event, text

from okno.accounts.config import AccountsSettings
from okno.accounts.dto import Account, Language, TelegramProfile
from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService, PersonalDataService
from okno.ioc import create_container
from okno.kit.actor import SYSTEM, Forbidden, Role
from okno.kit.db import Engine
from okno.kit.redis import Redis
from okno.kit.settings import Settings
from tests.conftest import ADMIN_ID

ANNA = TelegramProfile(7001, "Anna", "Petrova", "anna_p", "ru")


@pytest.fixture
async def container(settings: Settings, clean: None) -> AsyncIterator[AsyncContainer]:
    container = create_container(settings)
    yield container
    await container.close()


@asynccontextmanager
async def accounts_of(container: AsyncContainer) -> AsyncIterator[AccountsService]:
    yield await container.get(AccountsService)


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def forget_cache(container: AsyncContainer) -> None:
    await (await container.get(Redis)).flushdb()


async def test_a_known_user_costs_no_sql(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        registered = await accounts.register(ANNA)
        with counted_statements(await container.get(Engine)) as statements:
            for _update in range(3):
                assert await accounts.recognise(ANNA) == registered
    assert statements == []


async def test_the_cache_is_rebuilt_when_redis_is_empty(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        registered = await accounts.register(ANNA)
        await forget_cache(container)
        with counted_statements(await container.get(Engine)) as statements:
            assert await accounts.recognise(ANNA) == registered
            assert await accounts.recognise(ANNA) == registered
    assert len(statements) == 1


async def test_what_changed_in_telegram_is_stored(container: AsyncContainer) -> None:
    renamed = replace(ANNA, first_name="Anna Maria", username=None)
    async with accounts_of(container) as accounts:
        await accounts.register(ANNA)

        account = await accounts.recognise(renamed)

        assert account is not None
        assert (account.first_name, account.username) == ("Anna Maria", None)
        assert (await accounts.details(account.actor)).first_name == "Anna Maria"


async def test_a_stranger_is_not_recognised(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        assert await accounts.recognise(ANNA) is None
        assert await accounts.find(ANNA.telegram_id) is None


async def test_registering_again_keeps_the_user(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        first = await accounts.register(ANNA)
        await accounts.change_language(first.actor, Language.EN)

        again = await accounts.register(replace(ANNA, username="anna"))

        assert again.user_id == first.user_id
        assert again.language is Language.EN
        assert again.username == "anna"
        assert again.registered_at == first.registered_at


async def test_ten_first_contacts_at_once_make_one_user(container: AsyncContainer) -> None:
    async def register() -> Account:
        async with accounts_of(container) as accounts:
            return await accounts.register(ANNA)

    registered = await asyncio.gather(*(register() for _ in range(10)))

    assert len({account.user_id for account in registered}) == 1


async def test_a_change_is_seen_by_the_next_update(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        account = await accounts.register(ANNA)
        assert account.language is Language.RU
        assert not account.onboarded

        await accounts.finish_registration(account.actor, Language.EN)

        seen = await accounts.recognise(ANNA)
        assert seen is not None
        assert seen.language is Language.EN
        assert seen.onboarded


async def test_a_read_that_a_change_overtook_does_not_bring_the_old_values_back(
    container: AsyncContainer,
) -> None:
    async with accounts_of(container) as accounts:
        stale = await accounts.register(ANNA)
        await accounts.change_language(stale.actor, Language.EN)

        await accounts._cache.put(stale)  # noqa: SLF001 - the slow reader ends only now

        seen = await accounts.recognise(ANNA)
        assert seen is not None
        assert seen.language is Language.EN


@pytest.mark.parametrize("stored", ["{", "[]", '{"user_id": 1}', '{"nickname": "x"}', "null"])
async def test_what_another_release_has_cached_is_no_harm(
    container: AsyncContainer, stored: str
) -> None:
    async with accounts_of(container) as accounts:
        registered = await accounts.register(ANNA)
        redis = await container.get(Redis)
        (key,) = [key async for key in redis.scan_iter("okno:account:*")]
        await redis.set(key, stored)

        assert await accounts.recognise(ANNA) == registered
        assert await accounts.recognise(ANNA) == registered


async def test_a_deleted_user_is_gone_from_the_cache_too(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        account = await accounts.register(ANNA)

        personal_data = await container.get(PersonalDataService)
        await personal_data.delete(account.actor)
        await personal_data.delete(account.actor)

        assert await accounts.recognise(ANNA) is None
        with pytest.raises(UserNotFound):
            await accounts.details(account.actor)
        with pytest.raises(UserNotFound):
            await accounts.change_language(account.actor, Language.EN)


async def test_administrators_are_named_by_the_settings_alone(
    container: AsyncContainer, settings: Settings
) -> None:
    chief = replace(ANNA, telegram_id=ADMIN_ID)
    async with accounts_of(container) as accounts:
        registered = await accounts.register(chief)
        recognised = await accounts.recognise(chief)
    assert registered.role is Role.ADMIN
    assert recognised == registered

    nobody = settings[AccountsSettings].model_copy(update={"admin_telegram_ids": frozenset()})
    other = create_container(settings.replaced(nobody))
    async with accounts_of(other) as accounts:
        recognised = await accounts.recognise(chief)
    await other.close()
    assert recognised is not None
    assert recognised.role is Role.USER


async def test_only_the_system_notes_who_can_be_reached(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        account = await accounts.register(ANNA)
        with pytest.raises(Forbidden):
            await accounts.mark_unreachable(account.actor, ANNA.telegram_id)

        await accounts.mark_unreachable(SYSTEM, ANNA.telegram_id)
        assert (await accounts.details(account.actor)).unreachable_since is not None

        await accounts.mark_reachable(SYSTEM, ANNA.telegram_id)
        assert (await accounts.details(account.actor)).unreachable_since is None


async def test_only_a_person_has_data_and_a_language(container: AsyncContainer) -> None:
    async with accounts_of(container) as accounts:
        for use_case in (
            accounts.details(SYSTEM),
            (await container.get(PersonalDataService)).delete(SYSTEM),
            accounts.change_language(SYSTEM, Language.EN),
            accounts.finish_registration(SYSTEM, Language.EN),
        ):
            with pytest.raises(Forbidden):
                await use_case


async def test_the_longest_names_of_telegram_fit(container: AsyncContainer) -> None:
    long = replace(ANNA, first_name="Ж" * 64, last_name="😀" * 64, username="a" * 32)
    async with accounts_of(container) as accounts:
        account = await accounts.register(long)
    assert account.last_name == "😀" * 64


async def test_the_table_refuses_a_user_without_identity(container: AsyncContainer) -> None:
    engine = await container.get(Engine)
    with pytest.raises(Exception, match="ck_users_identity"):
        async with engine.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO users (first_name, language, registered_at, last_seen_at) "
                    "VALUES ('x', 'en', now(), now())"
                )
            )


async def test_an_identity_is_the_same_after_a_deletion_and_a_new_registration(
    container: AsyncContainer,
) -> None:
    async with accounts_of(container) as accounts:
        first = await accounts.register(ANNA)
        identity = await accounts.pin(SYSTEM, first.user_id)
        await (await container.get(PersonalDataService)).delete(first.actor)
        assert await accounts.pin(SYSTEM, first.user_id) is None
        assert await accounts.pin_telegram(SYSTEM, ANNA.telegram_id) is None

        again = await accounts.register(ANNA)

        assert again.user_id != first.user_id
        assert await accounts.pin(SYSTEM, again.user_id) == identity
        assert await accounts.pin_telegram(SYSTEM, ANNA.telegram_id) == again.user_id
        with pytest.raises(Forbidden):
            await accounts.pin(again.actor, again.user_id)
