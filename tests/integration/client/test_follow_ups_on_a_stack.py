"""The commands of the follow-up against a whole stack: conclusions, actions, statuses of a plan's rows."""

import json
from pathlib import Path

from support.waiting import wait_until

DOCUMENT = Path("tests/seeds/plans/004-2022.yaml")
FORM = """\
carried_out_from: 2021-04-01
carried_out_to: 2021-04-20
verdict: partly-followed
proposal: reformulate
carried_out_by: Handläggare på enheten
result: Insättningar på konto är vanligast.
wording: Kontroll av att uppgifter om insättningar är korrekta.
"""


def test_a_control_is_concluded_from_a_form_and_concluded_anew_with_a_reason(played_stack, tmp_path):
    form = tmp_path / "form.yaml"
    form.write_text(FORM, encoding="utf-8")
    conclude = ("conclude", "AMF-2021-3", "--period", "2021-T1", "--form", str(form))

    first = played_stack.stickprov(*conclude, language="sv")
    blind = played_stack.stickprov(*conclude)
    anew = played_stack.stickprov(
        *conclude, "--verdict", "followed", "--replaces", "1", "--reason", "Två ärenden räknades fel"
    )

    assert first.stdout == "Slutsatsen för AMF-2021-3 och 2021-T1 är sparad, version 1.\n", first.stderr
    assert blind.returncode == 2
    assert "concluded for this period (version 1)" in blind.stderr
    assert anew.returncode == 0, anew.stderr
    shown = played_stack.stickprov("conclude", "AMF-2021-3", who="board", language="sv").stdout
    assert "Rutinen följs" in shown
    assert "Insättningar på konto är vanligast." in shown
    held = json.loads(played_stack.stickprov("conclude", "AMF-2021-3", "--json", who="auditor").stdout)
    (told,) = [one for one in held if one["period"]["label"] == "2021-T1"]
    assert (told["version"], told["verdict"], told["proposal"]) == (2, "followed", "reformulate")


def test_what_is_wrong_in_a_form_is_told_by_its_line(played_stack, tmp_path):
    form = tmp_path / "form.yaml"
    form.write_text("verdict: followed\nresullt: Bra\n", encoding="utf-8")

    ended = played_stack.stickprov("conclude", "AMF-2021-3", "--period", "2021-Q2", "--form", str(form))

    assert ended.returncode == 2
    assert "line 2, field resullt: there is no such field; did you mean result?" in ended.stderr.replace("\n", " ")


def test_an_action_is_proposed_changed_followed_up_and_listed(played_stack):
    words = ("--point", "AMF-2021-3", "--text", "Stöd för handläggare", "--due", "2021-12-31", "--number", "1")
    proposed = json.loads(played_stack.stickprov("action", "propose", *words, "--json").stdout)
    action = proposed["action"]

    changed = played_stack.stickprov("action", "update", action, "--due", "2022-03-31", "--reason", "Försenat")
    found = played_stack.stickprov(
        *("action", "follow-up", action, "--period", "2022-T1", "--status", "under-way", "--effect", "partly"),
        *("--text", "Stödet är skrivet men används inte av alla"),
    )

    assert (changed.returncode, found.returncode) == (0, 0), changed.stderr + found.stderr
    listed = played_stack.stickprov("action", "show", "--overdue", who="board", language="sv").stdout
    assert "2022-03-31 (försenad)" in listed
    shown = played_stack.stickprov("action", "show", action, who="board", language="sv").stdout
    assert "Pågår. Den har delvis haft effekt. Stödet är skrivet men används inte av alla" in shown
    told = json.loads(played_stack.stickprov("action", "show", action, "--json", who="auditor").stdout)
    assert (told["due"], told["number"], told["version"]) == ("2022-03-31", "1", 3)


def test_the_rows_of_a_plan_are_reported_tertial_by_tertial(played_stack, tmp_path):
    # Under a name of its own: other tests of the stack begin with the document's plan.
    plan_file = tmp_path / "plan.yaml"
    plan_file.write_text(DOCUMENT.read_text(encoding="utf-8").replace("AFN-2022", "AFN-2022-U"), encoding="utf-8")
    assert played_stack.stickprov("plan", "import", str(plan_file)).returncode == 0
    plan = json.loads(played_stack.stickprov("plan", "show", "AFN-2022-U", "--json").stdout)
    row = plan["control_points"][0]["control_point"]
    report = ("plan", "report", "AFN-2022-U", row, "--text", "Genomfört för medarbetare under T1")

    # The findings service hears of the plan a moment after it was adopted.
    wait_until(
        lambda: played_stack.stickprov(*report, "--period", "2022-T1", "--status", "under-way").returncode == 0,
        what="the plan in the findings service",
    )
    second = played_stack.stickprov(*report, "--period", "2022-T2", "--status", "done", language="sv")

    assert second.stdout == f"{row} är rapporterat för 2022-T2: Klart.\n"
    shown = played_stack.stickprov("plan", "status", "AFN-2022-U", who="board", language="sv").stdout.splitlines()
    rows = [line.split()[:3] for line in shown]
    assert [words for words in rows if row in words] == [["2022-T1", row, "Pågår"], ["2022-T2", row, "Klart"]]
