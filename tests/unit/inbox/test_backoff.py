"""Waits between tries."""

from stickprov_kernel.messaging.backoff import Backoff


def test_waits_grow_up_to_a_bound():
    backoff = Backoff(first=1.0, longest=8.0)

    waits = [backoff.next() for _ in range(6)]

    full = [1, 2, 4, 8, 8, 8]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, full, strict=True))


def test_after_a_success_the_wait_is_short_again():
    backoff = Backoff(first=1.0, longest=8.0)
    for _ in range(1_000):
        backoff.next()

    backoff.reset()

    assert backoff.next() <= 1.0


def test_two_waiters_are_not_in_step():
    assert len({Backoff(first=1.0).next() for _ in range(20)}) > 1
