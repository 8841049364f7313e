"""What services say is told in Swedish with the same rows, columns and values; none of their sentences is forgotten."""

import ast
import re
from itertools import product
from pathlib import Path

import pytest

import stickprov_client
from stickprov_client.language.service_messages import message_ids, told

ROOT = Path(stickprov_client.__file__).parents[2]
SAID_BY = [
    "kernel/stickprov_kernel/period.py",
    "kernel/stickprov_kernel/log/auditing.py",
    "kernel/stickprov_kernel/log/checkpoint_routes.py",
    "kernel/stickprov_kernel/log/checkpointing.py",
    "kernel/stickprov_kernel/log/checkpoints.py",
    "kernel/stickprov_kernel/log/nodes.py",
    "kernel/stickprov_kernel/log/row_differences.py",
    "kernel/stickprov_kernel/log/signatures.py",
    "kernel/stickprov_kernel/log/verifying.py",
    "services/sampler/stickprov_sampler/domain",
    "services/sampler/stickprov_sampler/adapters/frames",
    "services/sampler/stickprov_sampler/adapters/plans",
    "services/sampler/stickprov_sampler/adapters/measures",
    "services/sampler/stickprov_sampler/adapters/identities",
    "services/sampler/stickprov_sampler/adapters/notices",
    "services/findings/stickprov_findings/domain/assignment",
    "services/findings/stickprov_findings/domain/follow_up",
    "services/findings/stickprov_findings/domain/imports",
    "services/findings/stickprov_findings/domain/questionnaire",
    "services/findings/stickprov_findings/domain/review",
    "services/findings/stickprov_findings/adapters/follow_ups.py",
    "services/findings/stickprov_findings/adapters/importing.py",
    "services/reporting/stickprov_reporting/adapters/http",
    "services/reporting/stickprov_reporting/adapters/reports",
    "client/stickprov_client/checking",
    "client/stickprov_client/documents",
]
NOT_FOR_PEOPLE = {"verification", "differences", "preview", "statements", "writing", "measuring", "settings"}
"""What differs in a tampered log, warnings told by their code, and what no caller is told."""
NOTES_AND_PROOFS = ["bundle/verifying/notes.py", "bundle/verifying/tree.py", "documents/proof_file.py"]
NUMBERS_IN_NOTES = ["a checkpoint's size", "a handover's size", "the index of a proof", "the old size of a proof"]
BASE64_IN_NOTES = [
    "a checkpoint's root",
    "the key of a verifier key",
    "the signature of x",
    "the event of a proof",
    "a hash of the proof",
]
SENTENCE = re.compile(r"^[^\n]{12,}[.?]$")
FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        (
            "Row 12, column “Datum”: “2021-13-01” is not a date. Write YYYY-MM-DD or YYYY-MM.",
            "Rad 12, kolumn ”Datum”: ”2021-13-01” är inget datum. Skriv ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM.",
        ),
        (
            "“Norr” has 11 units, fewer than 12. Ask for at most 11 there.",
            "”Norr” har 11 enheter, färre än 12. Begär högst 11 där.",
        ),
        ("Choose one of yes, no.", "Välj något av ja, nej."),
        ("Choose one of yes, no, na, plan.", "Välj något av ja, nej, na, plan."),
        (
            "Filter, position 5: column “Ålder” holds text, expected a number to compare with.",
            "Filtret, tecken 5: kolumnen ”Ålder” innehåller text, men det ska jämföras med ett tal.",
        ),
        (
            (
                "In rule, position 1: there is no column “Legitim”. Choose among “month”, “unit”; a name with spaces "
                "stands in double quotes."
            ),
            (
                "I villkoret, tecken 1: det finns ingen kolumn ”Legitim”. Välj bland ”month”, ”unit”; ett namn med "
                "blanksteg ska stå inom dubbla citattecken."
            ),
        ),
        (
            (
                "“2021-Q5” has quarter 5, and a year has 4. Write 2021-03 (month), 2021-Q1 (quarter), 2021-T1 "
                "(tertial), 2021 (year) or 2021-01-01/2021-04-01 (end excluded)."
            ),
            (
                "”2021-Q5” har kvartal 5, och ett år har 4. Skriv 2021-03 (månad), 2021-Q1 (kvartal), 2021-T1 "
                "(tertial), 2021 (år) eller 2021-01-01/2021-04-01 (slutdagen räknas inte med)."
            ),
        ),
    ],
)
def test_a_sentence_is_told_with_its_values(english, swedish):
    assert told(english, "sv") == swedish
    assert told(english, "en") == english


def test_an_unknown_sentence_stays_as_it_is():
    assert told("Something new has happened.", "sv") == "Something new has happened."


def test_a_value_that_looks_like_a_field_is_carried_over_as_it_is():
    english = "“{size}” has 11 units, fewer than 12. Ask for at most 11 there."

    assert told(english, "sv") == "”{size}” har 11 enheter, färre än 12. Begär högst 11 där."


def test_every_translation_has_the_fields_of_its_sentence():
    for english in message_ids():
        assert set(FIELD.findall(told(english, "sv"))) <= set(FIELD.findall(english)), english


def test_no_sentence_of_the_services_is_forgotten():
    forgotten = {place: said for place, said in sentences() if told(said, "sv") == said}

    assert forgotten == {}


def test_no_fault_of_a_note_or_a_proof_is_forgotten():
    faults = {said for file in NOTES_AND_PROOFS for said in _faults(ROOT / "client/stickprov_client" / file)}
    faults |= {f"{what} is not a whole number" for what in NUMBERS_IN_NOTES} | {"a checkpoint's root is not 32 bytes"}
    faults |= {f"{what} is not base64" for what in BASE64_IN_NOTES}
    faults |= {f"{what} is not written as base64 should be" for what in BASE64_IN_NOTES}

    forgotten = {said for said in faults if told(f"{said}.", "sv") == f"{said}."}

    assert len(faults) > 20
    assert forgotten == set()


def _faults(file: Path) -> list[str]:
    raised = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Raise)]
    texts = [text for node in raised for text in _texts(node.exc.args[0])]
    return [text for text in texts if not text.startswith("7 is not ")]


def sentences() -> list[tuple[str, str]]:
    """Return what the code says to who asked, each place with a sentence whose fields are filled in."""
    found = []
    for folder in SAID_BY:
        for file in _files(ROOT / folder):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found += [(f"{file.name}:{node.lineno}", said) for node, said in _said(tree) if _is_for_people(said, file)]
    return found


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _is_for_people(said: str, file: Path) -> bool:
    return bool(SENTENCE.match(said)) and " " in said and file.stem not in NOT_FOR_PEOPLE


def _said(tree: ast.Module) -> list[tuple[ast.AST, str]]:
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in ast.walk(node) if part is not node}
    return [(node, text) for node in ast.walk(tree) if id(node) not in silent for text in _texts(node)]


def _texts(node: ast.AST) -> list[str]:
    """Return a text as it may turn out; 7 stands for what is not known."""
    match node:
        case ast.Constant(value=str() as text):
            return [text.replace("{value}", "“7”").replace("{first_row}", "7")]
        case ast.JoinedStr(values=parts):
            return ["".join(chosen) for chosen in product(*(_texts(part) for part in parts))]
        case ast.FormattedValue(value=ast.IfExp(body=one, orelse=other)):
            return _texts(one) + _texts(other)
        case ast.FormattedValue():
            return ["7"]
        case _:
            return []
