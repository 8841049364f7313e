"""Charts are drawn by pure functions: the same points give the same bytes, and nothing written escapes them."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.http.reports import ChartPoint
from stickprov_reporting.domain.reports.drawing import Picture, bar_chart, interval_chart, scale

SVG = "{http://www.w3.org/2000/svg}"


def point(label="jan", value=0.2, lower=0.1, upper=0.3, text="20,0 %"):
    return ChartPoint(label=label, value=value, lower=lower, upper=upper, text=text)


def picture(**changed):
    told = {"title": "Andelar", "description": "januari 20,0 %", "ticks": ["0 %", "20 %", "40 %"], "top": 0.4}
    return Picture(**(told | changed))


def test_a_dot_stands_at_its_share_within_its_bracket():
    drawn = ET.fromstring(interval_chart([point()], picture()))  # noqa: S314 - our own drawing
    (dot,) = drawn.findall(f"{SVG}circle")
    bracket = [line for line in drawn.findall(f"{SVG}line") if line.get("stroke-width") == "2"]

    heights = sorted(float(line.get("y1")) for line in bracket)
    assert heights[0] < float(dot.get("cy")) < heights[-1]
    assert float(dot.get("cy")) == 26 + 240 / 2


def test_a_period_without_a_share_has_its_name_and_no_dot():
    drawn = interval_chart([point(value=None, lower=None, upper=None)], picture())

    assert "<circle" not in drawn
    assert ">jan</text>" in drawn


def test_the_tolerance_is_a_broken_line_with_its_name():
    drawn = interval_chart([point()], picture(tolerance=(0.1, "Tolerans 10 %")))

    assert drawn.count("stroke-dasharray") == 1
    assert "Tolerans 10 %" in drawn


def test_a_chart_says_what_it_shows_to_those_who_do_not_see_it():
    drawn = ET.fromstring(bar_chart([point()], picture()))  # noqa: S314 - our own drawing

    assert drawn.get("role") == "img"
    assert (drawn.find(f"{SVG}title").text, drawn.find(f"{SVG}desc").text) == ("Andelar", "januari 20,0 %")


def test_an_axis_reaches_the_highest_share_and_no_further_than_all():
    assert scale(0.306) == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert scale(1.0)[-1] == 1.0
    assert scale(0.004) == [0.0, 0.01]


_shares = st.floats(0, 1)
_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40)


@given(st.lists(st.builds(point, label=_texts, text=_texts, value=_shares, lower=_shares, upper=_shares), max_size=15))
def test_any_points_make_a_drawing_that_can_be_read(points):
    for draw in (interval_chart, bar_chart):
        drawn = draw(points, picture())

        assert ET.fromstring(drawn).tag == f"{SVG}svg"  # noqa: S314 - our own drawing
        assert drawn == draw(points, picture())
