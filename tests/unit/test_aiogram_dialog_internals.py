"""The internals of aiogram-dialog that Okno relies on have not changed.

A failure here after an upgrade of the library means: read `dialogs/kit/aiogram_dialog_internals.py`
again before anything else.
"""

import ast
import asyncio
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram import Bot, Dispatcher
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram.types import Chat, InlineKeyboardButton, Message, Update, User
from aiogram_dialog import Dialog, Window, setup_dialogs
from aiogram_dialog.api.entities import AccessSettings, Context, Stack
from aiogram_dialog.api.protocols import BgManagerFactory
from aiogram_dialog.context.storage import StorageProxy
from aiogram_dialog.utils import add_intent_id
from aiogram_dialog.widgets.input import MessageInput, TextInput
from aiogram_dialog.widgets.text import Const

from dialogs.kit.aiogram_dialog_internals import (
    BACKGROUND_UPDATE_TYPE,
    background_context,
    foreground_block,
    is_background_update,
    is_readable,
    new_window_id,
    open_state,
    split_callback_data,
    states_with_input,
    use_unique_window_ids,
)
from tests.support.counter import Counter
from tests.support.stage import is_left_by_library
from tests.support.wait import TIMEOUT

ROOT = Path(__file__).parent.parent.parent
INTERNALS = "dialogs/kit/aiogram_dialog_internals.py"
DOCUMENTED = ("aiogram_dialog.widgets", "aiogram_dialog.api.protocols")
ANNA = 7
NOW = datetime.now(UTC)


@pytest.fixture
def bot() -> Bot:
    return Bot("1:token")


def imports_of_internals(module: Path) -> list[str]:
    return [
        node.module
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith("aiogram_dialog.")
        and not node.module.startswith(DOCUMENTED)
    ]


def test_one_module_alone_imports_the_insides_of_the_library() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("dialogs", "tgbot", "worker", "sandbox", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if imports_of_internals(path)
    }
    assert found == {INTERNALS}


# Ids of windows


def test_windows_opened_in_the_same_second_never_share_an_id() -> None:
    use_unique_window_ids()
    opened = []
    for _window in range(3000):
        stack = Stack()
        opened.append(stack.push(Counter.main, None).id)

    assert len(set(opened)) == len(opened)
    assert {len(window_id) for window_id in opened} == {8}


def test_a_button_names_its_window_before_its_data() -> None:
    button = InlineKeyboardButton(text="Stop", callback_data="stop:1")
    window_id = new_window_id()

    add_intent_id([[button]], window_id)

    assert split_callback_data(button.callback_data) == (window_id, "stop:1")
    assert split_callback_data("stop:1") == (None, "stop:1")
    assert split_callback_data(None) == (None, "")


# Stored windows


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def proxy(bot: Bot, storage: MemoryStorage) -> StorageProxy:
    return StorageProxy(
        storage=storage,
        events_isolation=SimpleEventIsolation(),
        user_id=ANNA,
        chat_id=ANNA,
        thread_id=None,
        business_connection_id=None,
        bot=bot,
        state_groups={"Counter": Counter},
    )


async def test_what_the_library_stores_is_readable_and_nothing_else_is(
    proxy: StorageProxy, storage: MemoryStorage
) -> None:
    stack = Stack(_id="", last_message_id=5, last_income_media_group_id="album")
    context = stack.push(Counter.main, {"id": 1})
    context.access_settings = AccessSettings(user_ids=[ANNA])
    await proxy.save_stack(stack)
    await proxy.save_context(context)

    stored = {key.destiny: value.data for key, value in storage.storage.items()}

    assert set(stored) == {"aiogd:stack:", f"aiogd:context:{context.id}"}
    for destiny, data in stored.items():
        assert is_readable(destiny, data)
        assert not is_readable(destiny, {**data, "field_of_another_release": 1})
    assert not is_readable(f"aiogd:context:{context.id}", {"dialog_data": {}})
    assert is_readable("default", {"whatever": 1})


async def test_a_stored_stack_comes_back_with_its_message_and_album(proxy: StorageProxy) -> None:
    stack = Stack(_id="", last_message_id=5, last_income_media_group_id="album")
    await proxy.save_stack(stack)

    loaded = await proxy.load_stack()

    assert (loaded.last_message_id, loaded.last_income_media_group_id) == (5, "album")


def test_stacks_and_contexts_have_the_fields_that_open_windows_have() -> None:
    """Other fields make every open window unreadable: an upgrade has to be announced."""
    assert {field.name for field in fields(Stack)} == {
        *("_id", "intents", "last_message_id", "last_reply_keyboard", "last_media_id"),
        *("last_media_unique_id", "last_income_media_group_id", "content_type"),
        *("access_settings", "has_protected_content"),
    }
    assert {field.name for field in fields(Context)} == {
        *("_intent_id", "_stack_id", "state", "start_data", "dialog_data", "widget_data"),
        "access_settings",
    }


# Inputs and the open window


async def _ignore(*_: object) -> None: ...


@pytest.mark.parametrize(
    ("widgets", "takes_text"),
    [
        ((), False),
        ((TextInput(id="text"),), True),
        ((MessageInput(_ignore),), True),
        ((_ignore,), True),
        ((TextInput(id="text"), MessageInput(_ignore)), True),
    ],
    ids=["none", "text", "message", "function", "two"],
)
def test_a_window_with_an_input_is_found(widgets: tuple[object, ...], *, takes_text: bool) -> None:
    dialog = Dialog(Window(Const("…"), *widgets, state=Counter.main))

    assert states_with_input([dialog]) == ({Counter.main} if takes_text else set())


async def test_a_filter_sees_the_state_of_the_open_window(bot: Bot, proxy: StorageProxy) -> None:
    dispatcher, _ = running(Dialog(Window(Const("…"), state=Counter.main)), proxy.storage)
    seen = []

    async def note_state(_message: Message, **data: object) -> bool:
        seen.append(open_state(data))
        return True

    dispatcher.message.register(_ignore, note_state)
    await dispatcher.emit_startup(bot=bot)
    await dispatcher.feed_update(bot, message_of_anna())
    stack = Stack(_id="")
    await proxy.save_context(stack.push(Counter.main, None))
    await proxy.save_stack(stack)
    await dispatcher.feed_update(bot, message_of_anna())

    assert seen == [None, Counter.main]


# Background updates


async def test_background_updates_are_told_from_those_of_telegram(bot: Bot) -> None:
    dispatcher, windows = running(Dialog(Window(Const("…"), state=Counter.main)))
    updates: list[Update] = []

    async def note(handler: object, event: Update, data: dict[str, object]) -> object:
        updates.append(event)
        return await handler(event, data)  # type: ignore[operator]

    dispatcher.update.outer_middleware(note)  # type: ignore[arg-type]
    await dispatcher.emit_startup(bot=bot)
    async with windows.bg(bot, ANNA, ANNA).fg():
        pass

    (update,) = updates
    context = background_context(update)
    assert is_background_update(update)
    assert not is_background_update(message_of_anna())
    assert update.event_type == BACKGROUND_UPDATE_TYPE
    assert BACKGROUND_UPDATE_TYPE in dispatcher.resolve_used_update_types()
    assert context is not None
    assert (context.chat_id, context.user_id) == (ANNA, ANNA)
    assert background_context(message_of_anna()) is None
    assert foreground_block(update) is not None
    assert foreground_block(message_of_anna()) is None


async def test_an_opener_who_is_refused_gets_the_error(bot: Bot) -> None:
    dispatcher, windows = running(Dialog(Window(Const("…"), state=Counter.main)))
    refused = ZeroDivisionError()

    async def refuse(_handler: object, event: Update, _data: object) -> None:
        block = foreground_block(event)
        assert block is not None
        assert block.refuse(refused)
        assert not block.refuse(refused)

    dispatcher.update.outer_middleware(refuse)  # type: ignore[arg-type]
    await dispatcher.emit_startup(bot=bot)

    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(TIMEOUT), windows.bg(bot, ANNA, ANNA).fg():
            pytest.fail("the block was entered")


async def test_the_error_of_a_block_is_known_as_its_own(bot: Bot) -> None:
    dispatcher, windows = running(Dialog(Window(Const("…"), state=Counter.main)))
    raised, known = ZeroDivisionError(), []

    async def note(handler: object, event: Update, data: dict[str, object]) -> None:
        block = foreground_block(event)
        assert block is not None
        try:
            await handler(event, data)  # type: ignore[operator]
        except ZeroDivisionError as error:
            known.append((block.has_raised(error), block.has_raised(KeyError())))

    dispatcher.update.outer_middleware(note)  # type: ignore[arg-type]
    await dispatcher.emit_startup(bot=bot)
    with suppress(ZeroDivisionError):
        async with windows.bg(bot, ANNA, ANNA).fg():
            raise raised
    await asyncio.sleep(0)

    assert known == [(True, False)]


async def test_the_tasks_of_the_library_are_known_by_their_name(bot: Bot) -> None:
    dispatcher, windows = running(Dialog(Window(Const("…"), state=Counter.main)))
    await dispatcher.emit_startup(bot=bot)

    async with windows.bg(bot, ANNA, ANNA).fg():
        left = [task for task in asyncio.all_tasks() if is_left_by_library(task)]

    assert len(left) == 1


def running(
    dialog: Dialog, storage: BaseStorage | None = None
) -> tuple[Dispatcher, BgManagerFactory]:
    dispatcher = Dispatcher(storage=storage or MemoryStorage())
    dispatcher.include_router(dialog)
    return dispatcher, setup_dialogs(dispatcher)


def message_of_anna() -> Update:
    user, chat = User(id=ANNA, is_bot=False, first_name="Anna"), Chat(id=ANNA, type="private")
    message = Message(message_id=1, date=NOW, chat=chat, from_user=user, text="hello")
    return Update(update_id=1, message=message)
