"""The time for which a provider is left alone after its hourly limit."""

import pytest

from okno.llm.service.cooldown import Cooldown


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def seconds(cooldown: Cooldown) -> int:
    error = cooldown.error()
    return 0 if error is None else int(error.values["seconds"])


def test_at_first_there_is_no_pause(watch: Watch) -> None:
    assert Cooldown(watch).error() is None


def test_a_pause_ends(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    cooldown.begin(60)
    assert seconds(cooldown) == 60
    watch.now += 59.5
    assert seconds(cooldown) == 1
    watch.now += 0.5
    assert cooldown.error() is None


def test_every_refusal_after_a_pause_doubles_the_next_one_up_to_a_bound(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    pauses = []
    for _ in range(6):
        cooldown.begin(60)
        pauses.append(seconds(cooldown))
        watch.now += pauses[-1]
    assert pauses == [60, 120, 240, 480, 900, 900]


def test_refusals_of_requests_sent_together_count_once(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    for _ in range(5):
        cooldown.begin(60)
    assert seconds(cooldown) == 60
    watch.now += 60
    cooldown.begin(60)
    assert seconds(cooldown) == 120


def test_an_answer_ends_the_growth(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    cooldown.begin(60)
    watch.now += 60
    cooldown.end()
    cooldown.begin(60)
    assert seconds(cooldown) == 60


def test_an_answer_that_began_before_the_pause_does_not(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    cooldown.begin(60)
    cooldown.end()
    watch.now += 60
    cooldown.begin(60)
    assert seconds(cooldown) == 120


def test_the_provider_may_ask_for_more_than_the_bound(watch: Watch) -> None:
    cooldown = Cooldown(watch)
    cooldown.begin(3600)
    assert seconds(cooldown) == 3600
