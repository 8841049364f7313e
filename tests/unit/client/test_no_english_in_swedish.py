"""What a command or a page refuses is told in Swedish all through: no English word is left over in a sentence."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core import _pydantic_core

import stickprov_client
from stickprov_client.documents.model_faults import fault_words, option_words
from stickprov_client.language.service_messages import told
from stickprov_contracts.http import findings, follow_ups, plans, sampler
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_contracts.wording import sentence

CLIENT = Path(stickprov_client.__file__).parent
RAISED = {"BadInput", "UnclearCase", "ValueError", "FileFault", "Unreachable", "MalformedAnswer"}
SAYS = [
    *(CLIENT / "cli").glob("*.py"),
    *(CLIENT / "language").glob("*.py"),
    CLIENT / "api" / "errors.py",
    CLIENT / "api" / "named_case.py",
]
ENGLISH = re.compile(
    r"\b(the|is|of|or|and|should|must|have|has|be|valid|input|write|give|this|with|there)\b", re.IGNORECASE
)
MODELS = [
    Questionnaire,
    *(
        model
        for module in (findings, follow_ups, plans, sampler)
        for _, model in inspect.getmembers(module, inspect.isclass)
        if issubclass(model, BaseModel) and model.__module__ == module.__name__
    ),
]
UNFIT: list[Any] = [
    None,
    "",
    "x" * 5000,
    "a b\x00",
    -1,
    10**9,
    0.123456789,
    [],
    ["", "a b"],
    [{}],
    {},
    {"x": 1},
    date.max,
]


def test_every_sentence_that_the_command_refuses_with_has_a_swedish_one():
    said = {place: text for file in SAYS for place, text in _sentences(file)}
    left = {place: text for place, text in said.items() if told(text, "sv") == text}

    assert len(said) > 20
    assert left == {}


@pytest.mark.parametrize("kind", _pydantic_core.list_all_errors(), ids=lambda kind: kind["type"])
def test_every_kind_of_unfit_value_is_told_in_swedish(kind):
    error = {"type": kind["type"], "msg": "Value error, This is taken. Choose another.", "loc": ("field",)}
    error["ctx"] = (kind.get("example_context") or {}) | {"expected": "'a', 'b' or 'c'", "pattern": "^x$"}
    own = {"value_error", "assertion_error"}

    for text in [option_words(error), fault_words(plans.AdoptPlan, error), sentence(error)]:
        assert kind["type"] in own or not ENGLISH.search(told(text, "sv")), told(text, "sv")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_whatever_is_typed_into_a_field_the_fault_is_told_in_swedish(model):
    for error in _errors(model):
        for text in [option_words(error), fault_words(model, error), sentence(error)]:
            assert not ENGLISH.search(told(text, "sv")), (error["loc"], told(text, "sv"))


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        (
            "write one of followed, partly-followed, not-followed.",
            "skriv något av followed, partly-followed, not-followed.",
        ),
        ("write a share, such as 5% or 0.05.", "skriv en andel, till exempel 5 % eller 0,05."),
        (
            "This needs one of the roles: coordinator, reviewer.",
            "Det här kräver någon av rollerna samordnare, granskare.",
        ),
        ("0 events wait for a position", "0 händelser väntar på en plats"),
        ("there is no such field; did you mean reviewer_rule?", "fältet finns inte; menade du reviewer_rule?"),
    ],
)
def test_what_a_newcomer_met_is_swedish(english, swedish):
    assert told(english, "sv") == swedish


def _errors(model: type[BaseModel]) -> Iterator[Any]:
    """Yield pydantic's errors for unfit values in every field of a model."""
    for value in UNFIT:
        for name in [*model.model_fields, "unknown"]:
            try:
                model.model_validate({name: value})
            except ValidationError as error:
                yield from error.errors()


def _sentences(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args:
            yield from ((f"{file.name}:{node.lineno}", text) for text in _texts(node.args[0]))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message":
            yield from ((f"{file.name}:{node.lineno}", text) for text in _texts(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "__init__" and file.stem == "errors":
            yield from ((f"{file.name}:{node.lineno}", text) for text in _texts(node.args[0]))


def _texts(node: ast.AST) -> list[str]:
    """Return a text as it may turn out; 7 stands for what is not known."""
    match node:
        case ast.Constant(value=str() as text) if text:
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)]
        case _:
            return []
