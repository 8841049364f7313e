"""Plan files: what is right is read, and what is wrong is named with its line and field."""

from pathlib import Path

import pytest

from stickprov_client.cli.failure import BadInput
from stickprov_client.cli.plan_file import read_plan

RIGHT = """\
control_points:
  - control_point: AMF-2021-3
    number: "3"
    year: 2021
    board: Socialnämnden
    area: AMF
    measure: Klienter anger korrekta uppgifter
    unit_name: hushåll
    tolerance: 0.05
    categories:
      - {id: deposits, sv: Insättningar på konto, en: Deposits on account}
"""


def faults_of(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_plan(file)
    return [line.removeprefix(f"{file}, ") for line in str(refused.value).splitlines()]


def test_a_plan_gives_its_control_points(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(RIGHT, encoding="utf-8")

    (point,) = read_plan(file)

    assert point.control_point == "AMF-2021-3"
    assert point.definition.board == "Socialnämnden"
    assert str(point.definition.tolerance) == "0.05"
    assert [category.sv for category in point.definition.categories] == ["Insättningar på konto"]


def test_a_number_without_quotes_is_named_with_its_line(tmp_path):
    assert faults_of(tmp_path, RIGHT.replace('"3"', "3")) == [
        "line 3, field number: write a text here, in quotes where it looks like a number."
    ]


def test_a_missing_field_is_named_at_its_control_point(tmp_path):
    assert faults_of(tmp_path, RIGHT.replace("    board: Socialnämnden\n", "")) == [
        "line 2, field board: this field is missing."
    ]


def test_a_misspelt_field_is_named_where_it_stands(tmp_path):
    assert faults_of(tmp_path, RIGHT.replace("board:", "baord:")) == [
        "line 2, field board: this field is missing.",
        "line 5, field baord: there is no such field; check its spelling.",
    ]


def test_a_fault_in_a_category_is_named_by_its_path(tmp_path):
    assert faults_of(tmp_path, RIGHT.replace("sv: Insättningar på konto, ", "")) == [
        "line 11, field categories.0.sv: this field is missing."
    ]


def test_an_id_that_cannot_stand_in_an_address_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path, RIGHT.replace("AMF-2021-3", "AMF 3/å"))

    assert fault.startswith("line 2, field control_point: use letters, digits, dots")


def test_all_faults_are_named_at_once(tmp_path):
    text = RIGHT + RIGHT.partition("\n")[2].replace("AMF-2021-3", "AMF-2021-4").replace("2021\n", "MMXXI\n")

    assert len(faults_of(tmp_path, text.replace('"3"', "3"))) == 3


def test_an_id_that_stands_twice_is_refused(tmp_path):
    text = RIGHT + RIGHT.partition("\n")[2]

    assert faults_of(tmp_path, text) == [
        "line 12, field control_point: AMF-2021-3 stands in line 2 already; give each its own id."
    ]


def test_a_field_that_stands_twice_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path, RIGHT.replace("    area: AMF\n", "    area: AMF\n    area: AMI\n"))

    assert fault == "line 7: area: this field stands here twice."


def test_broken_yaml_is_named_with_its_line(tmp_path):
    (fault,) = faults_of(tmp_path, RIGHT.replace('"3"', '"3'))

    assert fault.startswith("line ")


@pytest.mark.parametrize("text", ["", "points: []\n", "control_points: []\n", "- 3\n", "control_points: 3\n"])
def test_a_file_without_control_points_says_what_to_write(tmp_path, text):
    assert faults_of(tmp_path, text) == ["line 1: control_points: write a list of control points under this key."]


def test_a_file_that_is_not_utf_8_says_so(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_bytes(RIGHT.encode("windows-1252"))

    with pytest.raises(BadInput, match="is not UTF-8"):
        read_plan(file)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_plan(tmp_path / "none.yaml")
