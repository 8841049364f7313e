"""Numbers, days and orders as readers of Swedish and of English expect them."""

from datetime import UTC, date, datetime

import pytest

from stickprov_contracts.http.statistics import Share
from stickprov_reporting.domain.reports.writing import Writer

SV, EN = Writer("sv"), Writer("en")
SHARE = Share(numerator=43, denominator=73, value=43 / 73)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (SV.share(SHARE), "58,9\xa0% (43 av 73)"),
        (EN.share(SHARE), "58.9% (43 of 73)"),
        (SV.whole(1353), "1\xa0353"),
        (EN.whole(1353), "1,353"),
        (SV.percents(0.169, 0.239), "16,9–23,9\xa0%"),
        (EN.percents(0.169, 0.239), "16.9–23.9%"),
        (SV.precise_percent(0.075), "7,5\xa0%"),
        (SV.number(0.62, 2), "0,62"),
        (SV.percent(None), "–"),
        (SV.day(date(2021, 11, 1)), "1 november 2021"),
        (SV.days(date(2021, 1, 1), date(2021, 3, 31)), "1 januari 2021 till och med 31 mars 2021"),
        (SV.days(date(2021, 9, 6), date(2021, 9, 6)), "6 september 2021"),
        (SV.range(date(2021, 1, 1), date(2021, 4, 1)), "januari–mars 2021"),
        (SV.range(date(2020, 8, 1), date(2021, 8, 1)), "augusti 2020 – juli 2021"),
        (SV.range(date(2021, 1, 1), date(2022, 1, 1)), "2021"),
        (EN.range(date(2021, 3, 1), date(2021, 4, 1)), "March 2021"),
        (SV.range(date(2021, 1, 15), date(2021, 2, 1)), "15 januari 2021 – 31 januari 2021"),
        (SV.moment(datetime(2026, 11, 22, 11, 5, tzinfo=UTC)), "22 november 2026 kl. 11:05 UTC"),
        (SV.listed(["januari", "februari", "mars"]), "januari, februari och mars"),
    ],
)
def test_figures_and_days_are_written_as_people_write_them(written, expected):
    assert written == expected


def test_swedish_letters_come_after_z_and_other_accents_as_without_them():
    names = ["Östra", "Ängen", "Åby", "Zinken", "école", "Eda", "ekbacken", "Område 10", "Område 2"]

    assert SV.in_order(names) == [
        "école",
        "Eda",
        "ekbacken",
        "Område 2",
        "Område 10",
        "Zinken",
        "Åby",
        "Ängen",
        "Östra",
    ]
    assert EN.in_order(names)[:3] == ["Åby", "Ängen", "école"]


def test_months_of_several_years_are_told_with_their_year():
    assert SV.months_apart(["2021-01", "2021-02"]) == ["januari", "februari"]
    assert SV.months_apart(["2020-12", "2021-01"]) == ["december 2020", "januari 2021"]
