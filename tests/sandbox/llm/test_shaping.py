"""Frames are cut where a test says; the network may cut them again."""

from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sandbox.llm.shaping import glued, torn

FRAMES = [f'{{"text":"{"a" * size}я and more words"}}\n'.encode() for size in range(20)]


async def source(frames: list[bytes]) -> AsyncIterator[bytes]:
    for frame in frames:
        yield frame


async def test_a_frame_is_torn_inside_a_character_wherever_it_stands() -> None:
    pieces = [piece async for piece in torn(source(FRAMES))]
    assert b"".join(pieces) == b"".join(FRAMES)
    assert len(pieces) == len(FRAMES) + 1
    for before, after in pairwise(pieces):
        assert before.endswith("я".encode()[:1])
        assert after.startswith("я".encode()[1:])


async def test_frames_are_glued_by_fours() -> None:
    pieces = [piece async for piece in glued(source(FRAMES[:10]))]
    assert b"".join(pieces) == b"".join(FRAMES[:10])
    assert [piece.count(b"\n") for piece in pieces] == [4, 4, 2]


@given(st.lists(st.binary(min_size=1), max_size=5))
async def test_nothing_is_lost_or_added(frames: list[bytes]) -> None:
    for shape in (torn, glued):
        assert b"".join([piece async for piece in shape(source(frames))]) == b"".join(frames)
