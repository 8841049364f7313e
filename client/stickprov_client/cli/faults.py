"""Faults that a service names, a line each."""

from collections.abc import Iterable

from rich.markup import escape

from stickprov_client.documents.faults import BadFile
from stickprov_client.language.file_places import place_told
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import Language
from stickprov_contracts.problems import FieldProblem


def fault_lines(faults: Iterable[FieldProblem], language: Language) -> list[str]:
    """Return the lines; a fault that names its row by itself is not headed by row and field once more."""
    return [_line(fault, language) for fault in faults]


def file_text(bad: BadFile, language: Language) -> str:
    """Return what is wrong with a file, a line for each place."""
    if language == "en":
        return str(bad)
    return "\n".join(f"{bad.name}: {place_told(fault, language)}" for fault in bad.faults)


def _line(fault: FieldProblem, language: Language) -> str:
    message = escape(told(fault.message, language))
    if fault.row is not None and str(fault.row) in fault.message:
        return f"  {message}"
    return f"  [bold]{escape(fault.field)}[/]: {message}"
