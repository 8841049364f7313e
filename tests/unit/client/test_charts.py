"""Chart geometry: where things are drawn, in percent of the width."""

from stickprov_client.web.charts import category_bars, month_shares
from support.quarter import quarter, share


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
    month = quarter().months[2].model_copy(update={"remark_share": share(1, 5)})

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
