"""How long a provider is left alone after its hourly limit."""

import pytest

from okno.llm.service.rest import Rest


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def seconds(rest: Rest) -> int:
    busy = rest.busy()
    return 0 if busy is None else int(busy.values["seconds"])


def test_at_first_nobody_rests(watch: Watch) -> None:
    assert Rest(watch).busy() is None


def test_a_rest_ends(watch: Watch) -> None:
    rest = Rest(watch)
    rest.begin(60)
    assert seconds(rest) == 60
    watch.now += 59.5
    assert seconds(rest) == 1
    watch.now += 0.5
    assert rest.busy() is None


def test_every_refusal_after_a_rest_doubles_the_next_one_up_to_a_bound(watch: Watch) -> None:
    rest = Rest(watch)
    rests = []
    for _ in range(6):
        rest.begin(60)
        rests.append(seconds(rest))
        watch.now += rests[-1]
    assert rests == [60, 120, 240, 480, 900, 900]


def test_refusals_of_requests_sent_together_count_once(watch: Watch) -> None:
    rest = Rest(watch)
    for _ in range(5):
        rest.begin(60)
    assert seconds(rest) == 60
    watch.now += 60
    rest.begin(60)
    assert seconds(rest) == 120


def test_an_answer_ends_the_growth(watch: Watch) -> None:
    rest = Rest(watch)
    rest.begin(60)
    watch.now += 60
    rest.over()
    rest.begin(60)
    assert seconds(rest) == 60


def test_an_answer_that_began_before_the_rest_does_not(watch: Watch) -> None:
    rest = Rest(watch)
    rest.begin(60)
    rest.over()
    watch.now += 60
    rest.begin(60)
    assert seconds(rest) == 120


def test_the_provider_may_ask_for_more_than_the_bound(watch: Watch) -> None:
    rest = Rest(watch)
    rest.begin(3600)
    assert seconds(rest) == 3600
