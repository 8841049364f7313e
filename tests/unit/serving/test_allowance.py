"""One caller's share: counted for each, told in seconds, remembered in a memory of fixed size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.serving import allowance as module
from stickprov_contracts.serving.allowance import Allowance, Buckets, address_of, proxies_in


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_the_rate_counts_and_time_fills_up_again():
    clock = Clock()
    buckets = Buckets(Allowance(2, 3), clock)

    assert [buckets.take("anna") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.5
    assert [buckets.take("anna") for _ in range(2)] == [0, 1]
    clock.now += 3600
    assert [buckets.take("anna") for _ in range(4)] == [0, 0, 0, 1]


def test_the_wait_that_is_told_is_long_enough():
    clock = Clock()
    buckets = Buckets(Allowance(0.1, 1), clock)
    buckets.take("anna")

    wait = buckets.take("anna")
    assert wait == 10
    clock.now += wait
    assert buckets.take("anna") == 0


def test_a_limited_caller_limits_nobody_else():
    buckets = Buckets(Allowance(1, 1), Clock())

    assert [buckets.take("anna") for _ in range(100)][-1] > 0
    assert buckets.take("bert") == 0


def test_a_rate_of_nothing_limits_nobody():
    buckets = Buckets(Allowance(0, 1), Clock())

    assert {buckets.take("anna") for _ in range(100)} == {0}


def test_a_flood_of_addresses_takes_no_more_memory_and_frees_nobody_who_goes_on(monkeypatch):
    monkeypatch.setattr(module, "MOST", 50)
    buckets = Buckets(Allowance(1, 1), Clock())
    buckets.take("insisting")

    for number in range(1000):
        buckets.take(f"address {number}")
        assert buckets.take("insisting") > 0
    assert len(buckets) == 50


@given(st.lists(st.floats(0, 5), max_size=60))
def test_never_more_than_the_burst_and_what_time_gave_passes(pauses: list[float]):
    clock = Clock()
    buckets = Buckets(Allowance(2, 3), clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += buckets.take("anna") == 0

    assert passed <= 3 + 2 * sum(pauses) + 1e-6


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.7", 4711), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::", 1), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.7", 1), "192.0.2.7"),
        (("what a proxy made up", 0), "unknown"),
        (None, "local"),
    ],
)
def test_an_address_is_one_customers(client, address):
    assert address_of({"client": client}) == address


def test_proxies_are_addresses_and_networks_and_never_everybody_by_a_star():
    assert proxies_in("10.0.0.7, 10.1.0.0/16,::1") == ["10.0.0.7/32", "10.1.0.0/16", "::1/128"]
    assert proxies_in(" ") == []
    for wrong in ("*", "proxy.example", "10.0.0.7/8"):
        with pytest.raises(ValueError, match=r".+"):
            proxies_in(wrong)
