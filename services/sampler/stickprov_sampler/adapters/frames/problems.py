"""What is wrong with a row of a register file, in words that say what to do.

The messages hold values of the register: they are for the coordinator who sent the file, never for a log line.
"""

from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.frame.columns import ColumnPlan

_SHOWN_CHARACTERS = 60


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
    column = plan.header[getattr(plan, role)]
    shown = value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "…"
    return FieldProblem(field=column, code=code, message=_message(row, column, code, shown, first_row), row=row)


def _message(row: int, column: str, code: str, value: str, first_row: int | None) -> str:
    at = f"Row {row}, column “{column}”:"
    match code:
        case "missing-value":
            return f"{at} the value is missing. Fill it in, or remove the row."
        case "float-id":
            return f"{at} “{value}” is a rounded number. Export the column as text, so that every digit survives."
        case "repeated-id":
            return f"{at} “{value}” stands in row {first_row} already. A unit may stand once in a frame."
        case "no-date":
            return f"{at} “{value}” is not a date. Write YYYY-MM-DD or YYYY-MM."
        case "outside-period":
            return f"{at} “{value}” is outside the period. Remove the row, or choose the period it belongs to."
        case _:
            return f"{at} “{value}” is not a count. Write a whole number from 0 to 999."
