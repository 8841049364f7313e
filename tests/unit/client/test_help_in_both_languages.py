"""``--help`` speaks the reader's language, and nothing of it is left untold."""

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from stickprov_client.cli.helping import _OF_TYPER, everything_below, language_asked, swedish_texts, texts_of
from stickprov_client.cli.main import app


@pytest.fixture(scope="module")
def english() -> set[str]:
    return {text for command in everything_below(get_command(app)) for text in texts_of(command)}


def test_every_text_of_the_help_has_a_swedish_one(english: set[str]):
    assert sorted(english - set(swedish_texts())) == []


def test_no_swedish_text_is_left_of_a_help_that_is_gone(english: set[str]):
    assert sorted(set(swedish_texts()) - english - set(_OF_TYPER.values()) - {"Usage: ", "Example: "}) == []


def test_a_swedish_text_keeps_the_options_and_the_braces_of_the_english_one():
    def kept(text: str) -> list[str]:
        return sorted(word.strip(".,;:'\"()”“") for word in text.split() if word.startswith("--") or "{}" in word)

    differing = {english for english, swedish in swedish_texts().items() if kept(english) != kept(swedish)}

    assert {text for text in differing if "{}" not in text} == set()
    assert [english for english, swedish in swedish_texts().items() if english.count("{}") != swedish.count("{}")] == []


@pytest.mark.parametrize(
    ("language", "expected", "absent"),
    [
        ("sv", ["Användning: ", "Dra ärenden ur en fryst ram", "[måste anges]", "Exempel: "], "Usage: "),
        ("en", ["Usage: ", "Draw cases from a frozen frame", "[required]", "Example: "], "Användning: "),
    ],
)
def test_a_command_tells_its_help_in_the_language_that_was_asked_for(language: str, expected: list[str], absent: str):
    shown = CliRunner().invoke(app, ["--lang", language, "draw", "make", "--help"], env={"COLUMNS": "200"})

    assert shown.exit_code == 0
    assert [words for words in expected if words not in shown.stdout] == []
    assert absent not in shown.stdout


def test_the_help_follows_the_option_then_the_setting_then_the_machine_and_is_swedish_else(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("STICKPROV_LANG", raising=False)
    assert language_asked(["--help"]) == "sv"

    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert language_asked(["--help"]) == "en"

    monkeypatch.setenv("STICKPROV_LANG", "sv")
    assert language_asked(["--help"]) == "sv"
    assert language_asked(["--lang", "en", "draw", "--help"]) == "en"
    assert language_asked(["--lang=en", "--help"]) == "en"
