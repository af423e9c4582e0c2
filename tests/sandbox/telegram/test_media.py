"""Files: sent by the bot, sent by users, downloaded, copied, edited."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InputMediaDocument,
    InputMediaLivePhoto,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    MessageOriginUser,
)
from aiohttp import ClientResponseError

from sandbox.telegram import Emulator, SimError
from sandbox.telegram.core.files import FileStore
from sandbox.telegram.core.images import image_size
from sandbox.telegram.core.people import User
from sandbox.telegram.shapes import Upload

Call = Callable[..., Any]


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0\0\0" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00"
PHOTO = BufferedInputFile(png(), filename="cat.png")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(30, 20), (30, 20)),
        (JPEG, (7, 5)),
        (b"GIF89a\x08\x00\x09\x00", (8, 9)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"\xff\xd8abcdefgh", None),
        (b"plain text", None),
    ],
)
def test_the_size_of_a_picture(content: bytes, size: Any) -> None:
    assert image_size(content) == size


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("voice", {"duration": 3}),
        ("document", {}),
        ("audio", {"performer": "P", "title": "T"}),
        ("video", {"width": 4, "height": 3, "duration": 2}),
        ("animation", {"width": 4}),
    ],
)
def test_every_kind_of_media_has_its_official_shape(
    emulator: Emulator, expect_official: Call, anna: User, kind: str, extra: dict[str, Any]
) -> None:
    fields = {"chat_id": anna.id, "caption": "<b>A</b>", "parse_mode": "HTML", **extra}
    files = {kind: Upload("file.bin", b"content")}
    status, body = emulator.call(f"send{kind.title()}", fields, files)
    assert status == 200, body
    message = body["result"]
    expect_official(Message, message)
    assert message[kind].items() >= {"file_size": 7, **extra}.items()
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    [view] = emulator.transcript(anna.id)["messages"]
    assert (view["text"], view["media"]["kind"], view["media"]["size"]) == ("A", kind, 7)


async def test_a_photo_is_sent_downloaded_and_sent_again(bot: Bot, anna: User) -> None:
    sent = await bot.send_photo(anna.id, PHOTO, has_spoiler=True)
    assert sent.photo
    assert (sent.photo[-1].width, sent.photo[-1].height) == (3, 2)
    assert sent.has_media_spoiler
    file = await bot.get_file(sent.photo[-1].file_id)
    assert file.file_path == "photos/file_1.png"
    buffer = io.BytesIO()
    await bot.download(sent.photo[-1], buffer)
    assert buffer.getvalue() == png()
    again = await bot.send_photo(anna.id, sent.photo[-1].file_id)
    assert again.photo == sent.photo


async def test_a_file_that_is_not_there_can_not_be_downloaded(bot: Bot) -> None:
    with pytest.raises(ClientResponseError, match="404"):
        await bot.download_file("photos/file_9.png", io.BytesIO())


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (BufferedInputFile(b"no picture", filename="x.png"), "IMAGE_PROCESS_FAILED"),
        (BufferedInputFile(b"", filename="x.png"), "file must be non-empty"),
        ("https://example.org/cat.png", "failed to get HTTP URL content"),
        ("nonsense", "wrong file identifier/HTTP URL specified"),
        ("document-1", "can't use file of type Document as Photo"),
    ],
)
async def test_what_can_not_be_a_photo(bot: Bot, anna: User, photo: Any, words: str) -> None:
    await bot.send_document(anna.id, BufferedInputFile(b"x", filename="x.txt"))
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_photo(anna.id, photo)


async def test_a_caption_has_at_most_1024_characters(bot: Bot, anna: User) -> None:
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(anna.id, PHOTO, caption="x" * 1025)


def test_what_get_file_refuses(refused: Call) -> None:
    assert refused("getFile", file_id="photo-77") == "invalid file_id"


def test_a_big_file_can_not_be_downloaded(emulator: Emulator, refused: Call, anna: User) -> None:
    big = b"x" * (20 * 1024 * 1024 + 1)
    emulator.upload(anna.id, kind="document", filename="big.bin", content=big)
    assert refused("getFile", file_id="document-1") == "file is too big"


def test_beyond_the_limit_the_oldest_files_are_forgotten() -> None:
    store = FileStore(max_bytes=10)
    files = [store.add("document", Upload("f", b"12345")) for _ in range(3)]
    assert [store.find(file.file_id) is not None for file in files] == [False, True, True]
    assert store.at(files[0].path) is None


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_a_user_sends_a_file(
    emulator: Emulator, expect_official: Call, anna: User, kind: str
) -> None:
    content = png() if kind == "photo" else b"bytes"
    message = emulator.upload(
        anna.id, kind=kind, filename="../../cat.png", content=content, caption="look: #cat"
    )
    expect_official(Message, message)
    [update] = emulator.take_updates()
    assert update["message"] == message
    assert message["caption_entities"][0]["type"] == "hashtag"
    file = message["photo"][-1] if kind == "photo" else message[kind]
    assert emulator.world.files.get(file["file_id"]).content == content
    assert "/" not in file.get("file_name", "")


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"kind": "sticker"}, "kind is one of photo, document, voice"),
        ({"content": b""}, "the file is empty"),
        ({"caption": "x" * 1025}, "a caption has at most 1024 characters"),
    ],
)
def test_what_a_user_can_not_send(
    emulator: Emulator, anna: User, fields: dict[str, Any], detail: str
) -> None:
    upload: dict[str, Any] = {"kind": "document", "filename": "x", "content": b"x"} | fields
    with pytest.raises(SimError, match=detail):
        emulator.upload(anna.id, **upload)


async def test_an_album_is_as_many_messages(bot: Bot, emulator: Emulator, anna: User) -> None:
    sent = await bot.send_media_group(
        anna.id,
        [InputMediaPhoto(media=PHOTO, caption="one"), InputMediaPhoto(media=PHOTO)],
    )
    assert [message.caption for message in sent] == ["one", None]
    assert sent[0].media_group_id == sent[1].media_group_id
    assert len(emulator.transcript(anna.id)["messages"]) == 2


async def test_options_of_media_are_kept(bot: Bot, anna: User) -> None:
    photo = InputMediaPhoto(media=PHOTO, has_spoiler=True, show_caption_above_media=True)
    [in_album] = await bot.send_media_group(anna.id, [photo])
    alone = await bot.send_photo(anna.id, PHOTO, show_caption_above_media=True)
    recaptioned = await bot.edit_message_caption(
        chat_id=anna.id, message_id=1, caption="x", show_caption_above_media=True
    )
    assert (in_album.has_media_spoiler, in_album.show_caption_above_media) == (True, True)
    assert alone.show_caption_above_media
    assert isinstance(recaptioned, Message)
    assert (recaptioned.has_media_spoiler, recaptioned.show_caption_above_media) == (True, True)


async def test_a_kind_that_is_not_shown_is_refused(bot: Bot, anna: User) -> None:
    live = InputMediaLivePhoto(media="photo-1", photo="photo-1")
    with pytest.raises(TelegramBadRequest, match='type "live_photo" is unsupported'):
        await bot.send_media_group(anna.id, [live])


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "there are no messages to send"), (11, "too many messages to send as an album")],
)
async def test_an_album_has_up_to_ten(bot: Bot, anna: User, count: int, words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_media_group(anna.id, [InputMediaPhoto(media=PHOTO)] * count)


async def test_an_album_is_sent_as_a_whole_or_not_at_all(
    bot: Bot, emulator: Emulator, anna: User
) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.send_media_group(
            anna.id, [InputMediaPhoto(media=PHOTO), InputMediaPhoto(media="nonsense")]
        )
    assert emulator.transcript(anna.id)["messages"] == []


async def test_media_can_be_edited(bot: Bot, anna: User) -> None:
    await bot.send_photo(anna.id, PHOTO, caption="old")
    recaptioned = await bot.edit_message_caption(chat_id=anna.id, message_id=1, caption="new")
    assert isinstance(recaptioned, Message)
    assert recaptioned.caption == "new"
    replaced = await bot.edit_message_media(
        InputMediaDocument(media=BufferedInputFile(b"x", filename="x.txt")),
        chat_id=anna.id,
        message_id=1,
    )
    assert isinstance(replaced, Message)
    assert replaced.document
    assert (replaced.photo, replaced.caption) == (None, None)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=1)


async def test_a_text_can_become_media(bot: Bot, anna: User) -> None:
    await bot.send_message(anna.id, "text")
    video = InputMediaVideo(media=BufferedInputFile(b"x", filename="x.mp4"), caption="c")
    edited = await bot.edit_message_media(video, chat_id=anna.id, message_id=1)
    assert isinstance(edited, Message)
    assert (edited.text, edited.caption, edited.edit_date is not None) == (None, "c", True)


async def test_copies_and_forwards(bot: Bot, emulator: Emulator, anna: User) -> None:
    boris = emulator.create_user("Boris")
    emulator.upload(anna.id, kind="photo", filename="a.png", content=png(), caption="mine")
    await bot.copy_message(boris.id, anna.id, 1, caption="yours")
    await bot.copy_message(boris.id, anna.id, 1)
    forwarded = await bot.forward_message(boris.id, anna.id, 1)
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == anna.id
    ids = await bot.copy_messages(boris.id, anna.id, [1, 9], remove_caption=True)
    more = await bot.forward_messages(boris.id, anna.id, [1])
    assert [item.message_id for item in (*ids, *more)] == [4, 5]
    messages = emulator.transcript(boris.id)["messages"]
    assert [view["text"] for view in messages] == ["yours", "mine", "mine", "", "mine"]
    assert all(view["author"] == "bot" for view in messages)


async def test_a_forward_of_a_forward_keeps_the_author(
    bot: Bot, emulator: Emulator, expect_official: Call, anna: User
) -> None:
    emulator.say(anna.id, "Hi")
    for message_id in (1, 2):
        await bot.forward_message(anna.id, anna.id, message_id)
    last = emulator.world.chats.get(anna.id).history.get(3)
    assert last
    assert last["forward_origin"]["sender_user"]["id"] == anna.id
    expect_official(Message, last)


def test_what_can_not_be_copied(result: Call, refused: Call, anna: User) -> None:
    result("sendMessage", chat_id=anna.id, text="secret", protect_content=True)
    copy = {"chat_id": anna.id, "from_chat_id": anna.id}
    assert refused("copyMessage", **copy, message_id=9) == "message to copy not found"
    assert refused("forwardMessage", **copy, message_id=9) == "message to forward not found"
    assert refused("copyMessage", **copy, message_id=1) == "message can't be copied"
    assert refused("forwardMessage", **copy, message_id=1) == "message can't be forwarded"
    assert refused("copyMessages", **copy, message_ids=[1]) == "there are no messages to forward"
    assert "not specified" in refused("copyMessages", **copy, message_ids=[])
    assert "too many" in refused("forwardMessages", **copy, message_ids=[*range(101)])
