"""The security pages claim nothing that is not there: each file, test and command that they name exists."""

import ast
import re
from pathlib import Path

import pytest
import typer

from stickprov_client.cli.main import app

REPOSITORY = Path(__file__).parents[3]
SECURITY = REPOSITORY / "docs" / "security"
PAGES = [*sorted(SECURITY.glob("*.md")), REPOSITORY / "docs" / "runbook" / "incident.md", REPOSITORY / "SECURITY.md"]
NAMED = re.compile(r"`((?:kernel|services|client|contracts|tests|deploy)/[\w./-]+|requirements\.lock)(?:::(\w+))?`")
COMMAND = re.compile(r"`(?:stickprov )?((?:erase|audit|stickprov|draw|report|show|correct)\b[^`]*)`")
TABLE = re.compile(r"^\| ([STRIDE]) \| ", re.MULTILINE)


def named(page):
    """Return the files a page names, each with the test in it, or ""."""
    return sorted(set(NAMED.findall(page.read_text(encoding="utf-8"))))


def functions_of(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def words_of(command):
    """Return a command's words before its first option, value or placeholder."""
    words = []
    for word in command.removeprefix("stickprov ").split():
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        words.append(word)
    return words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_test_that_a_security_page_names_is_there(page):
    missing = [
        f"{path}::{test}" if test else path
        for path, test in named(page)
        if not (REPOSITORY / path).exists() or (test and test not in functions_of(REPOSITORY / path))
    ]

    assert missing == []


def test_every_threat_has_its_place_in_the_code_and_a_test():
    text = (SECURITY / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if TABLE.match(line)]
    bare = [row for row in rows if len(row.split(" | ")) != 5 or "`tests/" not in row.split(" | ")[4]]

    assert len(rows) > 40
    assert bare == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_security_page_names_is_one(page):
    root = typer.main.get_command(app)
    unknown = []
    for command in COMMAND.findall(page.read_text(encoding="utf-8")):
        at = root
        for word in words_of(command):
            inside = getattr(at, "commands", None)
            if inside is None:
                break
            if word not in inside:
                unknown.append(command)
                break
            at = inside[word]

    assert unknown == []
