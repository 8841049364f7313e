"""What the findings service found wrong with a form, in the reader's language and beside the form's fields."""

import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from stickprov_client.language.answer_problems import message_of
from stickprov_client.language.problems import title_of
from stickprov_client.language.translations import Language
from stickprov_client.web.forms import Fault
from stickprov_client.web.reviewing.sheet import Sheet
from stickprov_contracts.problems import FieldProblem, Problem

_SUBUNIT_PART = re.compile(r"^(subunits\.\d+)\.(?:reason|subunit)$")


def faults_in(problem: Problem, sheet: Sheet, language: Language, fields: Mapping[str, str]) -> list[Fault]:
    """Return a service's problems as the form's faults, in the form's order.

    Args:
        problem: of the service.
        sheet: what the form asks.
        language: of the messages.
        fields: the form's field for each of the API's that has another name there.
    """
    if not problem.errors:
        return [Fault("", title_of(problem, language))]
    order = {name: place for place, name in enumerate(sheet.labels)}
    found = [Fault(_field(error, fields), message_of(error, language)) for error in problem.errors]
    return sorted(dict.fromkeys(found), key=lambda fault: order.get(fault.field, len(order)))


def unacceptable(error: ValidationError, language: Language, fields: Mapping[str, str]) -> list[Fault]:
    """Return what the contract itself does not take, such as a text that is too long."""
    return list(dict.fromkeys(_faults_of(error, language, fields)))


def _faults_of(error: ValidationError, language: Language, fields: Mapping[str, str]) -> Iterable[Fault]:
    for one in error.errors():
        place = ".".join(str(part) for part in one["loc"] if not str(part).startswith(("constrained-", "list[")))
        problem = FieldProblem(field=place, code=one["type"].replace("_", "-"), message=one["msg"])
        yield Fault(_field(problem, fields), message_of(problem, language))


def _field(problem: FieldProblem, fields: Mapping[str, str]) -> str:
    name = problem.field.removeprefix("body.")
    return fields.get(name) or _SUBUNIT_PART.sub(r"\1.outcome", name)
