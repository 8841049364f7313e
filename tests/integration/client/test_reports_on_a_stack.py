"""Reports by command against a whole stack: files that open, in the language and of the moment that was asked for."""

import json
from pathlib import Path

from docx import Document

FORM = ("report", "standard-form", "AMF-2021-3", "--period", "2021-Q1")


def blocks(file: Path) -> list[object]:
    return json.loads(file.read_text(encoding="utf-8"))["blocks"]


def test_the_demonstration_wrote_the_standard_form_in_four_formats(played_stack):
    written = {file.suffix for file in (played_stack.data / "demo").glob("AMF-2021-3-2021-Q1.*")}

    assert written == {".pdf", ".docx", ".xlsx", ".html"}
    assert all(
        str(played_stack.data / "demo" / f"AMF-2021-3-2021-Q1{ending}") in played_stack.told for ending in written
    )
    page = (played_stack.data / "demo" / "AMF-2021-3-2021-Q1.html").read_text(encoding="utf-8")
    assert "The control shows that the routine is followed." in page


def test_a_report_is_named_by_its_contents_and_a_file_by_its_ending_gets_its_format(played_stack, tmp_path):
    named = played_stack.stickprov(*FORM, "--out", str(tmp_path), "--language", "sv", who="board")
    chosen = played_stack.stickprov(*FORM, "--out", str(tmp_path / "form.docx"), who="board")

    file = tmp_path / "Internkontrollmoment 3, januari–mars 2021.pdf"
    assert named.stdout == f"The report is in {file}.\n", named.stderr
    assert file.read_bytes().startswith(b"%PDF")
    assert chosen.returncode == 0, chosen.stderr
    assert "Internal control point 3" in [one.text for one in Document(str(tmp_path / "form.docx")).paragraphs]


def test_an_earlier_report_is_made_again_from_its_positions(played_stack, tmp_path):
    first, again = tmp_path / "first.json", tmp_path / "again.json"
    played_stack.stickprov(*FORM, "--out", str(first))
    stamp = json.loads(first.read_text(encoding="utf-8"))["stamp"]["as_of"]
    positions = f"{stamp['sampler']['position']}/{stamp['findings']['position']}"

    ended = played_stack.stickprov(*FORM, "--as-of", positions, "--out", str(again))

    assert ended.returncode == 0, ended.stderr
    assert blocks(again) == blocks(first)


def test_actions_are_reported_and_an_unknown_plan_is_told(played_stack, tmp_path):
    actions = played_stack.stickprov("report", "actions", "--point", "AMF-2021-3", "--out", str(tmp_path / "a.html"))
    plan = played_stack.stickprov("report", "plan-status", "--plan", "FINNS-INTE", language="sv")
    moment = played_stack.stickprov(*FORM, "--as-of", "519", language="sv")

    assert actions.returncode == 0, actions.stderr
    assert plan.returncode == 2
    assert "Det finns ingen plan FINNS-INTE" in plan.stderr
    assert (moment.returncode, "skriv det som 519/509" in moment.stderr) == (2, True)


def test_a_report_to_be_published_leaves_small_numbers_out_and_says_what_to_read_first(played_stack, tmp_path):
    file = tmp_path / "form.json"

    ended = played_stack.stickprov(*FORM, "--suppress-below", "20", "--out", str(file), language="sv")
    refused = played_stack.stickprov(*FORM, "--suppress-below", "1", language="sv")

    assert "läs igenom dem innan rapporten publiceras" in ended.stdout, ended.stderr
    assert '"Små tal visas inte"' in file.read_text(encoding="utf-8")
    assert refused.returncode == 2
