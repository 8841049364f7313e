"""The planner's page and the commands of planner, measures and schedules on a running stack."""

import json
import re

import httpx
import pytest

from support.register_measures import preschool_staff
from support.waiting import wait_until

POINT = "AMF-2021-3"


def page(stack, **query: str) -> httpx.Response:
    with httpx.Client(base_url=stack.url, timeout=60) as browser:
        form = browser.get("/sign-in").text
        token = re.search(r'name="form-token" value="([^"]+)"', form)
        assert token is not None
        browser.post("/sign-in", data={"form-token": token[1], "account": "coordinator", "next": "/"})
        return browser.get("/plan-size", params={"lang": "sv"} | query)


def test_nobody_has_it_compute_without_signing_in(played_stack):
    answer = httpx.get(f"{played_stack.url}/plan-size", params={"tolerable": "5 %"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2Fplan-size")


def test_the_empty_form_asks_and_answers_nothing(played_stack):
    answer = page(played_stack)
    assert answer.status_code == 200
    assert "Hur många ärenden?" in answer.text
    assert 'method="get"' in answer.text


def test_a_form_that_is_sent_shows_the_size_and_stages(played_stack):
    answer = page(played_stack, frame_size="222", tolerable="5 %", stages="2")
    assert answer.status_code == 200
    assert "Dra 48 ärenden. Inget av dem får avvika." in answer.text
    assert "planen håller." in answer.text
    assert 'value="5 %"' in answer.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"tolerable": "fem"}, "Skriv en andel"),
        ({"tolerable": "5 %", "frame_size": "många"}, "Skriv ett heltal."),
        ({"tolerable": "5 %", "expected": "6 %"}, "ska vara lägre än den tolererade"),
        ({"frame_size": "222"}, "Ange den tolererade andelen"),
        ({"tolerable": "5 %", "stages": "9"}, "utanför"),
    ],
)
def test_what_cannot_be_planned_is_said_on_the_form(played_stack, query, said):
    answer = page(played_stack, **query)
    assert answer.status_code == 422
    assert said in answer.text


def test_plan_size_answers_48_and_stages_that_do_not_hold_end_with_1(played_stack):
    finite = played_stack.stickprov("plan-size", "--frame-size", "222", "--tolerable", "5%", "--json")
    assert json.loads(finite.stdout)["attribute"]["n"] == 48
    staged = played_stack.stickprov("plan-size", "--tolerable", "0,05", "--stages", "59:0,34:1")
    assert staged.returncode == 1
    assert "7.48%" in staged.stdout
    assert "4.92%" in staged.stdout


@pytest.mark.parametrize(
    "words",
    [["--tolerable", "5"], ["--tolerable", "5%", "--stages", "two"], [], ["--tolerable", "5%", "--expected", "5%"]],
)
def test_plan_size_refuses_what_it_cannot_read_with_2(played_stack, words):
    assert played_stack.stickprov("plan-size", *words).returncode == 2


def test_a_register_file_becomes_a_measure_that_stats_show_and_verify_confirms(played_stack, tmp_path):
    file = tmp_path / "personal.csv"
    file.write_text(preschool_staff(), encoding="utf-8")
    point = ["--point", POINT, "--period", "2013", "--name", "Personal", "--unit", "Enhet"]
    assert played_stack.stickprov("frame", "import", str(file), *point, "--keep", "Legitimerad").returncode == 0
    made = played_stack.stickprov(
        *("measure", "make", "Personal", "--title", "Degrees", "--kind", "share"),
        *("--rule", "Legitimerad", "--goal", "50%", "--json"),
    )
    measure = json.loads(made.stdout)["measure"]
    assert played_stack.stickprov("measure", "verify", measure, who="auditor").returncode == 0
    assert "38/100" in played_stack.stickprov("measure", "show", measure).stdout

    def counted() -> list[tuple[str, str]]:
        told = json.loads(played_stack.stickprov("stats", POINT, "--period", "2013", "--json", who="board").stdout)
        return [(one["title"], one["total"]["numerator"]) for one in told["register_measures"]]

    wait_until(lambda: counted() == [("Degrees", "38")], what="reporting has heard of the measure")


def test_a_schedule_tells_what_is_missing_on_a_day(played_stack):
    kept = played_stack.stickprov("schedule", "set", POINT, "--first", "2021-01", "--last", "2021-04", "--rate", "6%")
    assert kept.returncode == 0
    shown = played_stack.stickprov("schedule", "show", "--on", "2021-06-01", language="sv")
    assert "saknad ram för april 2021" in shown.stdout
    assert "januari" not in shown.stdout
