"""What is wrong with a row of a register file, in words that say what to do.

The messages hold values of the register: they are for the coordinator who sent the file, never for a log line.
"""

from collections.abc import Sequence
from typing import Final

from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.frame.columns import ColumnPlan

_SHOWN_CHARACTERS: Final = 60

_REASONS: Final = {
    "missing-value": "the value is missing. Fill it in, or remove the row.",
    "float-id": "{value} is a rounded number. Export the column as text, so that every digit survives.",
    "repeated-id": "{value} stands in row {first_row} already. A unit may stand once in a frame.",
    "no-date": "{value} is not a date. Write YYYY-MM-DD or YYYY-MM.",
    "outside-period": "{value} is outside the period. Remove the row, or choose the period it belongs to.",
    "no-count": "{value} is not a count. Write a whole number from 0 to 999.",
    "number-form": (
        "{value} is not a personal number. Write 10 or 12 digits, with - or + or nothing before the last four; "
        "a leading zero may have been lost."
    ),
    "number-century": "{value} begins with no century of a living person: 18, 19 or 20.",
    "number-day": "{value} has a date of birth that does not exist.",
    "number-late": "{value} is born after the extract's date. Write all twelve digits, or correct the extract's date.",
    "number-sign": "{value} has a +, which stands for a hundred years or more at the extract's date; it is younger.",
    "number-check": "{value} has a wrong check digit, so at least one digit is mistyped.",
    "repeated-subunit": "{value} names a subunit twice for the same unit.",
    "too-many-subunits": "a unit can have 999 subunits at most.",
    "no-protection": (
        "what stands here does not say whether the identity is protected. Write ja, nej, or the marking "
        "itself, such as sekretessmarkering, or leave the cell empty."
    ),
    "unknown-unit": "no unit of the register has the id {value}.",
}


def unreadable_row(row: int, reason: str, columns: int) -> FieldProblem:
    """Return the problem of a row that does not fit the header; ``reason`` is DuckDB's name for it."""
    match reason:
        case "MISSING COLUMNS":
            code, message = "too-few-values", f"Row {row} has fewer values than the header's {columns}. Complete it."
        case "TOO MANY COLUMNS":
            code = "too-many-values"
            message = f"Row {row} has more values than the header's {columns}. Quote a value that holds the delimiter."
        case "UNQUOTED VALUE":
            code = "quote-open"
            message = (
                f"Row {row} has a quotation mark that is not closed, or text after one that is. Correct the quotes."
            )
        case _:
            code, message = "row-unreadable", f"Row {row} cannot be read ({reason.lower()}). Correct it."
    return FieldProblem(field="file", code=code, message=message, row=row)


def unusable_value(plan: ColumnPlan, row: int, role: str, code: str, value: str, first_row: int | None) -> FieldProblem:
    """Return the problem of one value; ``role`` says what its column is for and ``code`` what is wrong."""
    role = "subunit_ids" if role == "subunits" and plan.subunits is None else role
    return _of_value(plan.header[getattr(plan, role)], row, code, value or "", first_row)


def unusable_subunit(header: Sequence[str], row: int, place: int, code: str, value: str) -> FieldProblem:
    """Return the problem of one value in the subunits' own file."""
    problem = _of_value(header[place], row, code, value, None)
    return problem.model_copy(update={"message": f"In the subunits' file: {problem.message}"})


def _of_value(column: str, row: int, code: str, value: str, first_row: int | None) -> FieldProblem:
    shown = value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "…"
    return FieldProblem(field=column, code=code, message=_message(row, column, code, shown, first_row), row=row)


def _message(row: int, column: str, code: str, value: str, first_row: int | None) -> str:
    reason = _REASONS.get(code, _REASONS["no-count"])
    return f"Row {row}, column “{column}”: {reason.format(value=f'“{value}”', first_row=first_row)}"
