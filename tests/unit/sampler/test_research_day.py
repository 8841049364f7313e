"""Who was born on day 5, 15 or 25, by their personal number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.domain.identity.personal_number import check_digit
from stickprov_sampler.domain.identity.research import is_research_day


def number(six: str, serial: str = "238") -> str:
    return f"{six}{serial}{check_digit(six + serial)}"


@pytest.mark.parametrize(
    ("six", "born_on_one"),
    [("850305", True), ("850315", True), ("850325", True), ("850304", False), ("850316", False), ("850301", False)],
)
def test_the_day_of_birth_tells_it_whatever_the_century_or_sign(six: str, born_on_one: bool):
    ten = number(six)
    spellings = [ten, f"{ten[:6]}-{ten[6:]}", f"19{ten}", f"20{ten}", f" {ten} ", f"{ten[:6]}+{ten[6:]}"]
    assert [is_research_day(text) for text in spellings] == [born_on_one] * len(spellings)


@pytest.mark.parametrize(
    ("six", "born_on_one"), [("850365", True), ("850375", True), ("850385", True), ("850366", False)]
)
def test_sixty_is_taken_from_the_day_of_a_coordination_number(six: str, born_on_one: bool):
    assert is_research_day(number(six)) is born_on_one


@given(st.text(max_size=20))
def test_no_other_text_is_a_day_of_research(text: str):
    if not any(sign.isdigit() for sign in text):
        assert not is_research_day(text)


def test_a_number_with_a_wrong_check_digit_is_none():
    ten = number("850315")
    assert not is_research_day(ten[:-1] + str((int(ten[-1]) + 1) % 10))
