"""One report in any of its formats.

A format's module is loaded when it is first asked for: what makes PDF and DOCX is large, and a service that nobody asks
for a report starts and lives without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final, cast

from stickprov_contracts.http.reports import Report, ReportFormat
from stickprov_reporting.domain.reports.printing import Printed, file_name, printed

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES: Final[Mapping[ReportFormat, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
_MODULES: Final[Mapping[ReportFormat, str]] = {
    "html": "html",
    "pdf": "pdf",
    "docx": "word",
    "xlsx": "spreadsheet",
    "csv": "separated",
}


@dataclass(frozen=True, slots=True)
class File:
    """A rendered report."""

    name: str
    media_type: str
    content: bytes


def rendered(report: Report, wanted: ReportFormat) -> File:
    """Return a report as a file."""
    content = report.model_dump_json().encode() if wanted == "json" else _renderer(wanted)(printed(report))
    return File(file_name(report, wanted), MEDIA_TYPES[wanted], content)


def _renderer(wanted: ReportFormat) -> Callable[[Printed], bytes]:
    module = import_module(f"{__package__}.{_MODULES[wanted]}")
    return cast("Callable[[Printed], bytes]", getattr(module, f"as_{wanted}"))
