"""The computations and checks of the measurement over HTTP, without any times."""

import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.child import Child
from sandbox.ports import HOST, free_port
from tools.bench.__main__ import parse
from tools.bench.errors import BenchError
from tools.bench.http.answer import answer_to
from tools.bench.http.callers import chat_callers, completion_callers, question
from tools.bench.http.events import CHAT_EVENTS, COMPLETION_EVENTS, texts_in
from tools.bench.http.load import Caller, Load, LoadResult, StreamResult
from tools.bench.http.peer import LOCK, wait_until_served
from tools.bench.http.people import Person
from tools.bench.http.processes import family, read_stat
from tools.bench.http.request import Request
from tools.bench.http.stored_rows import StoredRows, differences
from tools.bench.http.streams import check_whole
from tools.bench.http.subjects import Round, Rounds

ROWS = StoredRows(
    questions=7, answers=7, fitting=7, charges=7, holds=0, generations=0, wrong_balances=0
)
PIECES = 3


def test_rows_of_every_exchange_have_no_differences() -> None:
    assert list(differences(ROWS, 7)) == []


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (replace(ROWS, questions=8), "8 questions"),
        (replace(ROWS, answers=6), "6 answers"),
        (replace(ROWS, fitting=5), "5 fitting"),
        (replace(ROWS, charges=8), "8 charges"),
        (replace(ROWS, holds=1), "1 holds"),
        (replace(ROWS, generations=1), "1 generations"),
        (replace(ROWS, wrong_balances=1), "1 wrong balances"),
    ],
)
def test_rows_that_differ_are_reported(rows: StoredRows, found: str) -> None:
    assert list(differences(rows, 7)) == [found]


def test_a_stream_with_every_piece_is_whole() -> None:
    check_whole([_stream_result(5), _stream_result(6)], first=5, pieces=PIECES)


@pytest.mark.parametrize(
    "texts",
    [
        [*answer_to(question(5), PIECES)][:-1],
        [*answer_to(question(5), PIECES), " word002"],
        [*answer_to(question(6), PIECES)],
        [],
    ],
    ids=["lost", "doubled", "foreign", "empty"],
)
def test_a_stream_that_is_not_whole_is_found(texts: list[str]) -> None:
    with pytest.raises(BenchError, match=r"1 of 1 streams are not whole: \[5\]"):
        check_whole([StreamResult(texts, 0.1, 0.2)], first=5, pieces=PIECES)


def test_the_texts_of_a_chat_are_those_of_its_deltas() -> None:
    body = (
        'event: queued\ndata: {"place": 1}\n\n'
        ": still there\n\n"
        'event: delta\ndata: {"text": "The "}\n\n'
        'event: delta\ndata: {"text": "sea: a\\n\\nb"}\n\n'
        'event: done\ndata: {"message": "The sea"}\n\n'
    )
    assert texts_in(body.encode(), CHAT_EVENTS) == ["The ", "sea: a\n\nb"]


def test_an_error_in_a_chat_is_raised() -> None:
    with pytest.raises(ValueError, match="model-timeout"):
        texts_in(b'event: error\ndata: {"code": "model-timeout"}\n\n', CHAT_EVENTS)


def test_the_texts_of_a_completion_are_those_of_its_choices() -> None:
    frames: list[dict[str, object]] = [
        {"choices": [{"delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"delta": {"content": "The sea"}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"total_tokens": 5}},
    ]
    body = "".join(f"data: {json.dumps(frame)}\n\n" for frame in frames) + "data: [DONE]\n\n"

    assert texts_in(body.encode(), COMPLETION_EVENTS) == ["The sea"]


def test_a_process_with_a_strange_name_is_read() -> None:
    fields = ["S", "17", *["0"] * 9, "100", "20", "3", "4", *["0"] * 6, "256", "0"]
    process = read_stat(f"42 (a (b) c) {' '.join(fields)}")

    assert (process.pid, process.parent, process.name) == (42, 17, "a (b) c")
    assert process.cpu == 127 / os.sysconf("SC_CLK_TCK")
    assert process.resident == 256 * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_a_process_is_the_first_of_its_family() -> None:
    own = family(os.getpid())[0]

    assert own.parent == os.getppid()
    assert own.resident > 1


def test_a_process_that_is_not_there_has_no_family() -> None:
    with pytest.raises(BenchError, match="no process 0"):
        family(0)


def test_a_request_is_as_long_as_it_says_whatever_its_number() -> None:
    caller = Caller('{"message": "Frage {number}: Möwe?"}', token="t0ken")
    head, body = Request(80, "/api/chat", caller).numbered(12).split(b"\r\n\r\n")

    assert body.decode() == '{"message": "Frage 000000012: Möwe?"}'
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert b"Authorization: Bearer t0ken" in head.split(b"\r\n")


def test_a_load_is_read_as_it_was_written(tmp_path: Path) -> None:
    load = Load(
        port=80, path="/", callers=completion_callers(2), connections=1, requests=2, warm_up=0
    )
    load.write(tmp_path / "load")

    assert Load.read(tmp_path / "load") == load


def test_everybody_asks_in_his_own_name() -> None:
    callers = chat_callers([Person(7, "", "a"), Person(8, "", "b")])

    assert [json.loads(caller.body)["userId"] for caller in callers] == ["7", "8"]
    assert [caller.token for caller in callers] == ["a", "b"]


def test_rounds_are_summed_up() -> None:
    rounds = Rounds(
        "Okno",
        [
            Round(_load_result(2, 1.0), _load_result(30, 1.0), {"api": 0.001}),
            Round(_load_result(2, 1.0), _load_result(30, 2.0), {"api": 0.002}),
        ],
    )
    figures = {figure.name.strip(): figure.values for figure in rounds.figures()}

    assert rounds.exchanges == 2 * (2 + 30 + 2 * 1)
    assert rounds.rate == 20
    assert rounds.p99_alone == 2
    assert figures["Okno: exchanges over 64 connections"] == {
        "all rounds": 20,
        "slowest": 15,
        "fastest": 30,
    }
    assert figures["CPU time of it"] == {"api": pytest.approx(1.5)}


def test_parts_exchanges_and_peer_are_chosen() -> None:
    options = parse(["http", "--only", "memory", "--exchanges", "200000", "--peer", "litellm"])

    assert (options.names, options.only, options.exchanges) == (["http"], ["memory"], 200_000)
    assert options.peer == "litellm"


def test_the_peer_is_pinned_with_hashes_and_names_no_index() -> None:
    lines = [line for line in LOCK.read_text().splitlines() if line and line[0] not in "# "]

    assert any(line.startswith("litellm==") for line in lines)
    assert all("==" in line and line.endswith("\\") for line in lines)


def test_the_peer_has_started_when_it_answers(tmp_path: Path) -> None:
    port = free_port(0)
    command = ["http.server", str(port), "--bind", HOST]
    with Child(command, log=tmp_path / "log") as child:
        wait_until_served(child, port)
        with socket.create_connection((HOST, port)):
            pass


def test_nobody_waits_for_a_peer_that_has_ended(tmp_path: Path) -> None:
    with (
        Child(["no_such_program"], log=tmp_path / "log") as child,
        pytest.raises(BenchError, match="No module named no_such_program"),
    ):
        wait_until_served(child, free_port(0))


def _stream_result(number: int) -> StreamResult:
    return StreamResult([*answer_to(question(number), PIECES)], 0.1, 0.2)


def _load_result(exchanges: int, elapsed: float) -> LoadResult:
    """Make a result with exchanges of 1 ms, 2 ms and so on, and one more for the warm-up."""
    waits = [number / 1000 for number in range(1, exchanges + 1)]
    return LoadResult({"200": exchanges + 1}, [], waits, elapsed, 0.1)
