"""The demonstration's figures are the document's."""

from collections import Counter

import pytest

from stickprov_client.demo.story import DEFINITION, DRAWN, MONTHS, command_id, month_named


def test_509_cases_are_drawn_in_three_months():
    assert [(month.label, month.drawn, month.remark_count) for month in MONTHS] == [
        ("2021-01", 156, 28),
        ("2021-02", 159, 29),
        ("2021-03", 194, 47),
    ]
    assert DRAWN == 509


@pytest.mark.parametrize("month", MONTHS, ids=lambda month: month.label)
def test_the_cases_of_a_month_give_exactly_its_remarks(month):
    findings = [month.finding(order) for order in range(1, month.drawn + 1)]

    found = Counter(category for finding in findings for category in finding.categories)
    assert found == month.remarks
    assert sum(finding.remark for finding in findings) == month.remark_count


def test_deposits_are_foremost_and_every_category_is_the_control_points():
    found = Counter[str]()
    for month in MONTHS:
        found.update(month.remarks)

    assert found["deposits"] == 66
    assert set(found) == {category.id for category in DEFINITION.categories}


def test_remarks_lie_spread_over_the_draw():
    early = sum(month_named("2021-03").finding(order).remark for order in range(1, 98))

    assert 10 < early < 37


def test_a_step_has_the_same_command_id_in_every_run():
    assert str(command_id("freeze", "2021-01")) == "160226ab-7dd9-5ff1-893b-873de83c4c80"
    assert command_id("freeze", "2021-01") != command_id("freeze", "2021-02")
