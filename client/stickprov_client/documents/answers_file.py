"""A finding as a YAML or JSON file: answers, what became of each subunit, remark and comment.

What is left empty is not answered. The template that is written here reads as a finding without answers.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.model_faults import Place
from stickprov_client.documents.yaml_document import Document, read_document
from stickprov_client.language.questionnaires import in_language, question_type
from stickprov_client.language.translations import Language
from stickprov_contracts.http.findings import RecordFinding, Review
from stickprov_contracts.questionnaires import (
    FIXED_ANSWERS,
    NON_RESPONSE,
    OVER_COVERAGE,
    Option,
    Question,
    Questionnaire,
)

_NO_ANSWER: Final = "write yes, no, an option's id, a number, a date or a text"


def read_answers(file: Path) -> RecordFinding:
    """Read a finding. Only the fields that the file has are set.

    Raises:
        BadFile: it cannot be read, or has errors; all of them are named, each with its line and field.
    """
    document = read_document(file)
    content = document.content
    if not isinstance(content, dict):
        raise BadFile(document.name, [FileFault("write fields here: answers, subunits, remark, comment.", 1)])
    faults: list[FileFault] = []
    finding = {name: value for name, value in content.items() if value is not None}
    if "answers" in finding:
        finding["answers"] = _answers(document, ("answers",), finding["answers"], faults)
    if isinstance(finding.get("subunits"), list):
        finding["subunits"] = [
            _subunit(document, ("subunits", place), one, faults) for place, one in enumerate(finding["subunits"])
        ]
    if faults:
        raise BadFile(document.name, faults)
    return document.checked(RecordFinding, finding)


def _subunit(document: Document, place: Place, given: object, faults: list[FileFault]) -> object:
    if not isinstance(given, dict):
        return given
    told = {name: value for name, value in given.items() if value is not None}
    if isinstance(told.get("subunit"), int | float) and not isinstance(told["subunit"], bool):
        told["subunit"] = str(told["subunit"])
    if "answers" in told:
        told["answers"] = _answers(document, (*place, "answers"), told["answers"], faults)
    return told


def _answers(document: Document, place: Place, given: object, faults: list[FileFault]) -> object:
    """Return answers as the service takes them, without those that are empty."""
    if not isinstance(given, Mapping):
        return given
    answers: dict[str, object] = {}
    for question, value in given.items():
        here = (*place, str(question))
        match value:
            case None:
                continue
            case bool() | dict():
                faults.append(document.fault(here, _NO_ANSWER))
            case float():
                answers[str(question)] = Decimal(repr(value))
            case list():
                answers[str(question)] = [str(one) for one in value]
            case _:
                answers[str(question)] = value
    return answers


def template_of(review: Review, language: Language) -> str:
    """Return a file to fill in: every question with its text and its possible answers beside it."""
    content = review.content
    lines = [f"# stickprov submit {review.draw}/{review.control_point}/{review.case} --answers FILE"]
    asked = [question for question in content.questions if question.derived is None] if content else []
    own = [question for question in asked if question.level == "case"]
    if content is None or content.remark == "asked":
        ids = ", ".join(category.id for category in review.point_categories)
        lines += ["remark:  # true / false", f"categories: []  # {ids}"]
    lines += ["comment:", *(["answers:"] if own else []), *_blank(own, "  ", language)]
    if content is not None and any(question.level == "subunit" for question in content.questions):
        lines += ["subunits:"]
        for subunit in review.subunits:
            lines += [f"  - subunit: {json.dumps(subunit, ensure_ascii=False)}", *_marks(content), "    answers:"]
            lines += _blank([question for question in asked if question.level == "subunit"], "      ", language)
    return "\n".join(lines) + "\n"


def _blank(questions: list[Question], indent: str, language: Language) -> Iterator[str]:
    for question in questions:
        possible = (*FIXED_ANSWERS.get(question.type, ()), *(option.id for option in question.options))
        how = " / ".join(possible) or question_type(question.type, language)
        if question.type == "many_of":
            how = f"[{', '.join(possible)}]"
        when = (
            f"; {question.applies_if.question} = {' / '.join(question.applies_if.answers)}"
            if question.applies_if
            else ""
        )
        text = " ".join(in_language(question, language).split())
        yield f"{indent}{question.id}:  # {text} ({how}{when})"


def _marks(content: Questionnaire) -> Iterator[str]:
    yield "    outcome: reviewed  # reviewed / over-coverage / non-response"
    over, non = _ids(content.over_coverage or OVER_COVERAGE), _ids(content.non_response or NON_RESPONSE)
    yield f"    reason:  # over-coverage: {over}; non-response: {non}"


def _ids(options: list[Option] | tuple[Option, ...]) -> str:
    return " / ".join(option.id for option in options)
