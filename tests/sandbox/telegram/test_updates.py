"""The queue of updates and getUpdates, by the rules of the official server."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from aiogram.methods import GetUpdates
from aiogram.types import Update

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from sandbox.telegram.core.updates import MAX_PENDING
from sandbox.telegram.gateway import ApiGateway

Call = Callable[..., Any]


@pytest.fixture
def gateway(emulator: Emulator) -> ApiGateway:
    return ApiGateway(emulator, same_offset_pause=0)


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def say(emulator: Emulator, user: User, *messages: str) -> None:
    for message in messages:
        emulator.say(user.id, message)


def test_updates_stay_until_an_offset_confirms_them(
    emulator: Emulator, result: Call, anna: User
) -> None:
    say(emulator, anna, "a", "b", "c")
    first = result("getUpdates")
    assert texts(first) == ["a", "b", "c"]
    assert texts(result("getUpdates", limit=2)) == ["a", "b"]
    ids = [update["update_id"] for update in first]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert texts(result("getUpdates", offset=ids[1])) == ["b", "c"]
    assert texts(result("getUpdates")) == ["b", "c"]
    assert result("getUpdates", offset=ids[2] + 1) == []
    assert result("getUpdates") == []


def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(
    emulator: Emulator, result: Call, anna: User
) -> None:
    say(emulator, anna, "a", "b", "c")
    assert texts(result("getUpdates", offset=-2)) == ["b", "c"]
    assert texts(result("getUpdates")) == ["b", "c"]
    assert texts(result("getUpdates", offset=-99)) == ["b", "c"]


def test_an_offset_of_another_queue_confirms_nothing(
    emulator: Emulator, result: Call, anna: User
) -> None:
    say(emulator, anna, "a")
    assert texts(result("getUpdates", offset=2_000_000_000)) == ["a"]


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (-5, 1), (1000, 100), (None, 100)])
def test_the_limit_has_limits(
    emulator: Emulator, result: Call, anna: User, limit: Any, count: int
) -> None:
    say(emulator, anna, *"x" * 101)
    assert len(result("getUpdates", limit=limit)) == count


def test_an_update_that_was_not_asked_for_is_not_queued(
    emulator: Emulator, result: Call, anna: User
) -> None:
    result("getUpdates", allowed_updates=["callback_query", "aiogd_update"])
    say(emulator, anna, "a")
    result("getUpdates")
    say(emulator, anna, "b")
    assert result("getUpdates") == []
    result("getUpdates", allowed_updates=["message"])
    say(emulator, anna, "c")
    assert texts(result("getUpdates")) == ["c"]


@pytest.mark.parametrize("allowed", [[], ["no_such_update"]])
def test_asking_for_nothing_known_means_the_default(
    emulator: Emulator, result: Call, anna: User, allowed: list[str]
) -> None:
    result("getUpdates", allowed_updates=["callback_query"])
    result("getUpdates", allowed_updates=allowed)
    say(emulator, anna, "a")
    assert texts(result("getUpdates")) == ["a"]
    assert "allowed_updates" not in result("getWebhookInfo")


def test_the_default_leaves_out_what_must_be_asked_for(emulator: Emulator) -> None:
    queue = emulator.world.updates
    for kind in ("chat_member", "message_reaction", "message_reaction_count", "poll"):
        queue.add(kind, {}, chat_id=1)
    assert [list(update)[1] for update in emulator.take_updates()] == ["poll"]


def test_the_queue_is_bounded(emulator: Emulator) -> None:
    for _ in range(MAX_PENDING + 1):
        emulator.world.updates.add("poll", {}, chat_id=1)
    assert len(emulator.world.updates) == MAX_PENDING


def test_every_kind_of_update_is_official(
    emulator: Emulator, result: Call, expect_official: Call, anna: User
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    say(emulator, anna, "/start hello@example.org")
    result("sendMessage", chat_id=anna.id, text="Hi", reply_markup=keyboard)
    emulator.click(anna.id, 2, text="A")
    result("sendMessageDraft", chat_id=anna.id, draft_id=1, text="x", can_stop=True)
    emulator.stop(anna.id)
    for kind in ("photo", "document", "voice"):
        emulator.upload(anna.id, kind=kind, filename="f.bin", content=b"x", caption="#tag")
    result("pinChatMessage", chat_id=anna.id, message_id=1)
    emulator.block(anna.id)
    emulator.unblock(anna.id)
    updates = emulator.take_updates()
    assert len(updates) == 9
    for update in updates:
        expect_official(Update, update)


def test_nothing_restarts_after_a_reset(emulator: Emulator, anna: User) -> None:
    say(emulator, anna, "a")
    [before] = emulator.take_updates()
    emulator.reset()
    assert emulator.users() == []
    boris = emulator.create_user("Boris")
    say(emulator, boris, "b")
    [after] = emulator.take_updates()
    assert boris.id > anna.id
    assert after["update_id"] > before["update_id"]


async def poll(gateway: ApiGateway, **fields: Any) -> tuple[int, Any]:
    answer = await gateway.answer("getUpdates", fields, {})
    body = json.loads(answer.content)
    return answer.status, body.get("result", body.get("description"))


async def waiting(gateway: ApiGateway, **fields: Any) -> "asyncio.Task[tuple[int, Any]]":
    """A poll that has begun to wait."""
    task = asyncio.get_running_loop().create_task(poll(gateway, timeout=50, **fields))
    await asyncio.sleep(0)
    return task


async def test_a_long_poll_ends_with_the_first_update(
    gateway: ApiGateway, emulator: Emulator, anna: User
) -> None:
    task = await waiting(gateway)
    assert gateway.is_polling
    say(emulator, anna, "a")
    status, updates = await task
    assert (status, texts(updates)) == (200, ["a"])
    assert not gateway.is_polling


async def test_a_second_poll_makes_the_first_one_fail(
    gateway: ApiGateway, emulator: Emulator, anna: User
) -> None:
    first = await waiting(gateway)
    second = await waiting(gateway)
    assert await first == (
        409,
        (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        ),
    )
    assert gateway.is_polling
    say(emulator, anna, "a")
    assert texts((await second)[1]) == ["a"]
    assert [call.status for call in emulator.calls("getUpdates")] == [409, 200]


async def test_a_webhook_and_polling_exclude_each_other(
    gateway: ApiGateway, emulator: Emulator
) -> None:
    task = await waiting(gateway)
    emulator.call("setWebhook", {"url": "http://127.0.0.1:1/hook"})
    assert await task == (409, "Conflict: terminated by setWebhook request")
    assert await poll(gateway) == (
        409,
        (
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        ),
    )
    emulator.call("deleteWebhook")
    assert await poll(gateway) == (200, [])


async def test_a_poll_ends_empty_when_its_time_is_over(gateway: ApiGateway) -> None:
    assert await poll(gateway, timeout=0) == (200, [])


async def test_a_poll_waits_fifty_seconds_at_most(gateway: ApiGateway) -> None:
    timeout_of = gateway._polls._timeout  # noqa: SLF001 - no test waits for fifty seconds
    assert timeout_of(GetUpdates(offset=1, timeout=500)) == 50
    assert timeout_of(GetUpdates(offset=2, timeout=-5)) == 0


async def test_a_poll_ends_when_the_front_closes(gateway: ApiGateway) -> None:
    task = await waiting(gateway)
    gateway.close()
    assert await task == (200, [])


async def test_an_impatient_bot_is_made_to_wait(emulator: Emulator, anna: User) -> None:
    gateway = ApiGateway(emulator, same_offset_pause=3)
    assert await poll(gateway, offset=5, timeout=0) == (200, [])
    again = asyncio.get_running_loop().create_task(poll(gateway, offset=5, timeout=0))
    await asyncio.sleep(0)
    assert gateway.is_polling
    say(emulator, anna, "a")
    assert texts((await again)[1]) == ["a"]
