"""The coordinator gives cases to reviewers by command, moves one, prints lists and follows how far they have come."""

import csv
import io
import json

import pytest

from support.waiting import wait_until

POINT = "ASG-2021-1"

PLAN = f"""\
plan: ASG-2021
year: 2021
board: Socialnämnden
control_points:
  - control_point: {POINT}
    number: "1"
    area: AMF
    measure: Kollegor granskar varandras ärenden
    unit_name: ärende
    reviewer_rule: colleague
    second_review_share: 0.1
"""
STAFF = "sign_in;name;email;unit;groups;clearance\n" + "".join(
    f"reviewer-{number:02};Granskare {number};;{unit};;\n"
    for number, unit in [(place, "Nord" if place <= 10 else "Syd") for place in range(1, 13)]
)
REGISTER = "Ärende;Handläggare;Enhet\n" + "".join(
    f"{number:03};reviewer-{7 + number % 3:02};Nord\n" for number in range(9)
)


@pytest.fixture(scope="module")
def draw(played_stack, tmp_path_factory) -> str:
    """List the staff, adopt, freeze and draw nine cases; return the draw's id when findings has heard of all."""
    folder = tmp_path_factory.mktemp("assigning")
    staff, plan, register = folder / "personal.csv", folder / "plan.yaml", folder / "register.csv"
    staff.write_text(STAFF, encoding="utf-8")
    plan.write_text(PLAN, encoding="utf-8")
    register.write_text(REGISTER, encoding="utf-8")
    frame = ("frame", "import", str(register), "--point", POINT, "--period", "2021-05", "--handler", "Handläggare")
    for words in (
        ("staff", "import", str(staff)),
        ("plan", "import", str(plan)),
        (*frame, "--unit", "Enhet"),
        ("draw", "make", f"{POINT} 2021-05", "--n", "9"),
    ):
        ended = played_stack.stickprov(*words)
        assert ended.returncode == 0, ended.stderr
    wait_until(lambda: len(cases(played_stack)) == 9, what="findings hears of nine cases")
    return cases(played_stack)[0]["draw"]


def said(stack, *words: str, language: str = "en") -> str:
    ended = stack.stickprov(*words, language=language)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def cases(stack, *words: str) -> list[dict]:
    return json.loads(said(stack, "assign", "show", "--point", POINT, "--json", *words))


def test_cases_are_given_by_rule_and_the_whole_is_tried_first(played_stack, draw):
    make = ("assign", "make", "--draw", draw, "--point", POINT)
    tried = said(played_stack, *make, "--dry-run")
    assert "9 cases would be given; 0 have a reviewer already." in tried
    assert "Nothing has been stored." in tried
    assert [case["reviewer"] for case in cases(played_stack)] == [None] * 9
    done = json.loads(said(played_stack, *make, "--json"))
    assert (done["given"], done["unassigned"]) == (9, [])
    assert all(case["reviewer"] not in (None, case["handler"]) for case in cases(played_stack))
    again = said(played_stack, *make, language="sv")
    assert "0 ärenden tilldelade; 9 hade redan en granskare." in again


def test_a_case_is_moved_to_somebody_by_name(played_stack, draw):
    case = cases(played_stack)[0]
    named = f"{draw}/{POINT}/{case['case']}"
    moved = said(played_stack, "assign", "move", named, "--to", "Granskare 12", "--reason", "sjukdom")
    assert "Recorded as version 2" in moved
    theirs = cases(played_stack, "--reviewer", "Granskare 12")
    assert [one["case"] for one in theirs] == [case["case"]]
    refused = played_stack.stickprov("assign", "move", named, "--to", "Ingen Alls", "--reason", "sjukdom")
    assert (refused.returncode, "stickprov staff show lists them" in refused.stderr) == (2, True)


def rows_of(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff")), delimiter=";"))


def test_a_list_of_cases_is_printed_for_each_reviewer(played_stack, draw):
    words = ("assign", "show", "--draw", draw, "--csv")
    rows = rows_of(said(played_stack, *words, language="sv"))
    assert len(rows) == 9
    assert {row["Granskare"] for row in rows} >= {"Granskare 12"}
    assert [row["Granskare"] for row in rows] == sorted(row["Granskare"] for row in rows)
    assert {row["Status"] for row in rows} == {"väntar"}
    assert sorted(int(row["Ordning"]) for row in rows) == list(range(1, 10))
    assert {(row["Kontrollmoment"], row["Månad"], row["Urval"]) for row in rows} == {(POINT, "2021-05", draw[:8])}
    known = {one["case"] for one in cases(played_stack)}
    assert not [row for row in rows if known & set(row.values())]
    numbered = rows_of(said(played_stack, *words, "--case-numbers", language="sv"))
    assert len({row["Ärendenummer"] for row in numbered}) == 9
    assert {row["Ärendenummer"] for row in numbered} <= {line.partition(";")[0] for line in REGISTER.splitlines()}


def test_a_list_is_filled_in_and_sent_back(played_stack, draw, tmp_path):
    rows = rows_of(said(played_stack, "assign", "show", "--draw", draw, "--csv", language="sv"))
    mine = next(row for row in rows if row["Granskare"] == "Granskare 12")
    filled = mine | {"Utfall": "bortfall", "Orsak": "no-access"}
    file = tmp_path / "lista.csv"
    file.write_text("\n".join([";".join(filled), ";".join(filled.values())]), encoding="utf-8")
    words = ("import-findings", str(file), "--point", POINT, "--dry-run", "--json")
    looked = played_stack.stickprov(*words, who="reviewer-12")
    assert looked.returncode == 0, looked.stderr
    assert json.loads(looked.stdout)["non_response"] == 1


def test_progress_is_told_by_reviewer_and_by_point(played_stack, draw):
    progress = json.loads(said(played_stack, "progress", "--point", POINT, "--json"))
    assert (progress["total"]["total"], progress["total"]["waiting"]) == (9, 9)
    assert progress["total"]["overdue"] == 9
    by_reviewer = said(played_stack, "progress", "--draw", draw, "--by", "reviewer")
    assert "Granskare 12" in by_reviewer
    assert "All of them" in by_reviewer


def test_a_second_review_of_nothing_reviewed_gives_nothing(played_stack, draw):
    done = json.loads(said(played_stack, "assign", "make", "--draw", draw, "--point", POINT, "--second", "--json"))
    assert (done["given"], done["already"]) == (0, 0)


def test_a_rule_that_there_is_not_is_refused_with_its_option(played_stack, draw):
    refused = played_stack.stickprov("assign", "make", "--draw", draw, "--point", POINT, "--rule", "everybody")
    assert (refused.returncode, "rule" in refused.stderr) == (2, True)


def test_notices_are_refused_in_words_where_no_mail_server_is_set_up(played_stack, draw):
    refused = played_stack.stickprov("assign", "notify", "--draw", draw, "--point", POINT, language="sv")
    assert refused.returncode == 2
    assert "Meddelanden per e-post är avstängda" in refused.stderr
    assert "Driften har inte ställt in någon e-postserver här." in " ".join(refused.stderr.split())
