"""Personal numbers, by Skatteverket's published examples (SKV 704, SKV 707) and numbers computed from them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_sampler.domain.identity.personal_number import (
    INTERIM_LETTERS,
    NotAPersonalNumberError,
    age_at,
    check_digit,
    read_personal_number,
)

EXTRACT = date(2021, 3, 31)


@pytest.mark.parametrize(
    ("text", "digits", "kind", "born"),
    [
        ("811218-9876", "198112189876", "personnummer", date(1981, 12, 18)),
        ("8112189876", "198112189876", "personnummer", date(1981, 12, 18)),
        ("19811218-9876", "198112189876", "personnummer", date(1981, 12, 18)),
        (" 198112189876 ", "198112189876", "personnummer", date(1981, 12, 18)),
        ("121212+1212", "191212121212", "personnummer", date(1912, 12, 12)),
        ("19121212-1212", "191212121212", "personnummer", date(1912, 12, 12)),
        ("19121212+1212", "191212121212", "personnummer", date(1912, 12, 12)),
        ("121212-1212", "201212121212", "personnummer", date(2012, 12, 12)),
        ("701063-2391", "197010632391", "samordningsnummer", date(1970, 10, 3)),
        ("900060-2384", "199000602384", "samordningsnummer", date(1990, 1, 1)),
        ("000101-T220", "20000101T220", "interim", date(2000, 1, 1)),
        ("000101-t220", "20000101T220", "interim", date(2000, 1, 1)),
    ],
)
def test_every_spelling_is_normalised_to_twelve_characters(text, digits, kind, born):
    number = read_personal_number(text, EXTRACT)
    assert (number.digits, number.kind, number.born) == (digits, kind, born)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("811218", "form"),
        ("811218 9876", "form"),
        ("81121-89876", "form"),
        ("811218--9876", "form"),
        ("811218-987A", "form"),
        ("811218-A876", "form"),
        ("٨١١٢١٨-9876", "form"),
        ("178112189876", "century"),
        ("218112189876", "century"),
        ("811318-9876", "day"),
        ("810018-9876", "day"),
        ("811200-9876", "day"),
        ("810229-9876", "day"),
        ("811292-9876", "day"),
        ("810290-9876", "day"),
        ("811259-9876", "day"),
        ("20210401-2380", "late"),
        ("210401-2380", "late"),
        ("19811218+9876", "sign"),
        ("811218-9875", "check"),
        ("811281-9876", "day"),
        ("701063-2390", "check"),
        ("000101-T221", "check"),
    ],
)
def test_what_is_wrong_with_a_number_is_told(text, reason):
    # 811281 would be a samordningsnummer of the 21st; of the cases above only its check digit is wrong.
    expected = "check" if text == "811281-9876" else reason
    with pytest.raises(NotAPersonalNumberError) as caught:
        read_personal_number(text, EXTRACT)
    assert caught.value.reason == expected


def test_the_century_follows_from_the_extracts_date_and_from_nothing_else():
    assert read_personal_number("121212-1212", date(2012, 12, 12)).digits == "201212121212"
    assert read_personal_number("121212-1212", date(2011, 12, 31)).digits == "191212121212"
    assert read_personal_number("121212+1212", date(2012, 1, 1)).digits == "191212121212"
    assert read_personal_number("121212+1212", date(2112, 1, 1)).digits == "201212121212"


def test_a_leap_day_exists_in_leap_years_only():
    good = "000229" + "238" + check_digit_of("000229238")
    assert read_personal_number(good, EXTRACT).born == date(2000, 2, 29)
    with pytest.raises(NotAPersonalNumberError, match="day"):
        read_personal_number("19000229" + "238" + check_digit_of("000229238"), EXTRACT)


@pytest.mark.parametrize("letter", INTERIM_LETTERS)
def test_every_interim_letter_counts_as_one_in_the_check_digit(letter):
    number = f"850615-{letter}38{check_digit('850615138')}"
    assert read_personal_number(number, EXTRACT).kind == "interim"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1956, 3, 31), date(2021, 3, 31), 65),
        (date(1956, 4, 1), date(2021, 3, 31), 64),
        (date(2004, 2, 29), date(2021, 2, 28), 16),
        (date(2004, 2, 29), date(2021, 3, 1), 17),
    ],
)
def test_a_year_is_full_on_the_birthday(born, day, age):
    assert age_at(born, day) == age


@given(
    st.dates(date(1921, 1, 1), EXTRACT),
    st.integers(0, 999),
    st.booleans(),
    st.sampled_from(["{c}{d}{l}", "{c}{d}-{l}", "{d}{l}", "{d}-{l}"]),
    st.integers(0, 9),
)
def test_any_valid_number_of_the_last_hundred_years_is_read_the_same_in_any_spelling(
    born, serial, coordination, spelling, wrong
):
    # 1921-01-01 to the extract's date is what a number of ten digits without a + can mean.
    day = born.day + (60 if coordination else 0)
    date6 = f"{born.year % 100:02}{born.month:02}{day:02}"
    digit = check_digit(f"{date6}{serial:03}")
    text = spelling.format(c=born.year // 100, d=date6, l=f"{serial:03}{digit}")
    if born.year == 1921:
        text = f"{born.year // 100}{date6}{serial:03}{digit}"
    number = read_personal_number(text, EXTRACT)
    assert (number.digits, number.born) == (f"{born.year // 100}{date6}{serial:03}{digit}", born)
    if wrong != digit:
        with pytest.raises(NotAPersonalNumberError, match="check"):
            read_personal_number(text[:-1] + str(wrong), EXTRACT)


def check_digit_of(nine):
    return str(check_digit(nine))
