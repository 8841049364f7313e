"""A reviewer's commands against a whole stack: questions shown and answered, marks, findings in and out of files."""

import json

import pytest
import yaml

from stickprov_client.documents.table_file import read_table
from support.waiting import wait_until

POINT = "KLI-2021-1"
WHO = "reviewer-06"

ASKED = """\
questionnaire: kli-planer
sv: Planer
en: Plans
questions:
  - id: plan
    sv: Finns en plan?
    en: Is there a plan?
    type: yes_no
    remarks:
      - {answers: [no], category: missing}
  - id: datum
    sv: När gjordes den?
    en: When was it made?
    type: date
    applies_if: {question: plan, answers: [yes]}
  - id: gammal
    sv: Äldre än tre månader
    en: Older than three months
    type: yes_no
    derived: {date: datum, months: 3}
    remarks:
      - {answers: [yes], category: old}
  - id: behov
    sv: Nämns barnets behov?
    en: Are the child's needs mentioned?
    type: yes_no
    level: subunit
"""

PLAN = f"""\
plan: KLI-2021
year: 2021
board: Socialnämnden
control_points:
  - control_point: {POINT}
    number: "1"
    area: AMF
    measure: Planer är aktuella
    questionnaire: kli-planer
    unit_name: ärende
    subunit_name: barn
    categories:
      - {{id: missing, sv: Saknas, en: Missing}}
      - {{id: old, sv: För gammal, en: Too old}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reviewing")


@pytest.fixture(scope="module")
def reviews(played_stack, folder) -> list[str]:
    """Publish, adopt, freeze and draw; return what names the six drawn cases in a command."""
    asked, plan, register = folder / "fragor.yaml", folder / "plan.yaml", folder / "register.csv"
    asked.write_text(ASKED, encoding="utf-8")
    plan.write_text(PLAN, encoding="utf-8")
    register.write_text("Ärende;Barn\n" + "".join(f"{number:03};2\n" for number in range(6)), encoding="utf-8")
    for words in (
        ("questionnaire", "publish", str(asked)),
        ("plan", "import", str(plan)),
        ("frame", "import", str(register), "--point", POINT, "--period", "2021-04", "--subunits", "Barn"),
        ("draw", "make", f"{POINT} 2021-04", "--n", "6"),
    ):
        ended = played_stack.stickprov(*words)
        assert ended.returncode == 0, ended.stderr
    wait_until(lambda: len(queue_of(played_stack)["items"]) == 6, what="findings hears of six cases")
    return [f"{one['draw']}/{POINT}/{one['case']}" for one in queue_of(played_stack)["items"]]


def queue_of(stack) -> dict:
    ended = stack.stickprov("queue", "--point", POINT, "--json", who=WHO)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def said(stack, *words: str, language: str = "en") -> str:
    ended = stack.stickprov(*words, who=WHO, language=language)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(stack, *words: str) -> str:
    ended = stack.stickprov(*words, who=WHO)
    assert ended.returncode == 2, ended.stdout
    return " ".join(ended.stderr.split())


def test_a_questionnaire_is_tried_before_it_is_published(played_stack, tmp_path):
    wrong = tmp_path / "fel.yaml"
    wrong.write_text(ASKED.replace("{date: datum, months: 3}", "{date: plan, months: 3}"), encoding="utf-8")
    tried = played_stack.stickprov("questionnaire", "publish", str(wrong), "--dry-run")
    assert tried.returncode == 2
    assert "line 20, field derived.date: “plan” is a yes_no question; name one of type date." in tried.stderr
    fresh = tmp_path / "ny.yaml"
    fresh.write_text(ASKED.replace("kli-planer", "kli-nya"), encoding="utf-8")
    shown = played_stack.stickprov("questionnaire", "publish", str(fresh), "--dry-run", language="sv")
    assert "beräknas: datum äldre än 3 månader vid periodens slut" in shown.stdout
    assert played_stack.stickprov("questionnaire", "show", "kli-nya").returncode == 2


def test_questions_are_shown_with_when_they_are_asked(played_stack, reviews):
    shown = said(played_stack, "questionnaire", "show", "kli-planer")
    assert "if plan is Yes" in shown
    assert "No → missing" in shown
    assert "file-missing" in shown, "the reasons of over-coverage and non-response"
    assert "kli-planer" in said(played_stack, "questionnaire", "show")


def test_a_case_from_its_template_to_its_correction(played_stack, reviews, tmp_path):
    template = tmp_path / "svar.yaml"
    upcoming = said(played_stack, "next", "--point", POINT, "--template", str(template))
    _, point, case = reviews[0].split("/")
    short = f"{point}/{case[:8]}"
    assert f"stickprov submit {short} --answers {template}" in upcoming
    assert "file-missing" in upcoming
    own_numbers = {f"{number:03}" for number in range(6)}
    assert own_numbers & {line.strip() for line in upcoming.splitlines()}
    filled = yaml.safe_load(template.read_text(encoding="utf-8"))
    filled["answers"] = {"plan": "yes", "datum": "2021-01-30"}
    for subunit in filled["subunits"]:
        subunit["answers"] = {"behov": "no"}
    template.write_text(yaml.safe_dump(filled), encoding="utf-8")
    told = refused(played_stack, "submit", reviews[0], "--answers", str(template), "--answer", "datum=2031-01-30")
    assert "answers.datum: The date lies after" in told
    said(played_stack, "start", reviews[0])
    said(played_stack, "submit", reviews[0], "--answers", str(template), "--comment", "=1+1")
    corrected = said(
        played_stack, "correct", reviews[0], "--answer", "datum=2021-02-01", "--reason", "Fel datum", "--json"
    )
    assert json.loads(corrected)["version"] == 3


def test_a_review_is_shown_with_its_history_and_refusals_say_how(played_stack, reviews):
    _, point, case = reviews[3].split("/")
    short = f"{point}/{case[:8]}"
    assert "Nothing is recorded of this case yet." in said(played_stack, "show", short)
    said(played_stack, "non-response", short, "--reason", "other", "--comment", "Akten är utlånad")
    shown = said(played_stack, "show", short, language="sv")
    assert "Markerat som bortfall" in shown
    assert "Kommentar: Akten är utlånad" in shown
    again = refused(played_stack, "non-response", short, "--reason", "file-missing")
    assert "stickprov show REVIEW" in again
    said(played_stack, "reopen", short, "--reason", "Akten är tillbaka")
    assert "Reason: Akten är tillbaka" in said(played_stack, "show", short)
    assert "You have no case" in refused(played_stack, "show", f"{point}/00000000")


def test_a_case_that_is_not_reviewed_has_a_reason_and_can_be_opened_again(played_stack, reviews):
    assert "reason" in refused(played_stack, "over-coverage", reviews[1], "--reason", "vet-ej")
    assert "say in the comment what it was" in refused(played_stack, "over-coverage", reviews[1], "--reason", "other")
    said(played_stack, "over-coverage", reviews[1], "--reason", "closed-before")
    assert "--version" not in said(played_stack, "reopen", reviews[1], "--reason", "Ärendet är öppet")
    said(played_stack, "non-response", reviews[1], "--reason", "file-missing", "--comment", "Inlånad")


def test_many_findings_go_in_from_a_file_and_come_out_into_one(played_stack, reviews, tmp_path):
    rows = ["case;subunit;plan;datum;behov"]
    for review in reviews[2:5]:
        case = review.rpartition("/")[2][:12]
        rows += [f"{case};1;ja;2020-01-01;nej", f"{case};2;;;ja"]
    file = tmp_path / "svar.csv"
    file.write_text("\n".join([*rows, f"{case};3;;;ja", "ffffffffffff;1;nej;;ja"]), encoding="cp1252")
    words = ("import-findings", str(file), "--point", POINT)
    told = refused(played_stack, *words)
    assert "row 8, column subunit: The case has no such subunit." in told
    assert "row 9, column case: No such case was drawn" in told
    file.write_text("\n".join(rows), encoding="cp1252")
    assert "Reviewed 3 · with a remark 3" in said(played_stack, *words, "--dry-run")
    assert json.loads(said(played_stack, *words, "--json"))["recorded"] == 3
    assert json.loads(said(played_stack, *words, "--json"))["unchanged"] == 3

    out = tmp_path / "mina.xlsx"
    assert "findings are in" in said(played_stack, "export-findings", "--point", POINT, "--out", str(out))
    table = read_table(out)
    assert list(table.columns)[:8] == [
        "case",
        "draw",
        "subunit",
        "outcome",
        "reason",
        "remark",
        "categories",
        "comment",
    ]
    own = [dict(zip(table.columns, row, strict=True)) for _, row in table.rows if row[0] in reviews[2]]
    assert [(row["subunit"], row["plan"], row["datum"], row["gammal"], row["behov"]) for row in own] == [
        ("1", "yes", "2020-01-01", "yes", "no"),
        ("2", "yes", "2020-01-01", "yes", "yes"),
    ]
    again = json.loads(said(played_stack, "import-findings", str(out), "--point", POINT, "--json"))
    assert again["recorded"] == 0
    assert again["unchanged"] >= 3


def test_an_export_names_its_kind_of_file(played_stack, tmp_path):
    assert "--out: End the file's name" in refused(
        played_stack, "export-findings", "--point", POINT, "--out", str(tmp_path / "mina.ods")
    )
