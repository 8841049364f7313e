"""What the fields of a plan and its control points are called, and how their values read."""

from decimal import Decimal, InvalidOperation
from typing import Final

from stickprov_client.language.numbers import precise_percent
from stickprov_client.language.plan_wording import reviewer, schedule
from stickprov_client.language.translations import Language, marked, texts

_NAMES: Final = {
    "control_point": marked("Control point"),
    "control_points": marked("Control points"),
    "plan": marked("Plan"),
    "board": marked("Board"),
    "year": marked("Year"),
    "dnr": marked("Reference"),
    "title": marked("Title"),
    "risks": marked("Risks"),
    "risk": marked("Risk"),
    "number": marked("No."),
    "area": marked("Area"),
    "measure": marked("Measure"),
    "method": marked("Method"),
    "responsible": marked("Responsible"),
    "frequency": marked("Frequency"),
    "schedule": marked("Schedule"),
    "questionnaire": marked("Questionnaire"),
    "unit_name": marked("One case is called"),
    "subunit_name": marked("Counted inside it"),
    "tolerance": marked("Tolerance"),
    "reviewer_rule": marked("Reviewed by"),
    "reviewer_group": marked("Group"),
    "second_review_share": marked("Second review"),
    "file_review_questionnaire": marked("File review asks"),
    "categories": marked("Categories"),
}
_SHARES: Final = frozenset({"tolerance", "second_review_share"})


def field_name(field: str, language: Language) -> str:
    """Return what a field is called; a part of a list by the list's name and its own id."""
    whole, _, part = field.partition(".")
    return " ".join([texts(language).gettext(_NAMES.get(whole, whole)), *([part] if part else [])])


def field_value(text: str, field: str, language: Language) -> str:
    """Return a value that a history tells, as the pages write it elsewhere."""
    match field:
        case "reviewer_rule":
            return reviewer(text, language)
        case "schedule":
            return ", ".join(schedule(word, language) for word in text.split(", "))
        case _ if field in _SHARES:
            try:
                return precise_percent(Decimal(text), language)
            except InvalidOperation:
                return text
        case _:
            return text
