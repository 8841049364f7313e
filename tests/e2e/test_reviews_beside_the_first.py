"""A second, blind review and a file review by command, what they disagree about settled, and letters about them."""

import json
import re
import subprocess

import pytest

from stickprov_client.api.findings import ReviewKey
from stickprov_contracts.http.findings import QueueItem, SettleDisagreement
from support.mail_server import mail_server
from support.played_stack import PlayedStack
from support.waiting import wait_until

POINT = "SIDA-2021-1"
FIRST, SECOND = "reviewer-01", "reviewer-02"
QUESTIONS = """\
questionnaire: {name}
sv: Frågor
en: Questions
questions:
  - id: {asked}
    sv: Är det så?
    en: Is it so?
    type: yes_no
    remarks: [{{answers: [no]}}]
"""
PLAN = f"""\
plan: SIDA-2021
year: 2021
board: Socialnämnden
control_points:
  - control_point: {POINT}
    number: "1"
    area: AMF
    measure: Underlag är redovisade
    unit_name: ärende
    questionnaire: sida-forsta
    file_review_questionnaire: sida-akt
    reviewer_rule: handler
    second_review_share: 0.5
"""
STAFF = f"""\
sign_in;name;email;unit;groups
{FIRST};Åsa Provgren;asa.provgren@kommun.example;Norr;
{SECOND};Bo Testlund;bo.testlund@kommun.example;Norr;andra
"""
REGISTER = "Ärende;Sökande;Handläggare\n" + "".join(
    f"2021-{number:04};Påhittad Person {number};{FIRST}\n" for number in range(4)
)
QUEUE = "https://stickprov.kommun.example/queue"


@pytest.fixture
def letters(monkeypatch):
    """What a mail server takes from a stack that is started now."""
    with mail_server() as taken:
        settings = {"HOST": "127.0.0.1", "PORT": str(taken.port), "SECURITY": "none", "SENDER": "ik@kommun.example"}
        for name, value in settings.items():
            monkeypatch.setenv(f"STICKPROV_SAMPLER_SMTP_{name}", value)
        monkeypatch.setenv("STICKPROV_SAMPLER_NOTICE_QUEUE", QUEUE)
        yield taken


@pytest.fixture
def command(letters, stack, tmp_path) -> PlayedStack:
    """The command on a stack with four drawn cases of one handler."""
    command = PlayedStack(stack.url, stack.data, "")
    files = {
        "staff.csv": STAFF,
        "first.yaml": QUESTIONS.format(name="sida-forsta", asked="redovisat"),
        "file.yaml": QUESTIONS.format(name="sida-akt", asked="korrigerat"),
        "plan.yaml": PLAN,
        "register.csv": REGISTER,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    register = ("--unit-id", "Ärende", "--handler", "Handläggare", "--identity", "Sökande")
    for words in (
        ("staff", "import", str(tmp_path / "staff.csv")),
        ("questionnaire", "publish", str(tmp_path / "first.yaml")),
        ("questionnaire", "publish", str(tmp_path / "file.yaml")),
        ("plan", "import", str(tmp_path / "plan.yaml")),
        ("frame", "import", str(tmp_path / "register.csv"), "--point", POINT, "--period", "2021-03", *register),
        ("draw", "make", f"{POINT} 2021-03", "--n", "4"),
    ):
        said(command, *words, who="coordinator")
    wait_until(lambda: len(queue(command, FIRST)) == 4, bound=60, what="findings' hearing of four cases")
    return command


def said(command: PlayedStack, *words: str, who: str) -> str:
    ended: subprocess.CompletedProcess[str] = command.stickprov(*words, who=who)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def queue(command: PlayedStack, who: str, *which: str) -> list[QueueItem]:
    shown = json.loads(said(command, "queue", "--point", POINT, "--json", *which, who=who))
    return [QueueItem.model_validate(item) for item in shown["items"]]


def named(item: QueueItem) -> str:
    return f"{item.draw}/{item.control_point}/{item.case}"


def give(command: PlayedStack, item: QueueItem, *which: str) -> int:
    make = ("assign", "make", "--draw", str(item.draw), "--point", POINT, *which, "--json")
    return int(json.loads(said(command, *make, who="coordinator"))["given"])


async def test_a_blind_review_a_disagreement_and_the_file_review_of_what_is_left(command, stack):
    cases = queue(command, FIRST)
    for number, item in enumerate(cases):
        answer = "redovisat=no" if number < 2 else "redovisat=yes"
        said(command, "submit", named(item), "--answer", answer, "--comment", "Det första", who=FIRST)
    assert give(command, cases[0], "--second", "--rule", "group", "--group", "andra", "--share", "100 %") == 4
    assert queue(command, FIRST, "--second") == []
    asked = said(command, "next", "--second", "--point", POINT, who=SECOND)
    assert "Det första" not in asked
    for number, item in enumerate(queue(command, SECOND, "--second")):
        answer = "redovisat=no" if number == 0 else "redovisat=yes"
        said(command, "submit", named(item), "--second", "--answer", answer, who=SECOND)
    said(command, "correct", named(cases[3]), "--second", "--answer", "redovisat=no", "--reason", "Fel", who=SECOND)

    async with stack.services("coordinator") as services:
        disagreed = await services.findings.disagreements(control_point=POINT)
        assert {item.case for item in disagreed} == {cases[1].case, cases[3].case}
        settled = SettleDisagreement(answers={"redovisat": "yes"}, second_version=1, reason="Underlaget låg i akten")
        key = ReviewKey(cases[1].draw, POINT, cases[1].case)
        await services.findings.settle(key, settled, version=1)
        review = await services.findings.review(key)
        assert (review.remark, [entry.what for entry in review.history]) == (False, ["recorded", "settled"])
        assert [item.case for item in await services.findings.disagreements(control_point=POINT)] == [cases[3].case]

    assert give(command, cases[0], "--file-review") == 1
    (left,) = queue(command, FIRST, "--file-review")
    assert left.case == cases[0].case
    said(command, "submit", named(left), "--file-review", "--answer", "korrigerat=no", who=FIRST)
    progress = json.loads(said(command, "progress", "--point", POINT, "--file-review", "--json", who="coordinator"))
    assert (progress["total"]["reviewed"], progress["total"]["remarks"]) == (1, 1)
    assert queue(command, FIRST)[0].version == 1, "a file review has a stream of its own"


def test_letters_say_how_many_cases_wait_and_name_nobody(command, letters):
    cases = queue(command, FIRST)
    said(command, "submit", named(cases[0]), "--answer", "redovisat=no", who=FIRST)
    assert give(command, cases[0], "--second", "--rule", "group", "--group", "andra", "--share", "100 %") == 1
    notify = ("assign", "notify", "--draw", str(cases[0].draw), "--point", POINT)
    assert said(command, *notify, who="coordinator") == "1 notices sent.\n"
    said(command, *notify, "--second", who="coordinator")

    assert [whom for whom, _ in letters.taken] == [["asa.provgren@kommun.example"], ["bo.testlund@kommun.example"]]
    texts = [f"{letter['Subject']}\n{letter.get_content()}" for _, letter in letters.taken]
    assert "Du har 3 ärenden att granska i SIDA-2021-1" in texts[0]
    assert "1 ärende att granska en andra gång" in texts[1]
    for text in texts:
        assert QUEUE in text
        assert not re.search(r"Åsa|Bo |Provgren|Testlund|reviewer-|p[0-9a-f]{8}|Person|2021-0\d{3}", text)
        assert not any(item.case[:8] in text for item in cases)
