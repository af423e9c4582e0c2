"""Bytes of a stream become objects, however the network cuts them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okno.llm.errors import ModelStreamBroken
from okno.llm.providers.frames import DONE, Frames
from okno.llm.providers.values import mended, number


class Body:
    """A body that comes in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [piece for piece in pieces if piece]

    async def readany(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


async def read(*pieces: bytes) -> list[Any]:
    return [frame async for frame in Frames(Body(*pieces))]


OBJECTS = st.lists(
    st.dictionaries(st.text(), st.text() | st.integers() | st.none(), min_size=1), max_size=5
)
STYLES = st.sampled_from(
    [b"%s\n", b"%s\r\n", b"data: %s\n\n", b"data:%s\r\n\r\n", b": hello\n\ndata: %s\n\n", b"%s"]
)


@given(objects=OBJECTS, style=STYLES, is_ascii=st.booleans(), data=st.data())
async def test_any_cut_and_any_style_give_the_same_objects(
    objects: list[dict[str, Any]], style: bytes, *, is_ascii: bool, data: st.DataObject
) -> None:
    body = b"".join(style % json.dumps(value, ensure_ascii=is_ascii).encode() for value in objects)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]

    assert await read(*pieces) == objects


async def test_frames_are_given_as_soon_as_they_are_whole() -> None:
    body = Body(b'{"a": 1}\n{"b"', b": 2}\n")
    frames = Frames(body)
    assert await anext(frames) == {"a": 1}
    assert body.pieces == [b": 2}\n"]


async def test_the_end_sign_is_seen() -> None:
    frames = await read(b'data: {"a": 1}\n\ndata: [DONE]\n\n')
    assert frames == [{"a": 1}, {}]
    assert frames[1] is DONE


async def test_what_is_no_object_is_passed_over() -> None:
    junk = b'\n: ping\nevent: message\nid: 7\nretry: 10\n<html>\n"text"\n[1]\n'
    assert await read(junk, b'{"a": 1}\n', junk) == [{"a": 1}]


@pytest.mark.parametrize(
    "line",
    [b'{"a": ', b"{a: 1}\n", b'{"a": "\xff"}\n', b'{"a": 1}x\n', b'{"a":' * 100_000 + b"\n"],
    ids=["cut off", "no JSON", "no UTF-8", "something behind", "too deep"],
)
async def test_what_can_not_be_read_breaks_the_stream(line: bytes) -> None:
    with pytest.raises(ModelStreamBroken):
        await read(b'{"a": 1}\n', line)


async def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    body = Body(*[b"x" * 1_000_000] * 100)
    with pytest.raises(ModelStreamBroken):
        await anext(Frames(body))
    assert len(body.pieces) > 90


def test_halves_of_a_character_are_joined_or_dropped() -> None:
    smile = "😀"
    high, low = "\ud83d", "\ude00"
    assert mended(f"a{high}{low}b") == f"a{smile}b"
    assert mended(f"a{high}") == "a"
    assert mended(f"{low}a{high}b") == "ab"
    assert mended("plain текст 😀") == "plain текст 😀"


@given(st.text(st.characters(codec=None)))
def test_a_mended_text_can_be_stored(text: str) -> None:
    mended(text).encode()


def test_numbers_come_bare_or_in_quotes() -> None:
    assert [number(value) for value in (28, "28", "28.0", 28.0)] == [28] * 4
    nonsense: tuple[object, ...] = (None, "", "many", -1, "-1", True, [], {}, "9" * 30, "²", "1e5")
    assert [number(value) for value in nonsense] == [0] * len(nonsense)
