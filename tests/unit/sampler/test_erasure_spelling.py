"""A person is found in whatever spelling a register has their number, and in whatever spelling it is asked for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.domain.erasure.spelling import spellings_of

numbers = st.builds(
    lambda born, last: f"{born:%Y%m%d}{last:04}", st.dates(date(1900, 1, 1), date(2025, 1, 1)), st.integers(0, 9999)
)


def written(number: str) -> list[str]:
    """Return every way to write a number of twelve digits."""
    day, last = number[:8], number[8:]
    return [number, f"{day}-{last}", number[2:], f"{day[2:]}-{last}", f"{day[2:]}+{last}", f" {day} {last} "]


@given(numbers, st.data())
def test_whatever_was_typed_finds_whatever_is_kept(number, data):
    typed, kept = (data.draw(st.sampled_from(written(number))) for _ in range(2))

    assert spellings_of(typed).match(kept)


@given(numbers, numbers)
def test_another_number_is_another_person(one, other):
    assert spellings_of(one).match(other) == (one == other)


@given(numbers)
def test_the_units_id_is_among_the_spellings_that_pseudonyms_are_made_of(number):
    for typed in written(number):
        assert number in spellings_of(typed).ids


@pytest.mark.parametrize(
    ("typed", "kept", "same"), [("A-101", "A-101", True), ("A-101", "A-1010", False), ("101", "1", False)]
)
def test_an_id_that_is_no_personal_number_is_found_as_it_stands(typed, kept, same):
    assert spellings_of(typed).match(kept) == same
