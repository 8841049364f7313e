"""Forms of pages: kept values, faults beside their fields, and safe ways on after a sign-in."""

from uuid import UUID

import pytest

from stickprov_client.web.access import safe_address
from stickprov_client.web.forms import Fault, Form
from stickprov_contracts.problems import FieldProblem, Problem


@pytest.mark.parametrize(
    "address", ["/", "/frames", "/statistics/AMF-2021-3?from=2021-01-01&to=2021-04-01", "/frames/%C3%A5", "/a//b"]
)
def test_an_address_of_ours_is_gone_on_to(address):
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example/",
        "/\t/elsewhere.example/",
        "/\n/elsewhere.example",
        " //elsewhere.example",
        "javascript:alert(1)",
        "frames",
        "/å",
        "/" + "a" * 3000,
        "/sign-in",
        "/sign-in?next=/frames",
        "/sign-out",
    ],
)
def test_any_other_address_leads_to_the_start_page(address):
    assert safe_address(address) == "/"


def problem(*errors: FieldProblem) -> Problem:
    return Problem(
        type="urn:x", title="Errors", status=422, detail="Look again.", code="bad-input", errors=list(errors)
    )


def test_what_a_service_found_wrong_stands_beside_the_forms_fields():
    errors = (
        FieldProblem(field="period", code="x", message="Write 2021-03."),
        FieldProblem(field="body.n", code="x", message="At least 1."),
        FieldProblem(field="identity_columns[0]", code="x", message="No such column."),
        FieldProblem(field="Belopp", code="x", message="No number.", row=7),
    )

    form = Form(values={"period": ("mars",)}).refused(problem(*errors), {"n": "how-many"})

    assert form.value("period") == "mars"
    assert form.fault("period") == "Write 2021-03."
    assert form.fault("how-many") == "At least 1."
    assert form.fault("identity_columns") == "No such column."
    assert form.fault("Belopp") == "7: No number."
    assert form.fault("frame_name") is None


def test_a_problem_with_the_whole_request_is_told_without_a_field():
    form = Form().refused(problem())

    assert form.faults == (Fault("", "Look again."),)


def test_a_refused_form_is_another_command_when_it_is_sent_again():
    first = Form(command=UUID(int=1))

    assert first.with_faults([Fault("", "x")]).command != first.command


def test_blanks_around_a_value_do_not_count_and_an_empty_one_is_none():
    form = Form(values={"a": ("  x ",), "b": (" ",)})

    assert form.value("a") == "x"
    assert form.optional("b") is None
    assert form.value("c", "standard") == "standard"
