from datetime import date

import pytest

from stickprov_kernel.period import PeriodUnclearError, months_of, parse_period


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2021-03", date(2021, 3, 1), date(2021, 4, 1)),
        ("2021-12", date(2021, 12, 1), date(2022, 1, 1)),
        ("2021-Q1", date(2021, 1, 1), date(2021, 4, 1)),
        ("2021-Q4", date(2021, 10, 1), date(2022, 1, 1)),
        ("2021-T1", date(2021, 1, 1), date(2021, 5, 1)),
        ("2021-T2", date(2021, 5, 1), date(2021, 9, 1)),
        ("2021-T3", date(2021, 9, 1), date(2022, 1, 1)),
        ("2021", date(2021, 1, 1), date(2022, 1, 1)),
        ("2020-08-01/2021-08-01", date(2020, 8, 1), date(2021, 8, 1)),
        ("2021-04-12/2021-04-13", date(2021, 4, 12), date(2021, 4, 13)),
    ],
)
def test_a_label_stands_for_a_half_open_range_of_dates(label, start, end):
    period = parse_period(label)
    assert (period.start, period.end, period.label) == (start, end, label)


def test_the_label_of_a_part_of_a_year_is_written_in_capitals():
    assert parse_period(" 2021-t1 ").label == "2021-T1"


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("mars", "“mars” is not a period."),
        ("", "“” is not a period."),
        ("2021-3", "“2021-3” is not a period."),
        ("2021-13", "“2021-13” has month 13, and months go from 01 to 12."),
        ("2021-00", "“2021-00” has month 00, and months go from 01 to 12."),
        ("2021-Q5", "“2021-Q5” has quarter 5, and a year has 4."),
        ("2021-T0", "“2021-T0” has tertial 0, and a year has 3."),
        ("0000", "“0000” names a day that does not exist."),
        ("9999", "“9999” names a day that does not exist."),
        ("2021-02-29/2021-03-01", "“2021-02-29/2021-03-01” names a day that does not exist."),
        ("2021-03-01/2021-03-01", "“2021-03-01/2021-03-01” ends on 2021-03-01, which is not after its start."),
    ],
)
def test_a_label_that_cannot_be_read_is_explained(label, why):
    with pytest.raises(PeriodUnclearError) as caught:
        parse_period(label)
    assert caught.value.detail.startswith(why)
    assert "Write 2021-03 (month)" in caught.value.detail
    assert [error.field for error in caught.value.errors] == ["period"]


@pytest.mark.parametrize(
    ("label", "months"),
    [
        ("2021-T1", ["2021-01", "2021-02", "2021-03", "2021-04"]),
        ("2020-11-15/2021-01-02", ["2020-11", "2020-12", "2021-01"]),
        ("2020-12-15/2021-01-01", ["2020-12"]),
    ],
)
def test_a_period_touches_its_months(label, months):
    assert months_of(parse_period(label)) == months
