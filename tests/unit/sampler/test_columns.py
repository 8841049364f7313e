import pytest

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_sampler.domain.frame.columns import ColumnsError, plan_columns

HEADER = ["Personnr", "Beslut", "Distrikt", "Handläggare", "Namn"]


def options(**given):
    return FrameOptions(frame_name="Mars", control_point="AMF-2021-3", period="2021-03", **given)


def refused(header, **given):
    with pytest.raises(ColumnsError) as caught:
        plan_columns(header, options(**given))
    return [(error.field, error.message) for error in caught.value.errors]


def test_columns_are_found_by_name():
    plan = plan_columns(HEADER, options(unit_id_column="Personnr", month_column="Beslut", stratum_column="Distrikt"))
    assert (plan.unit_id, plan.month, plan.stratum, plan.unit, plan.handler) == (0, 1, 2, None, None)
    assert plan.kept(subunits_file=False) == ["month", "stratum"]


def test_the_first_column_names_the_unit_when_no_other_is_given():
    assert plan_columns(HEADER, options()).unit_id == 0


def test_identity_columns_are_kept_apart_each_once_and_without_the_unit_id():
    assert plan_columns(HEADER, options(identity_columns=["Namn", "Personnr", "Namn"])).identity == (4,)


def test_a_handler_may_be_an_identity_column_because_the_frame_has_only_its_pseudonym():
    plan = plan_columns(HEADER, options(handler_column="Handläggare", identity_columns=["Handläggare"]))
    assert (plan.handler, plan.identity) == (3, (3,))


def test_every_unknown_column_is_named_with_its_option_and_the_columns_that_exist():
    listed = "“Personnr”, “Beslut”, “Distrikt”, “Handläggare”, “Namn”"
    assert refused(HEADER, month_column="Datum", identity_columns=["Namn", "Adress"]) == [
        ("identity_columns.1", f"The file has no column “Adress”. Its columns are {listed}."),
        ("month_column", f"The file has no column “Datum”. Its columns are {listed}."),
    ]


@pytest.mark.parametrize("role", ["month", "stratum", "unit", "subunits"])
def test_a_column_that_identifies_a_person_never_enters_the_frame(role):
    ((field, message),) = refused(HEADER, identity_columns=["Namn"], **{f"{role}_column": "Namn"})
    assert field == f"{role}_column"
    assert message == f"Column “Namn” identifies a unit or a person, so it cannot be the frame's {role} column."


def test_the_unit_id_never_enters_the_frame():
    ((field, _),) = refused(HEADER, stratum_column="Personnr")
    assert field == "stratum_column"


def test_a_column_that_stands_twice_is_refused():
    assert refused(["Id", "Namn", "Id"]) == [
        ("file", "Column “Id” stands twice in row 1. Rename or remove one of them.")
    ]


def test_a_column_without_a_name_is_refused():
    assert refused(["Id", "", "Namn"]) == [("file", "Column 2 has no name in row 1. Name it, or remove the column.")]


@pytest.mark.parametrize("option", ["kept_columns", "identity_columns"])
def test_columns_that_differ_in_capital_letters_only_cannot_both_be_kept(option):
    ((field, message),) = refused(["Id", "Ort", "ort"], **{option: ["Ort", "ort"]})
    assert field == f"{option}.1"
    assert message == "Column “ort” differs from another one in capital letters only. Rename one of them."
