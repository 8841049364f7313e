"""A table with case numbers becomes one with pseudonyms, and its faults stand where the file has them."""

from uuid import UUID

import pytest

from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.findings_import import Wanted, case_numbers, request_of, with_cases
from stickprov_client.documents.table_file import Table
from stickprov_contracts.http.case_numbers import FoundCase
from stickprov_contracts.problems import FieldProblem

SPRING, AUTUMN = UUID("00000000-0000-5000-8000-00000000000a"), UUID("10000000-0000-5000-8000-00000000000b")
A, B = "aa" * 32, "bb" * 32
WANTED = Wanted("AMF-1")


def table(*rows: list[str], columns: str = "Ärendenummer;plan;urval") -> Table:
    return Table("svar.csv", columns.split(";"), list(enumerate(rows, start=2)))


def found(number: str, case: str = A, draw: UUID = SPRING) -> FoundCase:
    return FoundCase(unit_id=number, draw=draw, case=case)


def test_case_numbers_are_asked_for_once_and_blank_ones_not_at_all():
    assert case_numbers(table(["2021-1", "ja"], [" 2021-2 ", "ja"], ["2021-1", "nej"], ["", "ja"])) == [
        "2021-1",
        "2021-2",
    ]
    assert case_numbers(table(["1"], columns="ordningsnummer")) == []


def test_what_is_sent_has_the_pseudonym_and_not_the_case_number():
    sent = with_cases(table(["2021-1", "ja", ""], ["", "nej", ""]), [found("2021-1")], WANTED)
    request = request_of(sent.table, WANTED)
    assert request.columns == ["case", "plan", "urval"]
    assert [row.cells for row in request.rows] == [[f"{SPRING}/AMF-1/{A}", "ja", ""], ["", "nej", ""]]
    assert "2021-1" not in request.model_dump_json()


def test_a_case_that_was_drawn_twice_is_told_apart_by_its_draw_or_by_the_service():
    twice = [found("7"), found("7", draw=AUTUMN)]
    sent = with_cases(table(["7", "", "1000"], ["7", "", ""]), twice, WANTED)
    assert [row[0] for _, row in sent.table.rows] == [f"{AUTUMN}/AMF-1/{A}", A]
    other_series = with_cases(table(["7", "", ""]), [found("7"), found("7", B, AUTUMN)], WANTED)
    assert [(fault.number, fault.field) for fault in other_series.faults] == [(2, "Ärendenummer")]
    assert "Say in which draw" in other_series.faults[0].message


def test_a_number_that_stands_for_no_case_is_named_without_being_repeated():
    sent = with_cases(table(["secret-1", "ja"], ["7", "ja"], ["secret-2", "ja"]), [found("7")], WANTED)
    assert [number for number, _ in sent.table.rows] == [3]
    assert [(fault.number, fault.field) for fault in sent.faults] == [(2, "Ärendenummer"), (4, "Ärendenummer")]
    assert "secret" not in str(sent.refused())


def test_faults_of_numbers_and_of_answers_stand_together_under_the_files_own_headings():
    sent = with_cases(table(["9", "ja"], ["7", "kanske"]), [found("7")], WANTED)
    answers = FieldProblem(field="plan", code="choice-unknown", message="Choose one of yes, no.", row=3)
    closed = FieldProblem(field="case", code="period-closed", message="The period is closed.", row=1)
    faults = sent.refused([answers, closed]).faults
    assert [(fault.number, fault.field) for fault in faults] == [(1, "Ärendenummer"), (2, "Ärendenummer"), (3, "plan")]


def test_a_table_without_case_numbers_goes_as_it_is():
    plain = table(["1", "ja"], columns="ordningsnummer;plan")
    assert with_cases(plain, [], WANTED).table is plain


def test_a_table_that_is_too_wide_is_refused_by_its_file():
    with pytest.raises(BadFile, match=r"svar\.csv: columns"):
        request_of(Table("svar.csv", ["x"] * 601, [(2, ["1"])]), WANTED)
