"""The commands of the plan against a whole stack: faults by line, what changed, carry-over, staff, periods."""

import json
from pathlib import Path

SEEDS = Path("tests/seeds/plans")

ASKED = """\
questionnaire: handlingsplan
sv: Handlingsplan
en: Action plan
questions:
  - id: plan
    sv: Finns en handlingsplan?
    en: Is there an action plan?
    type: yes_no
    remarks:
      - {answers: [no], category: no-plan}
"""


def test_a_plan_goes_in_shows_by_score_and_comes_out_as_it_was(played_stack, tmp_path):
    file = str(SEEDS / "004-2022.yaml")
    tried = played_stack.stickprov("plan", "import", file, "--dry-run", language="sv")
    assert tried.returncode == 0, tried.stderr
    assert "Inget har sparats." in tried.stdout
    assert "Rad 46, fält score:" in tried.stderr
    assert len(json.loads(played_stack.stickprov("plan", "import", file, "--json").stdout)["changes"]) == 25
    exported = tmp_path / "plan.yaml"
    assert played_stack.stickprov("plan", "export", "AFN-2022", "--to", str(exported)).returncode == 0
    assert (
        exported.read_text(encoding="utf-8") == (SEEDS / "004-2022.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    )
    again = played_stack.stickprov("plan", "import", str(exported))
    assert again.stdout == "Nothing changes: plan AFN-2022 is like this already.\n"
    shown = played_stack.stickprov("plan", "show", "AFN-2022", language="sv").stdout
    headings = [line for line in shown.splitlines() if line.startswith("Skattning")]
    assert [line.split(":")[0] for line in headings] == [f"Skattning {score}" for score in (16, 15, 12, 10, 9)]


def test_what_the_service_refuses_is_told_by_line(played_stack, tmp_path):
    file = tmp_path / "plan.yaml"
    text = (SEEDS / "001-2018.yaml").read_text(encoding="utf-8").replace("AN-2017-1", "NO-SUCH-1")
    file.write_text(text, encoding="utf-8")

    ended = played_stack.stickprov("plan", "import", str(file))

    assert ended.returncode == 2
    assert f"{file}, line 18, field carried_over.earlier: There is no control point" in ended.stderr.replace("\n", " ")


def test_a_point_is_carried_over_and_followed(played_stack, tmp_path):
    assert played_stack.stickprov("plan", "import", str(SEEDS / "000-2017.yaml")).returncode == 0
    assert played_stack.stickprov("plan", "import", str(SEEDS / "001-2018.yaml")).returncode == 0
    carried = played_stack.stickprov(
        *("plan", "carry-over", "AN-2017-1", "--plan", "AN-2018", "--how", "kept", "--to", "AN-2018-2", "--why", "Kvar")
    )
    assert carried.returncode == 0, carried.stderr
    lineage = json.loads(played_stack.stickprov("plan", "lineage", "AN-2017-1", "--json", who="auditor").stdout)
    assert [(step["later"], step["how"]) for step in lineage["later"]] == [
        ("AN-2018-1", "reformulated"),
        ("AN-2018-2", "kept"),
    ]
    told = played_stack.stickprov("plan", "history", "AN-2018", "--json").stdout
    assert [entry["what"] for entry in json.loads(told)] == ["adopted", "defined", "changed", "defined"]


def test_a_staff_list_names_its_rows_and_keeps_its_names(played_stack, tmp_path):
    file = tmp_path / "personal.csv"
    file.write_bytes("sign_in;name;unit;groups;clearance\nreviewer-05;Prövnamn;Åsen;a|b;protected\n".encode("cp1252"))
    listed = played_stack.stickprov("staff", "import", str(file))
    # Whom the stack knew before is another test's doing.
    assert listed.stdout.startswith("1 on the list: "), listed.stderr
    (person,) = json.loads(played_stack.stickprov("staff", "show", "--json").stdout)
    assert (person["name"], person["unit"], person["groups"]) == ("Prövnamn", "Åsen", ["a", "b"])


def test_a_questionnaire_is_published_once_and_a_period_is_closed(played_stack, tmp_path):
    file = tmp_path / "asked.yaml"
    file.write_text(ASKED, encoding="utf-8")
    assert "at version 1 with 1 questions" in played_stack.stickprov("questionnaire", "publish", str(file)).stdout
    file.write_text(ASKED.replace("[no]", "[perhaps]"), encoding="utf-8")
    wrong = played_stack.stickprov("questionnaire", "publish", str(file))
    assert (wrong.returncode, "line 10, field remarks.0.answers.0" in wrong.stderr) == (2, True)
    assert played_stack.stickprov("plan", "import", str(SEEDS / "002-2013.yaml")).returncode == 0
    closed = played_stack.stickprov("period", "close", "2013-T1", "--plan", "SDN-2013")
    assert closed.stdout == "Period 2013-T1 is closed for 7 control points of plan SDN-2013.\n"
