"""Ids of open windows."""

from aiogram_dialog.api.entities import Stack

from tests.support.counter import Counter
from tgbot.intents import use_unique_intents


def test_windows_opened_in_the_same_second_never_share_an_id() -> None:
    use_unique_intents()
    opened = []
    for _window in range(3000):
        stack = Stack()
        opened.append(stack.push(Counter.main, None).id)

    assert len(set(opened)) == len(opened)
    assert {len(intent_id) for intent_id in opened} == {8}
