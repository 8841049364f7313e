"""How every service says no: RFC 9457 problem details with a stable code and, where there is one, the field."""

from pydantic import BaseModel, ConfigDict

CONTENT_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field, column, row or option, and what to do about it.

    Attributes:
        field: name of the field, column or option, dotted for nested ones.
        code: stable, kebab-case; clients translate by it.
        message: English sentence that says what is wrong and what to do.
        row: row number in an uploaded file, header is row 1, if the problem is in a row.
    """

    model_config = ConfigDict(frozen=True)

    field: str
    code: str
    message: str
    row: int | None = None


class Problem(BaseModel):
    """RFC 9457 problem details.

    Attributes:
        type: ``urn:stickprov:problem:<code>``.
        title: the situation in a few words, the same for every occurrence of the code.
        status: HTTP status.
        detail: this occurrence, and what to do.
        code: stable, kebab-case.
        errors: per-field problems, empty when the whole request is at fault.
        current_version: the stream's version, when the problem is that it moved on.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    current_version: int | None = None
