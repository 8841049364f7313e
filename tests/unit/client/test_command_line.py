"""The command's exit codes, its words on stderr, and whom it takes the caller for."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from stickprov_client.cli.main import app, run

NOBODY_LISTENS = "http://127.0.0.1:9"


@dataclass
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def stickprov(tmp_path, monkeypatch, capsys):
    """Runs the command line as its console script does, for a user who has a home and nothing else."""
    for name in [name for name in os.environ if name.startswith(("STICKPROV_", "LANG", "LC_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def call(*words: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["stickprov", *words])
        with pytest.raises(SystemExit) as ended:
            run()
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return call


@pytest.mark.parametrize(
    "words",
    [
        ["stats"],
        ["stats", "AMF-2021-3", "--period", "2021-Q9"],
        ["stats", "AMF-2021-3", "--against", "2020-Q1"],
        ["stats", "AMF-2021-3", "--by", "month", "--against", "2020-Q1"],
        ["stats", "AMF-2021-3", "--period", "2021-Q1", "--sampler-position", "3"],
        ["stats", "AMF-2021-3", "--by", "week"],
        ["stats", "AMF-2021-3", "--from", "2021-04-01", "--to", "2021-01-01"],
        ["stats", "AMF-2021-3", "--from", "2021-01-01", "--to", "april"],
        ["stats", "AMF-2021-3", "--period", "2021", "--from", "2021-01-01"],
        ["plan", "import", "no-such-plan.yaml"],
        ["frame", "preview", "no-such-file.csv", "--point", "P", "--period", "2021-03"],
        ["draw", "show", "not-a-uuid"],
        ["submit", "not-a-review", "--remark"],
        ["submit", "0198c0de-0000-7000-8000-000000000001/P/3f"],
        ["draw", "make", "F", "--allocate", "2021-03"],
        ["nonsense"],
        ["--lang", "fi", "queue"],
    ],
    ids=" ".join,
)
def test_what_is_wrong_with_the_question_is_exit_code_2_and_on_stderr(words, stickprov, tmp_path):
    ended = stickprov("--token-file", str(token_in(tmp_path)), *words)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr != ""


POINT = ("conclude", "AMF-2021-3", "--period", "2021-Q1")
REVIEW = "0198c0de-0000-7000-8000-000000000001/P/3f"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*POINT, "--verdict", "maybe"], "--verdict: skriv något av followed, partly-followed, not-followed."),
        (["conclude", "AMF-2021-3", "--verdict", "followed"], "--period: ange det här alternativet också."),
        (["action", "propose", "--text", "x", "--due", "2021-02-30"], "--due: skriv en dag som finns, till exempel"),
        (["withdraw", REVIEW, "--reason", ""], "--reason: det står inget här; skriv något."),
        (["stats", "P", "--period", "2021-Q9"], "--period: ”2021-Q9” har kvartal 9, och ett år har 4."),
        (
            ["assign", "make", "--draw", REVIEW[:36], "--point", "P", "--share", "110%"],
            "--share: ”110%” är mer än det hela",
        ),
        (["submit", REVIEW], "Ange vad du kom fram till: --answer eller --answers"),
        (["export-findings", "--out", "x.txt", "--point", "P"], "--out: Låt filens namn sluta på .csv eller .xlsx."),
        (["draw", "make", "F", "--rate", "6 procent"], "--rate: ”6 procent” är ingen andel; skriv som 5 % eller 0,05."),
        (["audit", "replay", "--period", "2021-13"], "--period: ”2021-13” har månad 13, och månaderna går från 01"),
        (["audit", "log", "foo"], "source: skriv något av sampler, findings."),
        (["audit", "trail", "--limit", "x"], "--limit: skriv ett heltal."),
        (["audit", "trail", "--limit", "0"], "--limit: skriv 1 eller mer."),
        (["stats", "P", "--by", "week"], "--by: skriv något av month, quarter, tertial, half-year, year."),
        (["stats", "P", "--on", "9000-01-01"], "--on: Den tiden har inte kommit än."),
        (["stats", "P", "--at", "9000-01-01T12:00"], "--at: Den tiden har inte kommit än."),
        (
            ["audit", "trail", "--since", "2021-02-01", "--until", "2021-01-31"],
            "--until: Den sista dagen är före den första.",
        ),
        (["schedule", "set", "P", "--first", "januari"], "--first: skriv en månad, till exempel 2021-03."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_is_named_and_told_in_swedish(words, said, stickprov, tmp_path):
    ended = stickprov("--url", NOBODY_LISTENS, "--token-file", str(token_in(tmp_path)), *words)

    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())
    assert "Rad 1" not in ended.stderr


def test_a_stack_that_is_away_is_exit_code_1_and_says_what_to_do(stickprov, tmp_path):
    ended = stickprov(
        *("--url", NOBODY_LISTENS, "--token-file", str(token_in(tmp_path)), "--lang", "en"),
        *("stats", "AMF-2021-3", "--period", "2021-Q1"),
    )

    assert ended.returncode == 1
    assert f"does not answer at {NOBODY_LISTENS}" in ended.stderr
    assert "stickprov up" in ended.stderr


def test_nobody_signed_in_is_told_how_to_sign_in(stickprov, tmp_path):
    ended = stickprov("queue")

    assert ended.returncode == 2
    assert "stickprov login --as coordinator" in ended.stderr


def test_login_remembers_where_the_token_lies_and_not_the_token(stickprov, tmp_path):
    token_in(tmp_path / "data" / "tokens", "coordinator.jwt")

    ended = stickprov("login", "--as", "coordinator", "--data", str(tmp_path / "data"))

    assert ended.returncode == 0
    remembered = json.loads((tmp_path / "stickprov" / "session.json").read_text())
    assert remembered == {"name": "coordinator", "token_file": str(tmp_path / "data" / "tokens" / "coordinator.jwt")}


def test_login_as_somebody_who_is_not_there_says_so(stickprov, tmp_path):
    ended = stickprov("login", "--as", "nobody", "--data", str(tmp_path))

    assert ended.returncode == 2
    said = " ".join(ended.stderr.split())
    assert "nobody.jwt går inte att läsa (filen finns inte)" in said
    assert "login --as coordinator --data MAPP" in said


@pytest.mark.parametrize(
    ("environment", "heading"),
    [
        ({}, "Fel:"),
        ({"LANG": "en_US.UTF-8"}, "Error:"),
        ({"LANG": "sv_SE.UTF-8"}, "Fel:"),
        ({"LANG": "C.UTF-8"}, "Fel:"),
    ],
)
def test_the_language_follows_the_environment_and_is_swedish_otherwise(environment, heading, stickprov, tmp_path):
    ended = stickprov("queue", **environment)

    assert ended.stderr.startswith(heading)


def test_the_option_wins_over_the_environment(stickprov, tmp_path):
    ended = stickprov("--lang=en", "queue", LANG="sv_SE.UTF-8")

    assert ended.stderr.startswith("Error:")


def test_the_doctor_finds_that_nothing_answers_and_says_what_to_do(stickprov, tmp_path):
    ended = stickprov("--lang", "en", "--url", NOBODY_LISTENS, "doctor")

    assert ended.returncode == 1
    assert ended.stdout.startswith("✗ Address")
    assert "→ Start the stack with: stickprov up." in ended.stdout


def test_the_doctor_speaks_json_too(stickprov, tmp_path):
    ended = stickprov("--url", NOBODY_LISTENS, "doctor", "--json")

    assert ended.returncode == 1
    diagnosis = json.loads(ended.stdout)
    assert diagnosis["healthy"] is False
    assert diagnosis["findings"][0]["ok"] is False


def commands() -> list[list[str]]:
    def below(command, name):
        subcommands = getattr(command, "commands", {})
        if not subcommands:
            return [name]
        return [found for sub, inner in subcommands.items() for found in below(inner, [*name, sub])]

    return below(typer.main.get_command(app), [])


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_that_calls_it(command):
    found = typer.main.get_command(app)
    for name in command:
        found = found.commands[name]

    assert found.help
    assert found.epilog.startswith(f"Example: stickprov {' '.join(command)}")


def test_a_list_cut_short_by_its_reader_leaves_no_traceback():
    program = f"{sys.executable} -c 'from stickprov_client.cli.main import run; run()' --help | head -1"
    ended = subprocess.run(["bash", "-c", program], capture_output=True, encoding="utf-8", check=False)

    assert "Traceback" not in ended.stderr


def token_in(folder: Path, name: str = "token.jwt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("a.b.c\n")
    return file


@pytest.mark.parametrize(
    ("words", "swedish", "english"),
    [
        (["draw", "make"], "frame: det saknas.", "frame: it is missing."),
        (["draw", "make", "f", "--n"], "--n: skriv ett värde efter det.", "--n: write a value after it."),
        (["stats", "A", "--json=3"], "--json: skriv det utan värde.", "--json: write it without a value."),
        (["stats", "A", "b c"], "b c: här väntas inget mer.", "b c: nothing more is expected here."),
        (["stats", "A", "--nope"], "--nope: det finns inget sådant val.", "--nope: there is no such option."),
        (["xyzzy"], "xyzzy: det finns inget sådant kommando.", "xyzzy: there is no such command."),
        (
            ["draw", "make", "f", "--pane"],
            "--pane: det finns inget sådant val. Menades --n, --panel, --rate?",
            "--pane: there is no such option. Did you mean --n, --panel, --rate?",
        ),
        (
            ["plan-siz"],
            "plan-siz: det finns inget sådant kommando. Menades plan-size, plan?",
            "plan-siz: there is no such command. Did you mean plan-size, plan?",
        ),
    ],
)
def test_what_is_refused_before_a_command_begins_is_told_in_the_readers_language(stickprov, words, swedish, english):
    for language, heading, told in (("sv", "Fel", swedish), ("en", "Error", english)):
        ended = stickprov("--lang", language, *words, COLUMNS="200")

        assert (ended.returncode, ended.stdout) == (2, "")
        assert f"{heading}: {told}" in ended.stderr


def test_a_refusal_says_where_the_help_is(stickprov):
    assert "stickprov draw make --help." in stickprov("--lang", "sv", "draw", "make").stderr.splitlines()[1]
