"""From what was typed into a form to a command, and back to the form with what is wrong."""

from collections.abc import Awaitable, Iterable
from http import HTTPStatus
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from stickprov_client.api import ApiProblem
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.forms import Fault, Form

M = TypeVar("M", bound=BaseModel)
Answer = TypeVar("Answer")

VERSION: Final = "version"
"""The form's field with the version that whoever fills it in has seen."""
_REFUSALS: Final = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.PRECONDITION_REQUIRED,
    }
)


def version_in(form: Form) -> int | None:
    """Return the version that the form was opened with."""
    seen = form.value(VERSION)
    return int(seen) if seen.isdigit() else None


def request_of(model: type[M], form: Form, names: Iterable[str], language: Language) -> tuple[M | None, Form]:
    """Return the request that a form asks for; without one, the form says what is wrong with it.

    Args:
        model: of the request; a field that nothing was typed into is left out.
        form: as it was sent.
        names: its fields, named as the request's.
        language: of the faults.
    """
    content = {name: value for name in names if (value := form.optional(name)) is not None}
    try:
        return model.model_validate(content), form
    except ValidationError as error:
        say = texts(language).gettext
        missing = say("This has to be filled in.")
        wrong = say("This is too long or cannot be read. Correct it.")
        return None, form.with_faults(
            Fault(str(one["loc"][0]) if one["loc"] else "", missing if one["type"] == "missing" else wrong)
            for one in error.errors()
        )


async def sent(command: Awaitable[Answer], form: Form, *, overtaken: str = "") -> tuple[Answer | None, Form]:
    """Give a command; without an answer, the form says why it was refused.

    Args:
        command: the call.
        form: what it was made of.
        overtaken: what to say when somebody else was first; the form has their version then, so that it can be sent
            again by somebody who has been told.

    Raises:
        ApiProblem: it failed in a way that no form can mend.
    """
    try:
        return await command, form
    except ApiProblem as error:
        problem = error.problem
        if problem.status == HTTPStatus.PRECONDITION_FAILED and overtaken:
            values = {**form.values, VERSION: (str(problem.current_version or ""),)}
            return None, Form(values=values).with_faults([Fault("", overtaken)])
        if problem.status not in _REFUSALS:
            raise
        return None, form.refused(problem)


def status_of(form: Form) -> HTTPStatus:
    """Return the HTTP status of a page with this form."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK


def begun(model: BaseModel, names: Iterable[str], **more: object) -> Form:
    """Return the form with what a thing says now."""
    values = {name: getattr(model, name) for name in names} | more
    return Form(values={name: (str(value),) for name, value in values.items() if value is not None})
