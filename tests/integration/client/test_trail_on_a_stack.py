"""The trail and figures of an earlier time by command, on a whole stack with a played control."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.usefixtures("played_stack")
POINT = "AMF-2021-3"
QUARTER = ("--from", "2021-01-01", "--to", "2021-04-01")


def told(stack, *arguments, who="auditor", language="en"):
    ended = stack.stickprov("audit", "trail", *arguments, who=who, language=language)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def entries(stack, *arguments, who="auditor"):
    return json.loads(told(stack, *arguments, "--json", who=who))["entries"]


def test_a_case_is_called_by_its_number_in_the_draw(played_stack):
    found = entries(played_stack, "--case", f"{POINT}/2021-01/17")

    assert [entry["type"] for entry in found][:1] == ["case-drawn"]
    assert "finding-recorded" in {entry["type"] for entry in found}
    assert len({entry["case"] for entry in found}) == 1
    case = found[0]["case"]
    by_pseudonym = entries(played_stack, "--case", f"{POINT}/{case[:10]}")
    assert [entry["position"] for entry in by_pseudonym] == [entry["position"] for entry in found]


def test_the_trail_is_told_in_words_of_either_language(played_stack):
    swedish = told(played_stack, "--case", f"{POINT}/2021-01/17", language="sv")
    english = told(played_stack, "--case", f"{POINT}/2021-01/17")

    assert "Ärendet drogs som nummer 17: januari 2021" in swedish
    assert "En iakttagelse registrerades: " in swedish
    assert "The case was drawn as number 17: January 2021" in english


def test_what_somebody_did_is_asked_for_by_me_and_by_type(played_stack):
    mine = entries(played_stack, "--actor", "me", "--type", "sample-drawn", who="coordinator")

    assert mine
    assert {entry["type"] for entry in mine} == {"sample-drawn"}
    assert len({entry["actor"] for entry in mine}) == 1


def test_a_file_has_every_event_of_the_period(played_stack, tmp_path):
    file = tmp_path / "trail.csv"
    told(played_stack, "--period", "2021-Q1", "--format", "csv", "--out", str(file))
    lines = told(played_stack, "--period", "2021-Q1", "--format", "jsonl")

    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))
    events = [json.loads(line) for line in lines.splitlines()]
    assert [(row["source"], int(row["position"])) for row in rows] == [(it["source"], it["position"]) for it in events]
    assert sum(event["type"] == "finding-recorded" for event in events) == 509


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--type", "nothing"), "--type"),
        (("--case", "x"), "--case"),
        (("--case", f"{POINT}/2021-01/9999"), "9999"),
        (("--draw", "x"), "--draw"),
        (("--out", "trail.csv"), "--out"),
        (("--point", "FINNSINTE"), "There is no control point FINNSINTE."),
        (("--plan", "FINNSINTE"), "There is no plan FINNSINTE."),
        (("--plan", "FINNSINTE", "--format", "csv"), "There is no plan FINNSINTE."),
    ],
)
def test_what_cannot_be_asked_is_exit_code_2(played_stack, arguments, words):
    ended = played_stack.stickprov("audit", "trail", *arguments, who="auditor")

    assert ended.returncode == 2
    assert words in ended.stderr


def test_figures_are_told_as_they_were_known_before_anything_had_happened(played_stack):
    before = played_stack.stickprov("stats", POINT, *QUARTER, "--on", "2001-01-01", who="board", language="en")
    whenever = played_stack.stickprov("stats", POINT, "--on", "2001-01-01", who="board", language="en")
    now = datetime.now(UTC)
    after = played_stack.stickprov("stats", POINT, *QUARTER, "--at", now.isoformat(), "--json", who="board")
    shown = played_stack.stickprov("stats", POINT, *QUARTER, "--at", now.isoformat(), who="board", language="en")
    both = played_stack.stickprov("stats", POINT, "--on", "2001-01-01", "--at", "2001-01-01", who="board")

    assert before.returncode == whenever.returncode == 2, before.stdout
    for ended in (before, whenever):
        assert f"Nothing was known of {POINT} then: it was not yet in the logs." in " ".join(ended.stderr.split())
    assert shown.stdout.startswith("As it was known ")
    assert json.loads(after.stdout)["total"]["reviewed"] == 509
    assert both.returncode == 2
    assert "--at" in both.stderr


def test_a_control_point_that_there_is_not_is_said_with_those_there_are(played_stack):
    ended = played_stack.stickprov("stats", "FINNSINTE", who="board", language="en")

    assert ended.returncode == 2
    assert "There is no control point FINNSINTE. There are: " in " ".join(ended.stderr.split())


def test_a_replay_of_a_time_without_draws_says_that_no_figure_was_compared(played_stack):
    ended = played_stack.stickprov("audit", "replay", "--period", "2030", who="auditor", language="en")

    assert ended.returncode == 0, ended.stderr
    assert " ".join(ended.stdout.split()).endswith(
        "The logs are whole, but no figure was compared: nothing was drawn within these dates."
    )
