"""The timeouts that must agree with each other do."""

from okno.kit import timeouts as t


def test_a_lease_bears_that_one_renewal_fails_slowly() -> None:
    assert t.GENERATION_RENEWAL_SECONDS + t.POSTGRES_STATEMENT_SECONDS < t.GENERATION_LEASE_SECONDS


def test_the_finish_is_tried_for_longer_than_one_statement_in_a_rush_takes() -> None:
    assert t.POSTGRES_POOL_SECONDS + t.POSTGRES_STATEMENT_SECONDS < t.FINISH_SECONDS
    assert t.POSTGRES_CONNECT_SECONDS < t.POSTGRES_STATEMENT_SECONDS


def test_whoever_reads_an_answer_waits_for_its_finish_and_the_hold_lives_longer() -> None:
    assert t.FINISH_SECONDS < t.FINISH_WAIT_SECONDS < t.HOLD_RESERVE_SECONDS


def test_the_hold_lives_until_a_lost_generation_is_abandoned() -> None:
    assert t.FINISH_SECONDS + t.GENERATION_LEASE_SECONDS < t.HOLD_RESERVE_SECONDS


def test_a_lock_is_held_for_longer_than_others_wait_for_it() -> None:
    assert t.USER_LOCK_LEASE_SECONDS < t.USER_LOCK_WAIT_SECONDS < t.USER_LOCK_HOLD_SECONDS


def test_a_window_has_time_for_a_call_after_the_lock() -> None:
    assert t.USER_LOCK_WAIT_SECONDS + t.TELEGRAM_CALL_SECONDS < t.ANSWER_WINDOW_SECONDS
    assert t.TELEGRAM_CALL_SECONDS < t.CONFIRMATION_WINDOW_SECONDS


def test_an_answer_waits_for_longer_than_the_delivery_before_it_may_take() -> None:
    assert t.ANSWER_WINDOW_SECONDS < t.ANSWER_QUEUE_SECONDS < t.INTERRUPTION_SECONDS
    assert t.ANSWER_WINDOW_SECONDS < t.USER_LOCK_HOLD_SECONDS


def test_a_confirmation_is_shown_while_it_is_claimed() -> None:
    assert t.CONFIRMATION_WINDOW_SECONDS < t.CONFIRMATIONS_SHOW_SECONDS
    assert t.CONFIRMATIONS_SHOW_SECONDS < t.CONFIRMATION_CLAIM_SECONDS


def test_a_process_of_the_api_has_time_for_all_that_ends_in_turn() -> None:
    in_turn = t.STREAM_FAREWELL_SECONDS + t.NURSERY_GRACE_SECONDS + t.POSTGRES_DISPOSE_SECONDS
    assert in_turn < t.API_EXIT_SECONDS


def test_the_worker_waits_for_the_longest_job() -> None:
    assert t.JOB_SECONDS < t.WORKER_GRACE_SECONDS
