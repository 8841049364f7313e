"""A plan's history is told in words: fields by their labels, values as the pages write them."""

import pytest

from stickprov_client.language.numbers import percent_points
from stickprov_client.language.plan_fields import field_name, field_value
from stickprov_contracts.http.sampler import PointFields

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(("field", "name"), [("unit_name", "Ett ärende kallas"), ("reviewer_rule", "Granskas av")])
def test_a_field_is_called_by_its_label(field, name):
    assert field_name(field, "sv") == name


def test_a_part_of_a_list_is_called_by_the_list_and_its_own_id():
    assert field_name("categories.deposits", "sv") == "Kategorier deposits"


def test_every_field_of_a_control_point_has_a_label():
    assert [field for field in PointFields.model_fields if field_name(field, "en") == field] == []


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("reviewer_rule", "colleague", "en kollega till handläggaren"),
        ("schedule", "monthly, yearly", "varje månad, varje år"),
        ("tolerance", "0.05", f"5{NBSP}%"),
        ("measure", "Klienter anger rätt", "Klienter anger rätt"),
        ("tolerance", "none", "none"),
    ],
)
def test_a_value_is_told_as_the_pages_write_it(field, text, told):
    assert field_value(text, field, "sv") == told


def test_a_margin_is_in_percentage_points():
    assert percent_points(0.255, "sv") == "25,5 procentenheter"
    assert percent_points(0.05, "en") == "5 percentage points"
