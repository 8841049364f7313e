"""Sainte-Laguë against its definition, and the documents' own numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.domain.draw.apportionment import sainte_lague


def by_definition(n, weights, capacity):
    """One each first; then seat by seat to the greatest quotient, the first name among equals."""
    seats = {name: min(1, capacity[name]) for name in weights}
    while sum(seats.values()) < n:
        open_ = [name for name in weights if seats[name] < capacity[name]]
        seats[min(open_, key=lambda name: (-Fraction(weights[name]) / (2 * seats[name] + 1), name))] += 1
    return seats


def proportional(n, **sizes):
    return sainte_lague(n, {name: Fraction(size) for name, size in sizes.items()}, sizes)


def test_fifteen_of_11_35_38_are_2_6_7():
    assert proportional(15, august=11, september=35, october=38) == {"august": 2, "september": 6, "october": 7}


def test_a_tie_goes_to_the_first_name():
    assert proportional(3, north=10, south=10) == {"north": 2, "south": 1}


def test_every_stratum_gets_one_however_small_it_is():
    assert proportional(3, large=1_000_000, small=1, tiny=1) == {"large": 1, "small": 1, "tiny": 1}


def test_no_stratum_gets_more_than_it_holds():
    assert sainte_lague(10, {"a": Fraction(100), "b": Fraction(1)}, {"a": 3, "b": 50}) == {"a": 3, "b": 7}


def test_strata_that_do_not_vary_get_one_each():
    weights = {"even": Fraction(0), "varied": Fraction(30), "wild": Fraction(60)}
    assert sainte_lague(10, weights, dict.fromkeys(weights, 40)) == {"even": 1, "varied": 3, "wild": 6}


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=7),
    deviations=st.lists(st.fractions(0, 9, max_denominator=20), min_size=7, max_size=7),
    share=st.floats(0, 1),
)
def test_seats_are_those_of_the_definition(sizes, deviations, share):
    capacity = {f"S{number}": size for number, size in enumerate(sizes)}
    weights = {name: size * deviations[number] for number, (name, size) in enumerate(capacity.items())}
    n = len(sizes) + int(share * (sum(sizes) - len(sizes)))
    assert sainte_lague(n, weights, capacity) == by_definition(n, weights, capacity)


@pytest.mark.parametrize("n", [12, 999, 123_457, 9_999_999])
def test_a_million_seats_are_given_as_exactly_as_ten(n):
    sizes = {f"2021-{month:02}": 800_000 + 7_919 * month for month in range(1, 13)}
    seats = proportional(n, **sizes)
    assert sum(seats.values()) == n
    quotients = [
        (Fraction(sizes[name], 2 * seat - 1), Fraction(sizes[name], 2 * seat + 1)) for name, seat in seats.items()
    ]
    last_given = min(given_ for (given_, _), seat in zip(quotients, seats.values(), strict=True) if seat > 1 or n == 12)
    assert last_given >= max(next_ for _, next_ in quotients) or n == 12
