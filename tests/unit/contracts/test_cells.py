"""No text in a file of ours is run by a spreadsheet, and each comes back as it was."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stickprov_client.documents.table_file import table_in
from stickprov_client.documents.table_writing import as_csv, as_xlsx
from stickprov_contracts.cells import as_text_cell, guarded, unguarded

# Often of what spreadsheets mind, sometimes anything.
TEXTS = st.one_of(
    st.text(st.sampled_from("'=+-@＝＋－＠\t\r\n \N{NO-BREAK SPACE}a1;\",|\\")),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
FIRST_SIGNS = re.compile("[=+\\-@＝＋－＠\t\r\n]")
patient = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(TEXTS)
def test_a_guarded_text_begins_with_nothing_that_is_run(text: str):
    assert not FIRST_SIGNS.match(guarded(text).lstrip(" \N{NO-BREAK SPACE}")[:1])


@given(TEXTS)
def test_a_guarded_text_comes_back_as_it_was(text: str):
    assert unguarded(guarded(text)) == text
    assert unguarded(as_text_cell(text)) == text


@pytest.mark.parametrize("text", ["", "text", "12", "'quoted'", "a=b", "åäö", " blank", "2021-03-31"])
def test_an_ordinary_text_stays_as_it_is(text: str):
    assert guarded(text) == text == as_text_cell(text)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "\N{NO-BREAK SPACE}@x", "＝1", "'=1"]
)
def test_a_text_that_would_be_run_has_a_quote_before_it(text: str):
    assert guarded(text) == f"'{text}"


@patient
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_a_table_in_csv_comes_back_as_it_was_and_nothing_in_it_is_run(row: list[str]):
    written = as_csv(["case", *row], [["x", *row]])

    for line in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not any(FIRST_SIGNS.match(cell.lstrip(" \N{NO-BREAK SPACE}")[:1]) for cell in line)
    table = table_in("t.csv", as_csv(_headings(row), [["x", *row]]))
    assert [list(cells) for _, cells in table.rows] == [["x", *row]]


@settings(patient, max_examples=10)
@given(st.lists(TEXTS.map(lambda text: text.replace("\r", "")), min_size=1, max_size=5))
def test_a_table_in_xlsx_comes_back_as_it_was_and_holds_no_formula(row: list[str]):
    written = as_xlsx(["case", *row], [["x", *row]])

    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    table = table_in("t.xlsx", as_xlsx(_headings(row), [["x", *row]]))
    ((_, cells),) = table.rows
    assert list(cells)[: len(row) + 1] == ["x", *row]


def _headings(row: list[str]) -> list[str]:
    return ["case", *(f"q{place}" for place in range(len(row)))]
