import re
from datetime import date

import pytest

from stickprov_client.language.periods import (
    DateRange,
    month_name,
    period_name,
    range_name,
    range_of,
    short_month_name,
    whole_months,
)


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2021", date(2021, 1, 1), date(2022, 1, 1)),
        ("2021-Q1", date(2021, 1, 1), date(2021, 4, 1)),
        ("2021-q4", date(2021, 10, 1), date(2022, 1, 1)),
        ("2021-T2", date(2021, 5, 1), date(2021, 9, 1)),
        ("2021-T3", date(2021, 9, 1), date(2022, 1, 1)),
        ("2021-12", date(2021, 12, 1), date(2022, 1, 1)),
        ("2020-09-01/2021-09-01", date(2020, 9, 1), date(2021, 9, 1)),
    ],
)
def test_a_label_names_a_half_open_range(label, start, end):
    assert range_of(label) == DateRange(start, end)


@pytest.mark.parametrize("label", ["21-01", "mars", "", "2021-X1"])
def test_what_is_no_label_says_which_labels_there_are(label):
    with pytest.raises(ValueError, match="write 2021, 2021-Q1, 2021-T1, 2021-03"):
        range_of(label)


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("2021-Q5", "“2021-Q5” has quarter 5, and a year has 4."),
        ("2021-T4", "“2021-T4” has tertial 4, and a year has 3."),
        ("2021-13", "“2021-13” has month 13, and months go from 01 to 12."),
        ("2021-00", "“2021-00” has month 00, and months go from 01 to 12."),
        ("2021-02-30/2021-04-01", "“2021-02-30/2021-04-01” names a day that does not exist."),
    ],
)
def test_a_part_of_the_year_that_there_is_not_is_named(label, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        range_of(label)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        range_of("2021-04-01/2021-01-01")


@pytest.mark.parametrize(
    ("start", "end", "swedish", "english"),
    [
        (date(2021, 1, 1), date(2021, 4, 1), "januari–mars 2021", "January–March 2021"),
        (date(2021, 3, 1), date(2021, 4, 1), "mars 2021", "March 2021"),
        (date(2021, 1, 1), date(2022, 1, 1), "2021", "2021"),
        (date(2020, 8, 1), date(2021, 8, 1), "augusti 2020 – juli 2021", "August 2020 – July 2021"),
        (
            date(2021, 11, 1),
            date(2021, 11, 20),
            "1 november 2021 – 19 november 2021",
            "1 November 2021 – 19 November 2021",
        ),
    ],
)
def test_a_range_is_named_by_its_last_day_not_by_the_day_after(start, end, swedish, english):
    assert range_name(start, end, "sv") == swedish
    assert range_name(start, end, "en") == english


def test_months_are_named_in_both_languages():
    assert [month_name("2021-05", "sv"), month_name("2021-05", "en")] == ["maj 2021", "May 2021"]
    assert [short_month_name("2021-02", "sv"), short_month_name("2021-02", "en")] == ["feb", "Feb"]


@pytest.mark.parametrize(
    ("label", "name"), [("2021-Q1", "januari–mars 2021"), ("2021-03", "mars 2021"), ("2021", "2021")]
)
def test_a_period_is_named_by_its_label(label, name):
    assert period_name(label, "sv") == name


def test_a_range_widens_to_whole_months():
    assert whole_months(date(2021, 1, 15), date(2021, 3, 2)) == DateRange(date(2021, 1, 1), date(2021, 4, 1))
    assert whole_months(date(2021, 12, 1), date(2022, 1, 1)) == DateRange(date(2021, 12, 1), date(2022, 1, 1))
