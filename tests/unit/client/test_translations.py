"""Every text that is shown has a Swedish translation with the same fields in it, and no translation is left over."""

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

import stickprov_client
from stickprov_client.language.translations import language_named, texts

PACKAGE = Path(stickprov_client.__file__).parent
CALLS = {"say", "_say", "gettext", "ngettext", "marked"}
FIELD = re.compile(r"\{\w+\}|%\(\w+\)s")


def texts_in_code() -> set[str]:
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
                found |= {part.value for part in node.args[:1] if isinstance(part, ast.Constant)}
    return found


def texts_in_templates() -> set[str]:
    templates = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - parsed only
    found = set()
    for file in (PACKAGE / "web" / "templates").rglob("*.html"):
        for _line, _call, message in extract_from_ast(templates.parse(file.read_text(encoding="utf-8"))):
            parts = (message,) if isinstance(message, str) else message or ()
            found |= {part for part in parts[:1] if part}
    return found


def catalogue() -> Catalog:
    with files("stickprov_client.language").joinpath("sv.po").open("rb") as file:
        return read_po(file, locale="sv")


def translated() -> dict[str, str]:
    pairs = {}
    for message in catalogue():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        if message.id and all(strings):
            pairs |= {ids[0]: " ".join(strings)}
    return pairs


def test_texts_are_found_in_code_and_in_templates():
    assert "Sampling fraction" in texts_in_code()
    assert "By month" in texts_in_templates()


def test_every_text_has_a_swedish_translation():
    missing = (texts_in_code() | texts_in_templates()) - set(translated())

    assert missing == set()


def test_no_translation_is_left_over():
    unused = set(translated()) - texts_in_code() - texts_in_templates()

    assert unused == set()


@pytest.mark.parametrize(("english", "swedish"), sorted(translated().items()))
def test_a_translation_keeps_the_fields_of_its_text(english, swedish):
    assert set(FIELD.findall(swedish)) == set(FIELD.findall(english))


def test_a_percent_sign_in_a_template_is_written_twice():
    # The templates' texts are formats, with or without fields.
    single = [text for text in texts_in_templates() if "%" in re.sub(r"%\(\w+\)s|%%", "", text)]

    assert single == []


def test_no_translation_is_marked_as_uncertain():
    assert [message.id for message in catalogue() if message.fuzzy and message.id] == []


def test_swedish_is_compiled_in_memory_and_english_is_the_text_itself():
    assert texts("sv").gettext("Sampling fraction") == "Urvalsfraktion"
    assert texts("en").gettext("Sampling fraction") == "Sampling fraction"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sv", "sv"),
        ("sv_SE.UTF-8", "sv"),
        ("en-GB", "en"),
        ("C.UTF-8", None),
        ("", None),
        (None, None),
        ("svenska", None),
    ],
)
def test_a_language_is_read_from_what_the_environment_says(text, language):
    assert language_named(text) == language
