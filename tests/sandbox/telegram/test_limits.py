"""The optional limits on sending."""

from typing import Any

import pytest

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock


@pytest.fixture
def emulator(clock: FakeClock) -> Emulator:
    return Emulator(clock=clock, rate_limit=True)


def send(emulator: Emulator, chat_id: int, method: str = "sendMessage", **fields: Any) -> int:
    status, _ = emulator.call(method, {"chat_id": chat_id, "text": "Hi", **fields})
    return status


def test_a_chat_takes_a_burst_and_then_one_message_a_second(
    emulator: Emulator, clock: FakeClock, anna: User
) -> None:
    assert [send(emulator, anna.id) for _ in range(4)] == [200, 200, 200, 429]
    clock.advance(1)
    assert [send(emulator, anna.id) for _ in range(2)] == [200, 429]


def test_a_refusal_tells_how_long_to_wait(emulator: Emulator, clock: FakeClock, anna: User) -> None:
    for _ in range(3):
        send(emulator, anna.id)
    clock.advance(0.2)
    assert emulator.call("sendMessage", {"chat_id": anna.id, "text": "Hi"}) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        },
    )
    assert len(emulator.transcript(anna.id)["messages"]) == 3


def test_edits_count_as_messages(emulator: Emulator, anna: User) -> None:
    send(emulator, anna.id)
    edits = [send(emulator, anna.id, "editMessageText", message_id=1, text=text) for text in "abc"]
    assert edits == [200, 200, 429]


def test_chat_actions_drafts_and_reads_are_free(emulator: Emulator, anna: User) -> None:
    for _ in range(50):
        assert send(emulator, anna.id, "sendChatAction", action="typing") == 200
        assert send(emulator, anna.id, "sendMessageDraft", draft_id=1) == 200
        assert send(emulator, anna.id, "getChat") == 200


def test_other_chats_have_a_budget_of_their_own_within_the_common_one(
    emulator: Emulator, clock: FakeClock
) -> None:
    users = [emulator.create_user("X") for _ in range(31)]
    statuses = [send(emulator, user.id) for user in users]
    assert statuses == [200] * 30 + [429]
    clock.advance(1)
    assert send(emulator, users[-1].id) == 200


def test_a_group_takes_twenty_a_minute(emulator: Emulator, clock: FakeClock, anna: User) -> None:
    group = emulator.create_group("Team", [anna.id])
    statuses = []
    for _ in range(22):
        clock.advance(1)
        statuses.append(send(emulator, group.id))
    # in 22 seconds a third of a token per second comes back
    assert statuses.count(200) == 22
    for _ in range(20):
        clock.advance(1)
        statuses.append(send(emulator, group.id))
    assert 429 in statuses


def test_many_copies_at_once_count_as_many(emulator: Emulator, anna: User) -> None:
    boris = emulator.create_user("Boris")
    for _ in range(4):
        emulator.say(boris.id, "Hi")
    copy = {"from_chat_id": boris.id, "message_ids": [1, 2, 3]}
    assert send(emulator, anna.id, "copyMessages", **copy) == 200
    assert send(emulator, anna.id) == 429


def test_a_reset_fills_the_budget(emulator: Emulator, anna: User) -> None:
    for _ in range(4):
        send(emulator, anna.id)
    emulator.reset()
    boris = emulator.create_user("Boris")
    assert send(emulator, boris.id) == 200


def test_without_the_option_there_are_no_limits(clock: FakeClock) -> None:
    emulator = Emulator(clock=clock)
    user = emulator.create_user("Anna")
    assert {send(emulator, user.id) for _ in range(50)} == {200}
