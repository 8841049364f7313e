"""Staff lists: read in every dialect, faults by row and column, and never a name in a message."""

import pytest

from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.staff_file import read_staff
from stickprov_contracts.problems import FieldProblem

RIGHT = (
    "sign_in;name;email;unit;groups;clearance\nab01;Namn Ett;ett@example.org;Åsen;a | b;protected\n;;;;;\ncd02;;;;;\n"
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "staff.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_dialect_gives_the_same_people(file, encoding, delimiter):
    file.write_bytes(RIGHT.replace(";", delimiter).encode(encoding))

    first, second = read_staff(file).staff.staff

    assert (first.sign_in, first.name, first.unit, first.groups) == ("ab01", "Namn Ett", "Åsen", ["a", "b"])
    assert (first.clearance, second.clearance, second.groups) == ("protected", "ordinary", [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ab01", "", "row 2, column sign_in: this cell is empty."),
        ("protected", "all", "row 2, column clearance: write ordinary or protected, or leave the cell empty."),
        ("cd02;;;;;", "cd02;;;;;;x", "row 4: there are 7 cells and 6 columns."),
        ("email", "emial", "row 1: there is no column “emial”. Did you mean email?"),
        ("email", "zzz", "row 1: there is no column “zzz”. There are sign_in, name, email, unit, groups, clearance."),
        ("name", "unit", "row 1: column unit stands twice."),
        ("sign_in", "unit", "row 1: the column sign_in is missing."),
    ],
)
def test_a_fault_is_named_with_its_row_and_column_and_without_a_name(file, old, new, fault):
    file.write_text(RIGHT.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadFile) as refused:
        read_staff(file)

    assert f"{file}, {fault}" in str(refused.value).splitlines()
    assert "Namn Ett" not in str(refused.value)


def test_what_the_service_refuses_is_named_by_row(file):
    file.write_text(RIGHT, encoding="utf-8")

    refused = read_staff(file).refused([FieldProblem(field="staff.1.sign_in", code="x", message="Stands twice.")])

    assert str(refused) == f"{file}, row 4, column sign_in: Stands twice."


@pytest.mark.parametrize(("text", "fault"), [("", "the file is empty"), ("sign_in\n\n", "there is nobody below")])
def test_a_list_of_nobody_says_so(file, text, fault):
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadFile, match=fault):
        read_staff(file)
