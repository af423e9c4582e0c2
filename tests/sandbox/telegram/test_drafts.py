"""Streamed drafts and the Stop button."""

from collections.abc import Callable
from typing import Any

import pytest
from aiogram.types import Update

from sandbox.telegram import Emulator, SimError
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock

Call = Callable[..., Any]


@pytest.fixture
def draft(result: Call, anna: User) -> Call:
    def send(**fields: Any) -> None:
        assert result("sendMessageDraft", chat_id=anna.id, draft_id=5, **fields) is True

    return send


def shown(emulator: Emulator, user: User) -> Any:
    return emulator.transcript(user.id)["draft"]


def test_a_draft_is_shown_and_grows(emulator: Emulator, draft: Call, anna: User) -> None:
    draft()
    assert shown(emulator, anna)["text"] == ""
    draft(text="<i>On", parse_mode=None)
    draft(text="<i>Once</i>", parse_mode="HTML", can_stop=True)
    assert shown(emulator, anna) == {
        "draft_id": 5,
        "text": "Once",
        "entities": [{"type": "italic", "offset": 0, "length": 4}],
        "can_stop": True,
    }
    assert emulator.transcript(anna.id)["messages"] == []


def test_a_draft_vanishes_with_the_bots_message(
    emulator: Emulator, draft: Call, result: Call, anna: User
) -> None:
    draft(text="Once")
    emulator.say(anna.id, "faster")
    assert shown(emulator, anna)["text"] == "Once"
    result("sendMessage", chat_id=anna.id, text="Once upon a time")
    assert shown(emulator, anna) is None


def test_a_draft_vanishes_after_thirty_seconds(
    emulator: Emulator, clock: FakeClock, draft: Call, anna: User
) -> None:
    draft(text="Once")
    clock.advance(29.9)
    assert shown(emulator, anna)["text"] == "Once"
    clock.advance(0.1)
    assert shown(emulator, anna) is None


@pytest.mark.parametrize("keep", [False, True])
def test_stop_is_an_update_and_the_bot_decides_what_stays(
    emulator: Emulator, expect_official: Call, draft: Call, anna: User, *, keep: bool
) -> None:
    draft(text="Once", can_stop=True, keep_on_stop=keep)
    emulator.stop(anna.id)
    [update] = emulator.take_updates()
    assert update["stopped_message_generation"]["draft_id"] == 5
    assert update["stopped_message_generation"]["chat"]["id"] == anna.id
    expect_official(Update, update)
    left = shown(emulator, anna)
    assert (left and (left["text"], left["can_stop"])) == (("Once", False) if keep else None)


def test_there_must_be_something_to_stop(emulator: Emulator, draft: Call, anna: User) -> None:
    with pytest.raises(SimError, match="nothing to stop"):
        emulator.stop(anna.id)
    draft(text="Once")
    with pytest.raises(SimError, match="nothing to stop"):
        emulator.stop(anna.id)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"draft_id": 0}, "invalid draft identifier specified"),
        ({}, "invalid draft identifier specified"),
        ({"draft_id": 1, "text": "x" * 4097}, "message is too long"),
        ({"draft_id": 1, "text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
    ],
)
def test_what_can_not_be_a_draft(refused: Call, anna: User, fields: Any, words: str) -> None:
    assert words in refused("sendMessageDraft", chat_id=anna.id, **fields)


def test_drafts_are_for_private_chats(emulator: Emulator, refused: Call, anna: User) -> None:
    group = emulator.create_group("Team", [anna.id])
    answer = refused("sendMessageDraft", chat_id=group.id, draft_id=1, text="x")
    assert answer == "TEXTDRAFT_PEER_INVALID"
