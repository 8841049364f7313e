"""A published report leaves small numbers out so that nobody can work them out from what is printed beside them."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import get_args

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_contracts.http.reports import ReportFormat
from stickprov_reporting.adapters.reports.layout import number_columns
from stickprov_reporting.adapters.reports.rendering import rendered
from support.report_documents import (
    CHILDREN,
    CORRECT,
    MEETING,
    PLANS,
    children,
    correct_information,
    meetings_and_plans,
)
from support.report_making import form_of, made, tables_of, wanted
from support.report_scenes import concluded
from support.report_texts import Notes
from support.small_cells import Attacker, Part, control

MONTHS = "Antal och andelar månad för månad"
UNITS = "Antal och andelar enhet för enhet"
KINDS = "Antal och andelar efter slag"
QUARTER = wanted(points=[CORRECT])


def published(events, below, asked=QUARTER):
    return made(events, replace(asked, suppress_below=below))


def small(value, group, below):
    return group > 0 and (group < below or 0 < value < below or 0 < group - value < below)


parts = st.builds(
    Part,
    plain=st.integers(0, 14),
    remarks=st.sampled_from([0, 0, 1, 2, 5, 9]),
    over_coverage=st.sampled_from([0, 0, 0, 1, 6]),
    non_response=st.sampled_from([0, 0, 0, 2, 7]),
    waiting=st.sampled_from([0, 0, 3]),
)
units = st.dictionaries(st.sampled_from(["A", "B", "C"]), parts, min_size=1)
controls = st.dictionaries(st.sampled_from(["2021-01", "2021-02", "2021-03"]), units, min_size=1)


@settings(max_examples=25, deadline=None)
@given(
    months=controls,
    below=st.sampled_from([2, 3, 5, 8]),
    by_unit=st.booleans(),
    kinds=st.sampled_from([(), ("x",), ("x", "x", "x", "x", "y"), ("x", "y", "z")]),
)
def test_whoever_has_every_printed_figure_cannot_work_out_a_small_number(months, below, by_unit, kinds):
    months = {month: found for month, found in months.items() if sum(part.drawn for part in found.values())}
    if not any(part.plain + part.remarks for found in months.values() for part in found.values()):
        return
    events = control(months, by_unit=by_unit, kinds=kinds)
    truth = Attacker(made(events, QUARTER))
    attacker = Attacker(published(events, below), kinds_exclude_each_other=bool(kinds))

    assert attacker.rows.keys() == truth.rows.keys()
    for name, row in attacker.rows.items():
        is_value = truth.printed[truth.rows[name].remarks]
        low, high = attacker.possible(row.remarks) if row.left_out else (is_value, is_value)
        if small(is_value, row.reviewed, below):
            assert row.left_out, f"{name} {is_value} of {row.reviewed} is printed"
            assert low < high
            assert high >= min(below, row.reviewed) or is_value >= below
            assert low <= max(0, row.reviewed - below) or row.reviewed - is_value >= below
        elif row.left_out and row.reviewed:
            assert low < high
        for kind, unknown in row.losses.items():
            lost = truth.printed.get(truth.rows[name].losses[kind], 0)
            if kind != "Återstår" and 0 < lost < below:
                least, most = attacker.possible(unknown)
                assert least < most, f"{name}: {kind} is {least}"
    for name, (unknown, left_out) in attacker.categories.items():
        is_value = truth.printed[truth.categories[name][0]]
        if small(is_value, attacker.rows["whole"].reviewed, below):
            assert left_out
        if left_out:
            low, high = attacker.possible(unknown)
            assert low < high


@settings(max_examples=10, deadline=None)
@given(first=st.integers(1, 4), second=st.integers(1, 4), below=st.just(5))
def test_another_truth_of_which_the_same_is_printed_makes_the_same_report(first, second, below):
    other = (first % 4) + 1
    rest = first + second - other
    if not 0 < rest < below:
        return

    def told(january, february):
        spread = {"2021-01": january, "2021-02": february, "2021-03": 12}
        return published(
            control({month: {"A": Part(40 - remarks, remarks)} for month, remarks in spread.items()}, kinds=["x"]),
            below,
        )

    assert told(first, second).blocks == told(other, rest).blocks


def test_a_month_with_few_takes_another_with_it_and_what_is_made_of_both():
    months = {"2021-01": 2, "2021-02": 9, "2021-03": 12}
    report = published(control({month: {"A": Part(40 - few, few)} for month, few in months.items()}), 5)
    figures = [row[0] for row in tables_of(report)["Hela perioden"]]

    assert [row[-2:] for row in tables_of(report)[MONTHS]] == [
        ["..", ".."],
        ["..", ".."],
        ["12", "30,0\xa0%"],
        ["23", "19,2\xa0%"],
    ]
    assert figures == ["Urvalets andel av urvalsramen", "Sammanlagd andel med anmärkning"]
    assert form_of(report)["Resultat"] == (
        "Totalt har 120 hushåll granskats: 40 i januari, 40 i februari och 40 i mars. "
        "Anmärkning finns i 23 av dem: .. i januari, .. i februari och 12 i mars.\n"
        "Andelen med anmärkning är 19,2\xa0% (23 av 120)."
    )
    assert "tolerans" not in form_of(report)["Sammanfattning"]


def test_a_whole_with_few_takes_everything_that_tells_it():
    report = published(control({"2021-01": {"A": Part(20, 1), "B": Part(20, 2)}}, kinds=["x"]), 5)

    assert tables_of(report)["Hela perioden"][1] == [
        "Sammanlagd andel med anmärkning",
        "..",
        "..",
        "43",
        "alla anmärkningar av alla granskade",
    ]
    assert [row[-2:] for row in tables_of(report)[UNITS]] == [["..", ".."], ["..", ".."]]
    assert tables_of(report)[KINDS] == [["Slag x", "..", "43", ".."]]
    assert form_of(report)["Resultat"] == (
        "Totalt har 43 hushåll granskats. Hur många av dem som har en anmärkning visas inte."
    )


def test_nothing_found_is_told_of_a_group_that_is_large_enough():
    report = published(control({"2021-01": {"A": Part(30), "B": Part(4), "C": Part(3, 1)}}), 5)

    assert {row[0]: row[-2] for row in tables_of(report)[UNITS]} == {"A": "0", "B": "..", "C": ".."}


def test_a_few_that_could_not_be_reviewed_are_not_told_apart():
    report = published(control({"2021-01": {"A": Part(20, 9, over_coverage=1, non_response=8)}}), 5)

    assert "Antal efter skäl" not in tables_of(report)
    assert "kunde inte granskas" not in form_of(report)["Resultat"]
    assert "borde inte" not in form_of(report)["Resultat"]
    assert [row[0] for row in tables_of(report)["Hela perioden"]] == [
        "Urvalets andel av urvalsramen",
        "Sammanlagd andel med anmärkning",
    ]


def test_the_report_of_the_first_quarter_with_20_as_the_limit():
    report = published(correct_information(tolerance="0.1"), 20)

    assert [row[-2:] for row in tables_of(report)[MONTHS]] == [
        ["28", "17,9\xa0%"],
        ["29", "18,2\xa0%"],
        ["47", "24,2\xa0%"],
        ["104", "20,4\xa0%"],
    ]
    assert {row[0]: row[-2] for row in tables_of(report)[UNITS]} == {
        "Centrum": "20",
        "Mottagning": "..",
        "Åby": "26",
        "Ätradalen": "..",
        "Östra": "21",
    }
    assert [row[:2] for row in tables_of(report)[KINDS]] == [
        ["Insättningar på konto", "66"],
        ["Annan anmärkning", ".."],
        ["Begärda handlingar ej inlämnade", ".."],
        ["Ej redogjort för sökta belopp", ".."],
        ["Inaktuella underlag", ".."],
        ["Rörigt underlag", ".."],
        ["Sökt för ett belopp och redovisat ett annat", ".."],
    ]
    assert "konfidensintervall" not in "".join(row[0] for row in tables_of(report)["Hela perioden"])


def test_answers_of_few_go_and_the_other_answers_to_the_same_question_with_them():
    asked = wanted(points=[CHILDREN], start=date(2020, 8, 1), end=date(2021, 8, 1))
    tables = tables_of(published(children(), 6, asked))
    question = "Beskrivs specifika konsekvenser för barnet? (besvarad för 134 av 134 granskade barn)"

    assert [row[1] for row in tables[question]] == ["..", ".."]
    assert [row[1] for row in tables["Nämns barn generellt? (besvarad för 134 av 134 granskade barn)"]] == ["80", "54"]


def test_points_that_share_a_form_say_once_why_numbers_are_missing():
    asked = wanted(points=[MEETING, PLANS], start=date(2021, 8, 1), end=date(2021, 11, 1))
    report = published(meetings_and_plans(), 5, asked)

    headings = [block.text for block in report.blocks if block.kind == "heading"]
    assert headings.count("Små tal visas inte") == 1


@pytest.mark.parametrize("ending", get_args(ReportFormat))
def test_no_format_holds_a_number_that_was_left_out(ending):
    events = control({"2021-01": {"A": Part(122, 11), "B": Part(111, 17)}}, kinds=["x"])
    shown, kept = (text_of(rendered(report, ending)) for report in (made(events, QUARTER), published(events, 20)))
    share = str(11 / 133)[:8] if ending in {"json", "xlsx"} else "8,3"

    assert share in shown.replace("0,08270", "8,3")
    assert share not in kept.replace("0,08270", "8,3")


def text_of(file):
    if file.name.endswith((".docx", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(file.content)) as folder:
            return " ".join(folder.read(name).decode() for name in folder.namelist() if name.endswith(".xml"))
    if file.name.endswith(".pdf"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.content)).pages)
    return file.content.decode()


def test_a_report_that_leaves_nothing_out_says_so_and_is_else_the_same():
    notes = Notes()
    events = [*control({"2021-01": {"A": Part(40, 9)}}), concluded(notes)]
    plain, kept = made(events, QUARTER, notes), made(events, replace(QUARTER, suppress_below=5), notes)
    note = kept.blocks[1:4]

    assert [block for block in kept.blocks if block not in note] == list(plain.blocks)
    assert note[-1].text == "Inget tal har behövt utelämnas."


def test_the_limit_stands_in_the_address_that_makes_the_report_again():
    events = control({"2021-01": {"A": Part(40, 2)}})
    report = published(events, 5)

    assert "&suppress_below=5&" in report.stamp.request
    assert "suppress_below" not in made(events, QUARTER).stamp.request
    assert published(events, 5).model_dump_json() == report.model_dump_json()


def test_the_note_is_in_the_language_of_the_report():
    report = published(control({"2021-01": {"A": Part(40, 2)}}), 5, replace(QUARTER, language="en"))

    assert any(block.kind == "heading" and block.text == "Small numbers are not shown" for block in report.blocks)


def test_a_column_of_which_every_number_is_left_out_still_stands_to_the_right():
    report = published(control({"2021-01": {"A": Part(20, 1), "B": Part(20, 2)}}), 5)
    units = next(block for block in report.blocks if block.kind == "table" and block.caption == UNITS)

    assert number_columns(units) == {1, 2, 3, 4}


def test_many_strata_with_few_in_each_are_judged_quickly_enough_to_be_tried():
    months = {f"2021-{month:02}": {f"S{place}": Part(6, place % 3) for place in range(25)} for month in (1, 2, 3)}
    report = published(control(months, by_unit=True), 5)

    assert {row[-1] for row in tables_of(report)["Antal och andelar stratum för stratum"]} <= {"..", "0,0\xa0%"}
