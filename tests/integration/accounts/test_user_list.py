"""Users as an admin sees them, and how somebody becomes one."""

import pytest

from okno.accounts.dto import TelegramProfile, UserSummary
from okno.accounts.errors import UserNotFound
from okno.accounts.service import AccountsService
from okno.kit.actor import SYSTEM, Actor, Forbidden, Role
from okno.kit.page import Page
from tests.conftest import ADMIN_ID
from tests.support.front_door import FrontDoor, user

ADMIN = Actor(Role.ADMIN, 99)


@pytest.fixture
async def people(door: FrontDoor) -> list[int]:
    """Anna of Telegram, Boris of both, Clara of the web, an admin, a service's user, a husk."""
    anna = await door.meet_in_telegram(7001)
    boris = await door.meet_in_telegram(7002)
    await door.execute(
        "UPDATE users SET login = 'boris_50%', username = 'bo', first_name = 'Борис', "
        "last_name = 'Годунов' WHERE id = :id",
        id=boris,
    )
    clara = await door.make_service_user("c", "shop")
    chief = await door.meet_in_telegram(ADMIN_ID)
    husk = await door.make_service_user("husk", "shop")
    await door.execute("UPDATE users SET merged_into = :clara WHERE id = :id", clara=clara, id=husk)
    return [chief, clara, boris, anna]


async def page(
    door: FrontDoor, number: int = 0, size: int = 50, query: str | None = None
) -> Page[UserSummary]:
    async with door.use(AccountsService) as accounts:
        return await accounts.list_users(ADMIN, number, size, query)


async def found(door: FrontDoor, query: str) -> list[int]:
    return [user.user_id for user in (await page(door, query=query)).items]


async def test_everybody_is_listed_the_newest_first_and_no_husk(
    door: FrontDoor, people: list[int]
) -> None:
    listed = await page(door)
    assert [user.user_id for user in listed.items] == people
    assert (listed.number, listed.total, listed.size) == (0, 4, 50)
    assert [user.role for user in listed.items] == [Role.ADMIN, *[Role.USER] * 3]
    boris = listed.items[2]
    assert (boris.login, boris.telegram_id, boris.username) == ("boris_50%", 7002, "bo")
    assert (boris.first_name, boris.last_name) == ("Борис", "Годунов")


async def test_the_list_has_pages(door: FrontDoor, people: list[int]) -> None:
    pages = [await page(door, number, 3) for number in range(2)]
    assert [[user.user_id for user in one.items] for one in pages] == [people[:3], people[3:]]
    assert {one.total for one in pages} == {4}
    assert await page(door, 99, 3) == pages[1]
    assert await page(door, -1, 3) == pages[0]


async def test_people_are_found_by_a_piece_of_a_name_or_by_an_id(
    door: FrontDoor, people: list[int]
) -> None:
    chief, clara, boris, anna = people
    assert await found(door, "ГОДУ") == [boris]
    assert await found(door, "BORIS_5") == [boris]
    assert await found(door, "50%") == [boris]
    assert await found(door, "_50") == [boris]
    assert await found(door, "7001") == [anna]
    assert await found(door, str(clara)) == [clara]
    assert await found(door, " anna ") == [chief, anna]
    assert await found(door, "%") == [boris]
    assert await found(door, "") == people


@pytest.mark.parametrize(
    "query", ["nobody", "9" * 18, "9" * 40, "²", "\0zz\0", "\ud800", "x" * 999]
)
async def test_nobody_is_found_by_what_fits_nobody(
    door: FrontDoor, people: list[int], query: str
) -> None:
    assert await found(door, query) == []


async def test_only_an_admin_looks_through_people(door: FrontDoor) -> None:
    async with door.use(AccountsService) as accounts:
        for actor in (user(1), Actor(Role.SERVICE, service_id=1)):
            with pytest.raises(Forbidden):
                await accounts.list_users(actor, 0, 10)


async def test_somebody_becomes_an_admin_by_telegram_id_or_login(door: FrontDoor) -> None:
    await door.meet_in_telegram(7001)
    await door.register("clara")
    async with door.use(AccountsService) as accounts:
        profile = TelegramProfile(7001, "Anna", username="anna_p")
        before = await accounts.recognise(profile)
        by_number = await accounts.make_admin(SYSTEM, 7001)
        by_login = await accounts.make_admin(SYSTEM, "Clara")
        after = await accounts.recognise(profile)
        assert await accounts.make_admin(SYSTEM, "7001") == by_number

    assert before is not None
    assert before.role is Role.USER
    assert by_number == after
    assert (by_number.role, by_login.role) == (Role.ADMIN, Role.ADMIN)


async def test_nobody_becomes_an_admin_who_is_not_there_or_by_another_than_the_system(
    door: FrontDoor,
) -> None:
    await door.meet_in_telegram(7001)
    async with door.use(AccountsService) as accounts:
        for whom in (7002, "anna_p", "", "9" * 19, "nobody"):
            with pytest.raises(UserNotFound):
                await accounts.make_admin(SYSTEM, whom)
        with pytest.raises(Forbidden):
            await accounts.make_admin(ADMIN, 7001)
