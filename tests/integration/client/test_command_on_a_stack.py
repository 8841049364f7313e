"""The command against a whole stack, the way its users use it."""

import json
from pathlib import Path

import pytest

from stickprov_client.documents.table_file import read_table
from support.waiting import wait_until

QUARTER = ("--from", "2021-01-01", "--to", "2021-04-01")

PLAN = """\
plan: PLAN-{point}
year: 2021
board: Socialnämnden
control_points:
  - control_point: {point}
    number: "4"
    area: AMF
    measure: Ett första möte hålls inom en vecka
    unit_name: ärende
    categories:
      - {{id: late, sv: För sent, en: Too late}}
"""

REGISTER = "Ärende;Enhet;Handläggare\r\n" + "".join(f"{number:04};Åsen;reviewer-05\r\n" for number in range(1, 24))


def test_the_demonstration_printed_the_documents_figures_and_verified_them(played_stack):
    lines = [" ".join(line.replace("\N{NO-BREAK SPACE}", " ").split()) for line in played_stack.told.splitlines()]

    assert "January 2021 2,663 156 156 28 17.9% 28/156 331–657 12.4–24.7%" in lines
    assert "Pooled share with a remark 20.4% 104/509" in lines
    assert (
        "With a remark in all frames 1,353 to 1,913 of 7,989 (hushåll) (16.9–23.9%; 95%, approximate, MOVER)" in lines
    )
    assert sum("cases come out again" in line for line in lines) == 3
    assert "Verified: the logs are whole and give the same figures." in lines


def test_statistics_as_json_have_the_contracts_keys(played_stack):
    ended = played_stack.stickprov("stats", "AMF-2021-3", *QUARTER, "--json", who="board")

    assert ended.returncode == 0, ended.stderr
    statistics = json.loads(ended.stdout)
    assert (statistics["total"]["reviewed"], statistics["total"]["remarks"]) == (509, 104)
    assert [month["interval"]["lower"] for month in statistics["months"]] == [331, 339, 495]
    assert statistics["interval"]["method"] == "mover-approximate"


def test_a_label_names_the_same_range_as_its_dates(played_stack):
    by_dates = played_stack.stickprov("stats", "AMF-2021-3", *QUARTER)
    by_label = played_stack.stickprov("stats", "AMF-2021-3", "--period", "2021-Q1")

    assert by_label.stdout == by_dates.stdout
    assert "Mean of the months' shares" in by_label.stdout


def test_without_dates_the_statistics_are_of_every_draw(played_stack):
    everything = played_stack.stickprov("stats", "AMF-2021-3", who="board")
    quarter = played_stack.stickprov("stats", "AMF-2021-3", *QUARTER, who="board")

    assert everything.returncode == 0, everything.stderr
    assert everything.stdout == quarter.stdout


def test_a_trend_has_each_month_with_its_difference_from_the_one_before(played_stack):
    ended = played_stack.stickprov("stats", "AMF-2021-3", "--by", "month", who="board")

    assert ended.returncode == 0, ended.stderr
    lines = [" ".join(line.split()) for line in ended.stdout.splitlines()]
    assert any(line.startswith("January 2021 2,663 156 28 17.9% 28/156 12.4–24.7%") for line in lines)
    assert any(line.startswith("March 2021") and "no certain difference +6.0" in line for line in lines)


def test_two_periods_are_compared_with_what_their_difference_tells(played_stack):
    ended = played_stack.stickprov("stats", "AMF-2021-3", "--period", "2021-03", "--against", "2021-01", "--json")

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["period"]["counts"]["remarks"], found["against"]["counts"]["remarks"]) == (47, 28)
    assert found["difference"]["told"] == "cannot-be-told"
    assert found["difference"]["lower"] < 0 < found["difference"]["upper"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_go_into_a_file_one_a_row(played_stack, tmp_path, form):
    file = tmp_path / f"figures.{form}"

    ended = played_stack.stickprov("stats", "AMF-2021-3", *QUARTER, f"--{form}", str(file), who="board")

    assert ended.returncode == 0, ended.stderr
    table = read_table(file)
    rows = [dict(zip(table.columns, cells, strict=True)) for _number, cells in table.rows]
    (total,) = [row for row in rows if row["part"] == "total"]
    assert (total["control_point"], total["numerator"], total["denominator"]) == ("AMF-2021-3", "104", "509")


def test_statistics_are_told_as_they_were_known_at_a_position(played_stack):
    known = json.loads(played_stack.stickprov("stats", "AMF-2021-3", *QUARTER, "--json").stdout)["as_of"]
    positions = ("--sampler-position", str(known["sampler"]["position"]), "--findings-position", "0")

    ended = played_stack.stickprov("stats", "AMF-2021-3", *QUARTER, *positions, "--json")

    assert ended.returncode == 0, ended.stderr
    then = json.loads(ended.stdout)
    assert (then["total"]["drawn"], then["total"]["reviewed"]) == (509, 0)
    assert then["no_interval"] == "nothing-reviewed"


def test_the_doctor_finds_a_stack_in_good_health(played_stack):
    ended = played_stack.stickprov("doctor", who="ops")

    assert ended.returncode == 0, ended.stdout
    assert ended.stdout.endswith("All is well.\n")
    assert "The log of findings" in ended.stdout


def test_an_operator_resumes_and_requeues_a_log_by_the_doctor(played_stack):
    resumed = played_stack.stickprov("doctor", "resume", "findings", "sampler", who="ops")
    requeued = played_stack.stickprov("doctor", "requeue", "reporting", "findings", "--json", who="ops")

    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout.startswith("The log of sampler; ")
    assert "going on; 0 healed, 0 set aside" in resumed.stdout
    assert requeued.returncode == 0, requeued.stderr
    assert json.loads(requeued.stdout)["quarantined"] == 0


def test_a_log_is_not_resumed_by_somebody_who_may_not(played_stack):
    ended = played_stack.stickprov("doctor", "resume", "findings", "sampler", who="coordinator")

    assert ended.returncode == 2


def test_the_doctor_tells_a_token_that_is_not_valid(played_stack, tmp_path):
    forged = tmp_path / "forged.jwt"
    forged.write_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5Iiwicm9sZXMiOlsib3BzIl19.")

    ended = played_stack.stickprov("--token-file", str(forged), "doctor")

    assert ended.returncode == 1
    assert "stickprov login --as coordinator" in ended.stdout


def test_a_replay_of_every_control_point_verifies(played_stack):
    ended = played_stack.stickprov("audit", "replay", *QUARTER, "--json", who="auditor")

    assert ended.returncode == 0, ended.stdout
    found = json.loads(ended.stdout)
    assert found["verdict"] == "verified"
    assert [(one["control_point"], one["verdict"]) for one in found["statistics"]] == [("AMF-2021-3", "verified")]
    assert [(log["source"], log["own"], log["verdict"]) for log in found["logs"]] == [
        ("sampler", "verified", "verified"),
        ("findings", "verified", "verified"),
    ]


def test_a_control_point_that_is_not_there_is_exit_code_2(played_stack):
    ended = played_stack.stickprov("stats", "NONE", *QUARTER)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("Not found:")


def test_a_board_member_may_not_draw(played_stack):
    ended = played_stack.stickprov("draw", "make", "AMF-2021-3 2021-01", "--n", "3", who="board")

    assert ended.returncode == 2
    assert ended.stderr.startswith("Not allowed:")


@pytest.fixture(scope="module")
def register(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("register") / "möten.csv"
    file.write_bytes(REGISTER.encode("windows-1252"))
    return file


@pytest.fixture(scope="module")
def drawn(played_stack, register) -> str:
    """A control point of its own, with its frame of 23 cases and a draw of 3."""
    plan = register.with_name("plan.yaml")
    plan.write_text(PLAN.format(point="AMF-2021-4"), encoding="utf-8")
    reading = ("--point", "AMF-2021-4", "--period", "2021-04", "--handler", "Handläggare", "--unit", "Enhet")

    imported = played_stack.stickprov("plan", "import", str(plan))
    assert imported.returncode == 0, imported.stderr
    previewed = played_stack.stickprov("frame", "preview", str(register), *reading, "--json")
    assert previewed.returncode == 0, previewed.stderr
    assert json.loads(previewed.stdout)["accepted"] == 23
    frozen = played_stack.stickprov("frame", "import", str(register), *reading)
    assert frozen.returncode == 0, frozen.stderr
    made = played_stack.stickprov("draw", "make", "AMF-2021-4 2021-04", "--n", "3", "--json")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)["draw"]


def test_a_control_from_its_plan_to_its_statistics(played_stack, drawn):
    shown = played_stack.stickprov("draw", "show", drawn, "--cases", "--json", who="auditor")
    cases = {case["case"] for case in json.loads(shown.stdout)}
    assert len(cases) == 3
    assert played_stack.stickprov("draw", "verify", drawn, who="auditor").returncode == 0
    reviewer = "reviewer-05"
    first, second, third = (f"{drawn}/AMF-2021-4/{case}" for case in sorted(cases))
    _wait_for_queue(played_stack, reviewer)

    def say(*words: str) -> int:
        return played_stack.stickprov(*words, who=reviewer).returncode

    assert say("submit", first, "--remark", "--category", "late", "--comment", "två dagar") == 0
    assert say("submit", first, "--no-remark") == 2
    assert say("submit", second, "--no-remark") == 0
    assert say("submit", third, "--remark") == 2
    assert say("correct", second, "--remark", "--category", "late", "--reason", "läste fel månad") == 0
    assert say("withdraw", first, "--reason", "fel ärende") == 0
    queue = played_stack.stickprov("queue", "--point", "AMF-2021-4", "--json", who=reviewer)
    progress = json.loads(queue.stdout)
    assert (progress["total"], progress["reviewed"], progress["waiting"]) == (3, 1, 2)
    upcoming = played_stack.stickprov("next", "--point", "AMF-2021-4", who=reviewer)
    assert "stickprov submit AMF-2021-4/" in upcoming.stdout


def test_a_second_freeze_under_the_same_name_is_refused_with_what_to_do(played_stack, drawn, register):
    ended = played_stack.stickprov("frame", "import", str(register), "--point", "AMF-2021-4", "--period", "2021-04")

    assert ended.returncode == 2
    assert "Choose another name" in ended.stderr.replace("\n", " ")


def test_a_row_that_cannot_be_used_is_named_with_its_row_and_column(played_stack, tmp_path):
    register = tmp_path / "trasig.csv"
    register.write_bytes("Ärende;Enhet\r\n1;Åsen\r\n;Åsen\r\n".encode("windows-1252"))

    ended = played_stack.stickprov("frame", "import", str(register), "--point", "AMF-2021-3", "--period", "2021-05")

    assert ended.returncode == 2
    assert "Row 3, column “Ärende”:" in ended.stderr
    tried = played_stack.stickprov("frame", "preview", str(register), "--point", "AMF-2021-3", "--period", "2021-05")
    assert tried.returncode == 2
    assert "Row 3, column “Ärende”:" in tried.stdout


def _wait_for_queue(played_stack, reviewer: str) -> None:
    def heard() -> bool:
        queue = played_stack.stickprov("queue", "--point", "AMF-2021-4", "--json", who=reviewer)
        return queue.returncode == 0 and json.loads(queue.stdout)["total"] == 3

    wait_until(heard, what="findings hears of three cases")
