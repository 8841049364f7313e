"""Forms of pages: what was typed, what is wrong with it, and nothing of it lost.

A route reads its form with ``await read_form(request)``; its template writes it with the macros of ``forms.html``. A
form that is shown again keeps its values, has each fault beside its field and all of them, as links, on top.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID, uuid4

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from stickprov_contracts.problems import FieldProblem, Problem

TOKEN: Final = "form-token"  # noqa: S105 - the field's name
COMMAND: Final = "command-id"
_MOST_FIELDS: Final = 5000
"""As many as a draft of a review may have: a case with many subunits."""
_MOST_FILES: Final = 10
_OURS: Final = frozenset({TOKEN, COMMAND})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        field: name of the form's field; empty when the whole is at fault.
        message: what to do, in the reader's language.
    """

    field: str
    message: str


@dataclass(frozen=True)
class Form:
    """A form as it was typed, or as it begins.

    Attributes:
        values: by field, in order; a field may have several.
        files: by field; only those where one was chosen.
        command: id of the command that the form sends; pressing twice sends the same.
        faults: in the order of the fields.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    command: UUID = field(default_factory=uuid4)
    faults: tuple[Fault, ...] = ()

    def value(self, name: str, otherwise: str = "") -> str:
        """Return what stands in a field, without blanks around it."""
        return (self.values.get(name) or (otherwise,))[0].strip()

    def optional(self, name: str) -> str | None:
        """Return what stands in a field; None when nothing does."""
        return self.value(name) or None

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may have several."""
        return self.values.get(name, ())

    def has_any(self, names: Iterable[str]) -> bool:
        """Tell whether anything stands in one of the fields."""
        return any(self.value(name) for name in names)

    def fault(self, name: str) -> str | None:
        """Return what is wrong with a field; several faults in one text."""
        return " ".join(fault.message for fault in self.faults if fault.field == name) or None

    def told_at(self, name: str) -> tuple[str, ...]:
        """Return each thing that is wrong with a field."""
        return tuple(fault.message for fault in self.faults if fault.field == name)

    def with_faults(self, faults: Iterable[Fault]) -> "Form":
        """Return the form to be shown again. It will be another command: what was refused has not happened."""
        return replace(self, faults=(*self.faults, *faults), command=uuid4())

    def refused(self, problem: Problem, fields: Mapping[str, str] | None = None) -> "Form":
        """Return the form with what a service found wrong.

        Args:
            problem: of the service; its errors name the API's fields.
            fields: the form's field for each of the API's that has another name here.
        """
        return self.with_faults(faults_of(problem.errors, fields) or [Fault("", problem.detail)])

    def invalid(self, error: ValidationError, message: str) -> "Form":
        """Return the form with each field that a contract's model did not accept, all with the same message."""
        return self.with_faults(Fault(str(one["loc"][0]) if one["loc"] else "", message) for one in error.errors())


def faults_of(errors: Iterable[FieldProblem], fields: Mapping[str, str] | None = None) -> list[Fault]:
    """Turn a service's field problems into a form's faults; a row is named in the message."""
    names = fields or {}
    return [
        Fault(_form_field(error.field, names), f"{error.row}: {error.message}" if _needs_row(error) else error.message)
        for error in errors
    ]


async def form_data(request: Request) -> FormData:
    """Read the body once; files larger than a mebibyte lie on the disk meanwhile."""
    if not hasattr(request.state, "form"):
        request.state.form = await request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES)
    data = request.state.form
    return data if isinstance(data, FormData) else FormData()


def was_read(request: Request) -> bool:
    """Tell whether a form came with the request and its body was read."""
    return hasattr(request.state, "form")


async def read_form(request: Request) -> Form:
    """Return what was typed; a command id that is none is replaced."""
    return _typed(await form_data(request))


def typed_before(request: Request) -> Form:
    """Return what was typed into a form whose body was read already; an empty form when none was."""
    return _typed(request.state.form) if was_read(request) else Form()


def _typed(data: FormData) -> Form:
    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), value)
        elif value.filename:
            files[name] = value
    command = values.get(COMMAND, ("",))[0]
    typed = {name: value for name, value in values.items() if name not in _OURS}
    return Form(values=typed, files=files, command=_uuid(command))


def _form_field(field_name: str, names: Mapping[str, str]) -> str:
    whole = field_name.removeprefix("body.")
    first = whole.split(".")[0].split("[")[0]
    return names.get(whole) or names.get(first) or first


def _needs_row(error: FieldProblem) -> bool:
    return error.row is not None and str(error.row) not in error.message


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
