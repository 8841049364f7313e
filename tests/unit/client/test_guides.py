"""What the guides name is there: every command with its options, every page under the name that the page has."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from babel.messages.pofile import read_po

import stickprov_client
from stickprov_client.bundle.verifying import command as verifier
from stickprov_client.cli.main import app

GUIDES = Path(__file__).parents[3] / "docs" / "guide"
CATALOGUE = Path(stickprov_client.__file__).parent / "language" / "sv.po"
PROGRAM = "stickprov "
STANDING_FOR = dict.fromkeys(("URVAL", "GALLRING"), "0192aa00-0000-7000-8000-000000000001")
"""What a reader puts in the place of a word in capitals."""


def commands(guide: Path) -> list[str]:
    return [code for code in re.findall(r"`([^`\n]+)`", guide.read_text(encoding="utf-8")) if code.startswith(PROGRAM)]


def every_command() -> list[tuple[str, str]]:
    return [(guide.name, one) for guide in sorted(GUIDES.glob("*.md")) for one in commands(guide)]


def shown_texts() -> set[str]:
    with CATALOGUE.open("rb") as file:
        return {message.string for message in read_po(file, locale="sv") if isinstance(message.string, str)}


def test_the_auditors_guide_names_commands():
    assert len(commands(GUIDES / "revisor.md")) >= 10


@pytest.mark.parametrize(("guide", "written"), every_command())
def test_every_command_that_a_guide_shows_can_be_given_like_that(guide, written):
    words = [STANDING_FOR.get(word, word) for word in shlex.split(written.removeprefix(PROGRAM))]
    found = typer.main.get_command(app)
    # By name and not by type: typer's groups are of a click of its own.
    while hasattr(found, "commands") and words and words[0] in found.commands:
        found = found.commands[words.pop(0)]

    found.make_context("stickprov", words, resilient_parsing=False)


def test_every_page_that_the_auditors_guide_names_has_that_name():
    rows = re.findall(r"^\| [^|]+\? \| ([^|]+) \|", (GUIDES / "revisor.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {part.strip() for row in rows for part in row.split("›")}

    assert len(named) > 8
    assert named - shown_texts() == set()


def test_the_verifier_takes_the_options_that_the_guide_gives_it():
    text = (GUIDES / "revisor.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^python3 verify\.py (.+)$", text, re.MULTILINE)
    known = Path(verifier.__file__).read_text(encoding="utf-8")

    for option in re.findall(r"--\w+", line):
        assert f'"{option}"' in known
