"""How numbers are written in both languages. The spaces are no-break spaces."""

import pytest

from stickprov_client.language.numbers import one_decimal, percent, ratio, round_percent, shares, units, whole
from stickprov_contracts.http.statistics import Interval, Share

COMBINED = Interval(
    lower=1352.6,
    upper=1912.7,
    lower_share=0.1693,
    upper_share=0.2394,
    estimate=1632.6,
    estimate_share=0.2044,
    confidence=0.95,
    method="mover-approximate",
    exact=False,
    share_exact=False,
)


def test_swedish_separates_thousands_by_a_no_break_space():
    assert whole(7989, "sv") == "7\N{NO-BREAK SPACE}989"


def test_english_separates_thousands_by_a_comma():
    assert whole(7989, "en") == "7,989"


def test_a_swedish_percentage_has_a_decimal_comma_and_a_no_break_space():
    assert percent(104 / 509, "sv") == "20,4\N{NO-BREAK SPACE}%"


def test_an_english_percentage_has_a_point_and_no_space():
    assert percent(104 / 509, "en") == "20.4%"


def test_a_share_keeps_its_decimal_when_it_is_zero():
    assert percent(0.2, "sv") == "20,0\N{NO-BREAK SPACE}%"


def test_a_level_of_confidence_has_no_decimal_that_is_zero():
    assert round_percent(0.95, "sv") == "95\N{NO-BREAK SPACE}%"
    assert round_percent(0.975, "sv") == "97,5\N{NO-BREAK SPACE}%"


def test_what_is_not_known_is_a_dash():
    assert [whole(None, "sv"), percent(None, "sv"), one_decimal(None, "en"), units(None, "sv"), shares(None, "en")] == [
        "–"
    ] * 5


def test_a_share_shows_what_it_is_made_of():
    assert ratio(Share(numerator=509, denominator=7989, value=0.0637), "sv") == "509/7\N{NO-BREAK SPACE}989"


def test_an_approximate_interval_is_rounded_to_whole_units():
    assert units(COMBINED, "sv") == "1\N{NO-BREAK SPACE}353–1\N{NO-BREAK SPACE}913"


@pytest.mark.parametrize(("language", "expected"), [("sv", "16,9–23,9\N{NO-BREAK SPACE}%"), ("en", "16.9–23.9%")])
def test_an_interval_of_shares_has_one_percent_sign(language, expected):
    assert shares(COMBINED, language) == expected
