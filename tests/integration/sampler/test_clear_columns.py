"""A column that the frame keeps in clear holds nobody's personal number; the log could never forget it."""

import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_contracts.http.sampler import FrameOptions
from stickprov_kernel.period import parse_period
from stickprov_sampler.adapters.frames.reading import Files, reading
from stickprov_sampler.domain.frame.columns import ColumnsError
from stickprov_sampler.domain.identity.personal_number import check_digit

ONE = "121212-1212"


@pytest.fixture
def read(tmp_path):
    """Return what reads a register with one column in clear and tells what was refused."""

    def refusals(values, **options):
        asked = FrameOptions(
            frame_name="M", control_point="P", period="2021-Q1", **(options or {"kept_columns": ["K"]})
        )
        text = "\n".join(["Id;K", *(f"h{number};{value}" for number, value in enumerate(values))])
        try:
            with reading(
                Files(io.BytesIO(text.encode())), asked, parse_period("2021-Q1"), tmp_path,
                writable=tmp_path, memory="256MB", stage=lambda _stage: None,
            ):  # fmt: skip
                return []
        except ColumnsError as error:
            return [(problem.field, problem.row) for problem in error.errors]

    return refusals


@pytest.mark.parametrize("option", ["kept_columns", "stratum_column", "unit_column"])
def test_a_column_of_personal_numbers_is_refused_in_every_role_in_clear(read, option):
    given_as = ["K"] if option == "kept_columns" else "K"

    field = "kept_columns.0" if option == "kept_columns" else option
    assert read([ONE, "19" + ONE], **{option: given_as}) == [(field, 2)]


@pytest.mark.parametrize(
    "value",
    [ONE, "19" + ONE, "121212+1212", f"Se {ONE}.", f"anteckning om ({ONE})", "121272-1219"],
)
def test_one_number_written_as_nothing_else_is_enough(read, value):
    assert read(["Norr", "Söder", value, *["Norr"] * 100]) == [("kept_columns.0", 4)]


def test_a_column_of_bare_digits_is_refused_when_they_are_mostly_personal_numbers(read):
    assert read(["1212121212", "191212121212", "", "Norr"]) == [("kept_columns.0", 2)]


@pytest.mark.parametrize(
    "value", ["Norr", "121212-1213", "131312-1212", "5561234567", "070-121 21 21", "2021-03-31", ""]
)
def test_what_is_no_personal_number_is_kept(read, value):
    assert read([value, "Norr", value]) == []


def test_an_invoice_whose_number_happens_to_be_one_is_kept(read):
    assert read(["1212121212", *(str(5_000_000_000 + 7 * number) for number in range(400))]) == []


@given(
    born=st.dates(date(1922, 1, 1), date(2021, 1, 1)),
    serial=st.integers(0, 999),
    century=st.booleans(),
    before=st.text("abcåäö (,", max_size=8),
    after=st.text("abcåäö ),.", max_size=8),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anybodys_number_is_found_wherever_it_stands_in_a_text(read, born, serial, century, before, after):
    nine = f"{born:%y%m%d}{serial:03}"
    number = f"{f'{born:%Y}'[:2] if century else ''}{nine[:6]}-{nine[6:]}{check_digit(nine)}"

    assert read(["Norr", before + number + after]) == [("kept_columns.0", 3)]
