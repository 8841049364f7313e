"""Chart geometry: where things are drawn, in percent of the width."""

from decimal import Decimal

from stickprov_client.web.charts import category_bars, month_shares, period_shares, small_months
from support.quarter import interval, quarter, share
from support.trends import first_quarter_by_month


def test_the_scale_begins_at_zero_and_holds_the_highest_limit():
    chart = month_shares(quarter().months, "en")

    assert [tick.text for tick in chart.ticks] == ["0%", "10%", "20%", "30%", "40%"]
    assert chart.ticks[0].x == 4.0
    assert chart.ticks[-1].x == 95.0
    assert max(row.upper for row in chart.rows) < 95.0


def test_a_point_lies_within_its_interval():
    chart = month_shares(quarter().months, "sv")

    assert [row.lower < row.point < row.upper for row in chart.rows] == [True, True, True]


def test_a_share_of_twenty_percent_of_forty_lies_in_the_middle():
    month = (
        quarter()
        .months[2]
        .model_copy(update={"remark_share": share(1, 5), "interval": interval(495, 815, 2663, estimated=0.2)})
    )

    (row,) = month_shares([month], "sv").rows

    assert row.point == 49.5


def test_a_month_with_nothing_reviewed_is_left_out():
    first, *others = quarter().months
    unreviewed = first.model_copy(update={"remark_share": share(0, 0), "interval": None})

    assert len(month_shares([unreviewed, *others], "sv").rows) == 2
    assert month_shares([unreviewed], "sv") is None


def test_no_remarks_at_all_still_have_a_scale():
    month = quarter().months[0].model_copy(update={"remark_share": share(0, 156), "interval": None})

    chart = month_shares([month], "sv")

    assert len(chart.ticks) == 2
    assert chart.rows[0].point == 4.0


def test_the_longest_bar_is_the_commonest_category():
    bars = category_bars(quarter().categories)

    assert bars["deposits"] == 100.0
    assert bars["documents-missing"] == 15.15


def test_bars_of_nothing_are_empty():
    category = quarter().categories[0].model_copy(update={"share": share(0, 509)})

    assert category_bars([category]) == {"deposits": 0.0}


def test_the_tolerance_is_a_line_of_the_scale_and_widens_it():
    chart = month_shares(quarter().months, "sv", Decimal("0.5"))

    assert chart.tolerance.text == "Tolerans 50\N{NO-BREAK SPACE}%"
    assert chart.ticks[-1].text == "50\N{NO-BREAK SPACE}%"
    assert chart.rows[0].text_y == month_shares(quarter().months, "sv").rows[0].text_y + 24


def test_the_point_is_the_share_that_its_interval_is_about():
    month = quarter().months[0].model_copy(update={"interval": interval(400, 700, 2663, estimated=0.25)})

    (row,) = month_shares([month], "en").rows

    assert row.text == "25.0% (15.0–26.3%)"


def test_a_trend_is_drawn_with_the_names_of_its_periods():
    chart = period_shares(first_quarter_by_month().periods, "sv")

    assert [row.name for row in chart.rows] == ["januari 2021", "februari 2021", "mars 2021"]


def test_the_small_chart_has_a_place_for_every_month_and_a_bar_for_those_that_are_known():
    chart = small_months({"2021-01": 0.1, "2021-02": None, "2021-03": 0.2}, 2021, "sv", Decimal("0.15"))

    assert "".join(bar.initial for bar in chart.bars) == "JFMAMJJASOND"
    assert [bar.known for bar in chart.bars[:4]] == [True, False, True, False]
    assert chart.bars[0].y > chart.tolerance_y > chart.bars[2].y
    assert chart.told == "januari 2021 10,0\N{NO-BREAK SPACE}%, mars 2021 20,0\N{NO-BREAK SPACE}%"


def test_a_month_without_any_remark_is_told_from_one_that_nobody_knows_of():
    chart = small_months({"2021-01": 0.0}, 2021, "sv")

    assert chart.bars[0].height > 0
    assert chart.bars[1].height == 0


def test_a_year_of_which_nothing_is_known_has_no_chart():
    assert small_months({"2021-01": None}, 2021, "sv") is None
